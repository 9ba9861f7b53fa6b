package import DeskKit
package import FoundationEssentials

/// How one parameter travels: text, or raw bytes for `bytea`.
package enum ParameterForm: Sendable, Hashable {
    case text(String)
    case bytes([UInt8])
}

/// A Swift value that can be a parameter of a named statement.
///
/// Typed ids and `String` or integer enums conform by declaring it: their raw value travels.
package protocol PostgresValue: Sendable {
    var postgresParameter: ParameterForm { get }
}

extension PostgresValue where Self: RawRepresentable, RawValue: PostgresValue {
    package var postgresParameter: ParameterForm { rawValue.postgresParameter }
}

extension PostgresValue where Self: BinaryInteger {
    package var postgresParameter: ParameterForm { .text(String(self)) }
}

extension Int: PostgresValue {}
extension Int16: PostgresValue {}
extension Int32: PostgresValue {}
extension Int64: PostgresValue {}
extension PortalID: PostgresValue {}
extension Identifier: PostgresValue {}

extension String: PostgresValue {
    package var postgresParameter: ParameterForm { .text(self) }
}

extension Bool: PostgresValue {
    package var postgresParameter: ParameterForm { .text(self ? "t" : "f") }
}

extension Double: PostgresValue {
    package var postgresParameter: ParameterForm {
        if isNaN { return .text("NaN") }
        if isInfinite { return .text(self < 0 ? "-Infinity" : "Infinity") }
        return .text(String(self))
    }
}

extension UUID: PostgresValue {
    package var postgresParameter: ParameterForm { .text(uuidString) }
}

extension Date: PostgresValue {
    /// An instant, to the microsecond, as `timestamptz`.
    package var postgresParameter: ParameterForm { .text(TimestampText.format(self)) }
}

extension CivilDate: PostgresValue {
    package var postgresParameter: ParameterForm { .text(iso) }
}

extension CivilDateTime: PostgresValue {
    package var postgresParameter: ParameterForm { .text(iso) }
}

extension Array: PostgresValue where Element: PostgresValue {
    /// `[UInt8]` is `bytea`; every other array is a one-dimensional PostgreSQL array.
    package var postgresParameter: ParameterForm {
        // An empty array of anything casts to `[UInt8]`, hence the question about its type.
        if Element.self == UInt8.self, let bytes = self as? [UInt8] { return .bytes(bytes) }
        return .text(ArrayText.format(map(\.postgresParameter)))
    }
}

/// Only so that `[UInt8]` is a value; a lone byte has no type in PostgreSQL and travels as a number.
extension UInt8: PostgresValue {}

/// What the statement calls take: every parameter by its name in the SQL, nil for NULL.
package typealias Parameters = [String: (any PostgresValue)?]
