import DeskKit

/// What stands in an application's form, field by field, exactly as it was typed: a draft may hold anything. Names are
/// `client.name`, `user.2.login`; JSON is one flat object, so that a save touches only what changed.
struct Answers: Codable, Equatable, Sendable {
    private(set) var fields: [String: String]

    init(_ fields: [String: String] = [:]) {
        self.fields = fields
    }

    init(from decoder: any Decoder) throws {
        fields = try decoder.singleValueContainer().decode([String: String].self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(fields)
    }

    /// Empty where nothing was typed.
    subscript(_ name: String) -> String {
        get { fields[name] ?? "" }
        set { fields[name] = newValue.isEmpty ? nil : newValue }
    }

    /// The value without the white space around it; nil when nothing is left.
    func value(_ name: String) -> String? {
        let text = self[name].trimmingBlanks
        return text.isEmpty ? nil : text
    }

    func isOn(_ name: String) -> Bool { self[name] == "1" }

    /// The numbers of the repeated parts of a kind, in their order. A number is never given twice, so that two people
    /// who type into different parts do not meet.
    func items(_ kind: RepeatedPart) -> [Int] {
        self[kind.list].split(separator: ",").compactMap { Int($0) }
    }

    mutating func add(_ kind: RepeatedPart) -> Bool {
        let items = items(kind)
        guard items.count < kind.limit else { return false }
        let next = max(items.max() ?? 0, Int(self[kind.last]) ?? 0) + 1
        self[kind.list] = (items + [next]).map(String.init).joined(separator: ",")
        self[kind.last] = String(next)
        return true
    }

    mutating func remove(_ kind: RepeatedPart, _ item: Int) -> Bool {
        let items = items(kind)
        guard items.count > 1, items.contains(item) else { return false }
        self[kind.list] = items.filter { $0 != item }.map(String.init).joined(separator: ",")
        let prefix = kind.prefix(item)
        for name in fields.keys where name.hasPrefix(prefix) { fields[name] = nil }
        return true
    }
}

/// The parts of a form that come several times.
enum RepeatedPart: String, CaseIterable, Sendable {
    case signatory, user

    /// Where the numbers of the parts stand.
    var list: String { self == .signatory ? "signatories" : "users" }
    /// The highest number ever given.
    var last: String { "\(list).last" }
    var limit: Int { self == .signatory ? 6 : 20 }

    func prefix(_ item: Int) -> String { "\(rawValue).\(item)." }
}
