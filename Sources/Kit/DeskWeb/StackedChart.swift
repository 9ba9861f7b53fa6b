/// A picture of one column per day, each of parts on top of each other, for `{{> chart}}`. Whatever it shows stands in
/// a table beside it too.
package struct StackedChart: Sendable {
    /// What a part is drawn in; the words stand in the legend.
    package enum Tone: String, Sendable {
        case good, accent, plain, warn, bad, faint
    }

    struct Bar: Sendable {
        let tone: String
        let x: String
        let y: String
        let height: String
    }

    struct Line: Sendable {
        let y: String
        let textY: String
        let text: String
    }

    struct Label: Sendable {
        let x: String
        let anchor: String
        let text: String
    }

    package let label: String
    let box: String
    let width: String
    let bars: [Bar]
    let lines: [Line]
    let labels: [Label]
    package let legend: [LegendEntry]

    private static let step = 8
    private static let top = 16
    private static let bottom = 176

    /// `columns` from the left, each a number per entry of the legend, lowest first; `names` are the columns' own, of
    /// which the first, the middle and the last are written. `scale` writes a number of the axis.
    package init(
        label: String,
        legend: [LegendEntry],
        columns: [[Int]],
        names: [String],
        scale: (Int) -> String
    ) {
        self.label = label
        self.legend = legend
        let width = max(1, columns.count) * Self.step
        let highest = Self.round(columns.map { $0.reduce(0, +) }.max() ?? 0)
        let height = { (value: Int) in
            value == 0 ? 0 : max(1, value * (Self.bottom - Self.top) / highest)
        }
        var bars: [Bar] = []
        for (place, column) in columns.enumerated() {
            var y = Self.bottom
            for (part, value) in zip(legend, column) where value > 0 {
                let tall = height(value)
                y -= tall
                bars.append(
                    Bar(tone: part.tone, x: "\(place * Self.step + 1)", y: "\(y)", height: "\(tall)")
                )
            }
        }
        self.bars = bars
        self.width = "\(width)"
        box = "0 0 \(width) \(Self.bottom + 20)"
        lines = [highest, highest / 2, 0].map { value in
            let y = Self.bottom - value * (Self.bottom - Self.top) / highest
            return Line(y: "\(y)", textY: "\(y - 4)", text: value == 0 ? "" : scale(value))
        }
        let shown = [(0, "start"), (names.count / 2, "middle"), (names.count - 1, "end")]
        labels = shown.filter { names.indices.contains($0.0) }.map { place, anchor in
            let x = anchor == "start" ? 0 : anchor == "end" ? width : place * Self.step
            return Label(x: "\(x)", anchor: anchor, text: names[place])
        }
    }

    /// The next number of the kind 2, 4, 10, 20, 40, 100: its half is whole.
    static func round(_ value: Int) -> Int {
        var power = 1
        while true {
            for factor in [2, 4, 10] where factor * power >= value { return factor * power }
            power *= 10
        }
    }
}

/// What one part of every column means.
package struct LegendEntry: Sendable {
    package let tone: String
    package let text: String

    package init(_ tone: StackedChart.Tone, _ text: String) {
        self.tone = tone.rawValue
        self.text = text
    }
}
