import DeskWeb
import Portals

/// One field of the form: where it stands, what it is called, and what a value must be.
struct FieldSpec: Sendable {
    enum Control: Equatable, Sendable {
        case line, area, date, tick
        /// Values with the keys of their words.
        case choice([Option])
    }

    struct Option: Equatable, Sendable {
        let value: String
        let key: String
    }

    let name: String
    /// The key of its label in the catalogue.
    let label: String
    let control: Control
    let isRequired: Bool
    let check: ValueCheck
    /// The key of a sentence below it.
    let hint: String?

    init(
        _ name: String,
        _ label: String,
        _ control: Control = .line,
        required: Bool = true,
        check: ValueCheck = .text(max: 200),
        hint: String? = nil
    ) {
        self.name = name
        self.label = label
        self.control = control
        isRequired = required
        self.check = check
        self.hint = hint
    }

    static func choice(
        _ name: String,
        _ label: String,
        _ values: [String],
        words: (String) -> String,
        required: Bool = true
    ) -> FieldSpec {
        FieldSpec(
            name,
            label,
            .choice(values.map { Option(value: $0, key: words($0)) }),
            required: required,
            check: .choice(values)
        )
    }

    static func tick(_ name: String, _ label: String, hint: String? = nil) -> FieldSpec {
        FieldSpec(name, label, .tick, required: false, check: .tick, hint: hint)
    }
}

/// What a typed value must be. Every rule answers with a sentence that names what is wrong.
enum ValueCheck: Equatable, Sendable {
    case text(max: Int)
    case lines(max: Int)
    case date(notAfterToday: Bool)
    case choice([String])
    case number(ClosedRange<Int>)
    /// A kind of `Identifiers`, with the country for those that have rules by country.
    case identifier(kind: String, country: String)
    /// The login within a company (M3).
    case companyLogin
    /// K1: the mobile number itself, exactly nine digits in Poland.
    case phoneLogin(country: String)
    case tick
}

/// Why a value was not taken: the key of its sentence and what fills it.
struct FieldProblem: Equatable, Sendable {
    let key: String
    let arguments: [String: TextArgument]

    init(_ key: String, _ arguments: [String: TextArgument] = [:]) {
        self.key = key
        self.arguments = arguments
    }
}

/// The steps of the form, in their order.
enum FormStep: String, CaseIterable, Sendable {
    case client, signatories, witness, office, users, documents, check
}
