package import DeskKit
package import Hummingbird

/// A status in a word and one of the four status colours; the colour never stands alone.
package struct TagView: Sendable {
    package enum Tone: String, Sendable { case good, warn, bad, plain }

    package let tone: Tone
    package let text: String

    /// `text` is already in the reader's language.
    package init(_ tone: Tone, _ text: String) {
        self.tone = tone
        self.text = text
    }
}

/// Links to the neighbours of a page of a list, for `{{> pager}}`.
package struct PagerView: Sendable {
    package let before: String?
    package let after: String?
    package let count: String?

    /// Keeps the other parameters of the query; `count` is the capped number of all rows, if it was counted.
    package init<Row>(_ slice: PageSlice<Row>, _ request: Request, count: String? = nil) {
        before = slice.before.map { request.link(setting: ["before": $0.text], dropping: ["after"]) }
        after = slice.after.map { request.link(setting: ["after": $0.text], dropping: ["before"]) }
        self.count = count
    }
}

/// What an empty list says, and what to do next, for `{{> empty}}`.
package struct EmptyView: Sendable {
    package let title: String
    package let text: String
    package let href: String?
    package let action: String?

    /// Texts are already in the reader's language.
    package init(title: String, text: String, href: String? = nil, action: String? = nil) {
        self.title = title
        self.text = text
        self.href = href
        self.action = action
    }
}

/// One line of a history, for `{{> timeline}}`.
package struct TimelineEntry: Sendable {
    package let time: String
    package let datetime: String
    package let text: String
    package let detail: String?
    package let href: String?

    /// `text` and `detail` are already in the reader's language; `today` decides how the time is said.
    package init(
        _ time: CivilDateTime,
        today: CivilDate,
        text: String,
        detail: String? = nil,
        href: String? = nil,
        words: Words
    ) {
        self.time = words.recent(time, today: today)
        datetime = time.iso.replacing(" ", with: "T")
        self.text = text
        self.detail = detail
        self.href = href
    }
}

/// One bar of a funnel: how many of how many, for `{{> funnel}}`.
package struct FunnelRow: Sendable {
    package let label: String
    package let value: String
    package let count: Int
    package let maximum: Int
    package let tone: TagView.Tone

    package init(label: String, count: Int, of maximum: Int, tone: TagView.Tone = .plain, words: Words) {
        self.label = label
        value = words.number(count)
        self.count = count
        self.maximum = max(1, maximum)
        self.tone = tone
    }
}

/// A question before something that cannot be undone, for `{{> confirm}}`: a page of its own without script, a dialog
/// with it.
package struct ConfirmView: Sendable {
    package let id: String
    package let action: String
    package let question: String
    package let consequence: String
    package let button: String
    package let isDangerous: Bool
    package let fields: [HiddenField]

    /// Texts are already in the reader's language; `action` is the URL that is posted to.
    package init(
        id: String,
        action: String,
        question: String,
        consequence: String,
        button: String,
        isDangerous: Bool = true,
        fields: [HiddenField] = []
    ) {
        self.id = id
        self.action = action
        self.question = question
        self.consequence = consequence
        self.button = button
        self.isDangerous = isDangerous
        self.fields = fields
    }
}

/// A value that a form carries unseen.
package struct HiddenField: Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// How far something is, for `{{> progress}}`.
package struct ProgressView: Sendable {
    package let label: String
    package let text: String
    package let done: Int
    package let total: Int

    package init(label: String, done: Int, total: Int, words: Words) {
        self.label = label
        self.done = done
        self.total = max(1, total)
        text = words("desk.progress", ["done": .number(done), "total": .number(total)])
    }
}

extension Request {
    /// This request's path with some parameters of its query set and some dropped.
    package func link(setting values: [String: String], dropping names: Set<String> = []) -> String {
        var parameters = uri.queryParameters.map { (String($0.key), String($0.value)) }
            .filter { values[$0.0] == nil && !names.contains($0.0) }
        parameters += values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        guard !parameters.isEmpty else { return uri.path }
        return uri.path + "?" + parameters.map { "\(urlEncoded($0.0))=\(urlEncoded($0.1))" }.joined(separator: "&")
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
package func urlEncoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return result
}
