import DeskKit

/// A compiled piece of a template: Mustache's variables, sections, partials and inheritance, without lambdas, without
/// changed delimiters and, outside an allow-list, without unescaped variables.
indirect enum TemplateNode: Sendable {
    case text([UInt8])
    case value(path: [String], raw: Bool)
    case section(path: [String], inverted: Bool, [TemplateNode])
    case include(String)
    case extend(String, blocks: [String: [TemplateNode]])
    case block(String, [TemplateNode])
}

/// A mistake in a template, or between a template and its page.
package struct TemplateError: LoggableError {
    package enum Reason: String, Sendable {
        case unclosedTag = "a tag is not closed"
        case unclosedSection = "a section is not closed"
        case wrongClosing = "a section is closed that is not open"
        case badName = "a tag has no usable name"
        case unescaped = "an unescaped tag outside the allow-list"
        case unclosedText = "a [[key]] is not closed"
        case missingText = "a text key does not exist or takes arguments"
        case missingFile = "a static file does not exist"
        case missingTemplate = "a template does not exist"
        case circle = "templates include one another in a circle"
        case contentInExtend = "a template that extends another holds something beside blocks"
        case unreadable = "cannot be read"
        case nothingFound = "a tag finds nothing"
        case absent = "a tag prints a value that is absent"
        case notPrintable = "a tag prints something that is not a text or a number"
        case missingArgument = "a text was given no value for a key or placeholder"
        case unknownValue = "a page holds a value that templates cannot show"
    }

    package let reason: Reason
    package let template: String
    package let tag: String

    init(_ reason: Reason, template: String = "", tag: String = "") {
        self.reason = reason
        self.template = template
        self.tag = tag
    }

    func within(_ template: String) -> TemplateError {
        TemplateError(reason, template: template, tag: tag)
    }

    package var description: String { "\(template): \(reason.rawValue): \(tag)" }
}
