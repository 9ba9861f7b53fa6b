import DeskKit
import DeskWeb
import Identifiers

/// A typed value after its rule: either as it is kept, or the sentence that says what is wrong.
enum ReadValue: Equatable, Sendable {
    case fine(String)
    case wrong(FieldProblem)

    var fine: String? {
        guard case .fine(let value) = self else { return nil }
        return value
    }
}

extension ValueCheck {
    /// Reads a value that is not empty, without the white space around it.
    func read(_ text: String, today: CivilDate) -> ReadValue {
        if let problem = Self.hidden(in: text, lines: allowsLines) { return .wrong(problem) }
        switch self {
        case .text(let max), .lines(let max):
            return text.count <= max
                ? .fine(text) : .wrong(FieldProblem("desk.field.too_long", ["n": .number(max)]))
        case .date(let notAfterToday): return Self.date(text, notAfter: notAfterToday ? today : nil)
        case .choice(let values):
            return values.contains(text) ? .fine(text) : .wrong(FieldProblem("desk.field.choice"))
        case .number(let range): return Self.number(text, in: range)
        case .identifier(let kind, let country):
            return Self.identifier(text, kind: kind, country: country, today: today)
        case .companyLogin: return Self.companyLogin(text)
        case .phoneLogin(let country): return Self.phoneLogin(text, country: country, today: today)
        case .tick: return .fine("1")
        }
    }

    private var allowsLines: Bool {
        if case .lines = self { return true }
        return false
    }

    /// Control characters have no business in a form; letters of any script, quotes and emoji do.
    private static func hidden(in text: String, lines: Bool) -> FieldProblem? {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control || (lines && (scalar == "\n" || scalar == "\t"))
        }
        return isClean ? nil : FieldProblem("desk.field.control")
    }

    private static func date(_ text: String, notAfter limit: CivilDate?) -> ReadValue {
        guard let date = typedDate(text) else { return .wrong(FieldProblem("desk.field.date")) }
        if let limit, date > limit { return .wrong(FieldProblem("onboarding.problem.future_date")) }
        return .fine(date.iso)
    }

    /// A day as people of our languages type it, or in ISO form.
    static func typedDate(_ text: String) -> CivilDate? {
        var reader = FormReader(Form([("date", text)]))
        return reader.date("date")
    }

    private static func number(_ text: String, in range: ClosedRange<Int>) -> ReadValue {
        var reader = FormReader(Form([("number", text)]))
        guard let value = reader.integer("number", in: range) else {
            return .wrong(
                FieldProblem(
                    "desk.field.number",
                    ["low": .number(range.lowerBound), "high": .number(range.upperBound)]
                )
            )
        }
        return .fine(String(value))
    }

    /// Three to thirty letters without diacritics, digits, and `.`, `_`, `-` between them: what a phone can dictate.
    private static func companyLogin(_ text: String) -> ReadValue {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard isPlain, (3...30).contains(text.utf8.count), let first = text.first, first.isLetter || first.isNumber
        else { return .wrong(FieldProblem("onboarding.problem.company_login")) }
        return .fine(text)
    }

    /// K1: exactly nine digits, and the number of a mobile phone. Spaces and dashes between them are the typist's.
    private static func phoneLogin(_ text: String, country: String, today: CivilDate) -> ReadValue {
        guard country == "PL" else { return identifier(text, kind: "phone_sms", country: country, today: today) }
        let digits = text.filter { !$0.isWhitespace && $0 != "-" }
        guard digits.count == 9, digits.utf8.count == 9, digits.allSatisfy(\.isNumber) else {
            return .wrong(FieldProblem("onboarding.problem.nine_digits", ["n": .number(digits.count)]))
        }
        if case .wrong(let problem) = identifier(digits, kind: "phone_sms", country: country, today: today) {
            return .wrong(problem)
        }
        return .fine(digits)
    }
}
