import DeskKit

/// What a template sees of a page: its stored properties, read once by reflection before rendering begins.
package indirect enum TemplateValue: Sendable {
    case absent
    case flag(Bool)
    case text(String)
    case list([TemplateValue])
    case record([String: TemplateValue])

    /// Reads a value and all it stores. Dates, money and redacted values have no form of their own on a page: they are
    /// formatted in the reader's language first, so meeting one throws.
    init(reflecting value: Any) throws(TemplateError) {
        switch value {
        case let text as String: self = .text(text)
        case let flag as Bool: self = .flag(flag)
        case let value as TemplateValue: self = value
        case let number as any BinaryInteger: self = .text(String(number))
        case let value as any TemplateText: self = .text(value.templateText)
        default: self = try Self.structure(of: value)
        }
    }

    private static func structure(of value: Any) throws(TemplateError) -> TemplateValue {
        if value is CivilDate || value is CivilDateTime || value is Money {
            throw TemplateError(.unknownValue, tag: "\(type(of: value))")
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            guard let wrapped = mirror.children.first else { return .absent }
            return try TemplateValue(reflecting: wrapped.value)
        case .collection, .set:
            var list: [TemplateValue] = []
            list.reserveCapacity(mirror.children.count)
            for child in mirror.children {
                list.append(try TemplateValue(reflecting: child.value))
            }
            return .list(list)
        case .struct where !(value is any CustomReflectable):
            var record: [String: TemplateValue] = [:]
            for child in mirror.children {
                guard let label = child.label else { continue }
                record[label] = try TemplateValue(reflecting: child.value)
            }
            return .record(record)
        case .enum:
            if let raw = value as? any RawRepresentable, let text = raw.rawValue as? String { return .text(text) }
            throw TemplateError(.unknownValue, tag: "\(type(of: value))")
        default:
            throw TemplateError(.unknownValue, tag: "\(type(of: value))")
        }
    }
}

/// A value that stands on a page as it is, such as a key in a link.
package protocol TemplateText {
    var templateText: String { get }
}

extension Identifier: TemplateText {
    package var templateText: String { description }
}

extension PortalID: TemplateText {
    package var templateText: String { description }
}
