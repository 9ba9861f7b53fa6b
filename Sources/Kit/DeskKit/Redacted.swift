/// A sensitive value that no log line, error or page prints by accident: only `reveal()` gives it out.
package struct Redacted<Value> {
    private let value: Value

    package init(_ value: Value) {
        self.value = value
    }

    /// The value itself; whoever calls this answers for where it goes.
    package func reveal() -> Value { value }

    /// The same care around a value derived from this one.
    package func map<Other>(_ transform: (Value) throws -> Other) rethrows -> Redacted<Other> {
        Redacted<Other>(try transform(value))
    }
}

extension Redacted: Sendable where Value: Sendable {}
extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Decodable where Value: Decodable {
    package init(from decoder: any Decoder) throws {
        value = try decoder.singleValueContainer().decode(Value.self)
    }
}
