/// Lower case with base letter and accent joined (NFC) for the European alphabets; other scripts stay as they came.
func composedLowercase(_ text: String) -> String {
    String(text.lowercased().map { composed[$0] ?? $0 })
}

/// `Character` compares by canonical equivalence, so a letter followed by its accent finds the joined form.
private let composed: [Character: Character] = {
    let ranges: [ClosedRange<UInt32>] = [0xC0...0x24F, 0x370...0x52F, 0x1E00...0x1FFF]
    let scalars = ranges.joined().compactMap(Unicode.Scalar.init).filter { $0.properties.isAlphabetic }
    return Dictionary(scalars.map { (Character($0), Character($0)) }) { first, _ in first }
}()

/// RFC 3492: a label of a domain name in ASCII.
enum Punycode {
    /// The label itself when it is ASCII, else its `xn--` form. Quadratic in the label at worst; the e-mail limit of
    /// 320 scalars bounds it.
    static func label(_ label: String) -> String {
        guard !label.utf8.allSatisfy({ $0 < 0x80 }) else { return label }
        return "xn--" + encoded(label.unicodeScalars.map { Int($0.value) })
    }

    private static func encoded(_ points: [Int]) -> String {
        let basic = points.filter { $0 < 0x80 }
        var output = basic.map { UInt8($0) }
        if !basic.isEmpty { output.append(UInt8(ascii: "-")) }
        var next = 0x80
        var delta = 0
        var bias = 72
        var handled = basic.count
        while handled < points.count, let least = points.filter({ $0 >= next }).min() {
            delta += (least - next) * (handled + 1)
            next = least
            for point in points {
                if point < next { delta += 1 }
                guard point == next else { continue }
                output += variableLength(delta, bias)
                bias = adapted(delta, handled + 1, first: handled == basic.count)
                delta = 0
                handled += 1
            }
            delta += 1
            next += 1
        }
        return string(output)
    }

    private static func variableLength(_ delta: Int, _ bias: Int) -> [UInt8] {
        var output: [UInt8] = []
        var rest = delta
        var step = 36
        while true {
            let threshold = min(max(step - bias, 1), 26)
            guard rest >= threshold else { return output + [digit(rest)] }
            output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
            rest = (rest - threshold) / (36 - threshold)
            step += 36
        }
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? value + 97 : value + 22)
    }

    private static func adapted(_ delta: Int, _ count: Int, first: Bool) -> Int {
        var rest = first ? delta / 700 : delta / 2
        rest += rest / count
        var step = 0
        while rest > 455 {
            rest /= 35
            step += 36
        }
        return step + 36 * rest / (rest + 38)
    }
}
