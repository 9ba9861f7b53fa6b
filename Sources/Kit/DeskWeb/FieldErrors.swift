/// What is wrong with a form: a sentence per field, by key, and sentences about the whole.
package struct FieldErrors: Error, Sendable {
    package struct Sentence: Hashable, Sendable {
        package let key: String
        package let arguments: [String: TextArgument]
    }

    package private(set) var fields: [String: Sentence] = [:]
    package private(set) var general: [Sentence] = []

    package init() {}

    package var isEmpty: Bool { fields.isEmpty && general.isEmpty }

    /// Notes what is wrong with a field; the first word about it stays.
    package mutating func add(_ field: String, _ key: String, _ arguments: [String: TextArgument] = [:]) {
        guard fields[field] == nil else { return }
        fields[field] = Sentence(key: key, arguments: arguments)
    }

    /// Notes what is wrong with the form as a whole.
    package mutating func add(_ key: String, _ arguments: [String: TextArgument] = [:]) {
        general.append(Sentence(key: key, arguments: arguments))
    }

    func text(_ field: String, _ words: Words) -> String? {
        fields[field].map { words($0.key, $0.arguments) }
    }
}
