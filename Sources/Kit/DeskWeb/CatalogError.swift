import DeskKit

/// Why the locale catalogues cannot be used, with the file and key where it is known.
package struct CatalogError: LoggableError {
    package enum Reason: String, Sendable {
        case unreadable = "cannot be read"
        case notAMapping = "is not a mapping of keys to texts"
        case unclosedPlaceholder = "has an unclosed placeholder"
        case badPlaceholder = "has a placeholder that is not a plain name"
        case missingForms = "lacks a plural form of its language, or has one too many"
        case missingKey = "is missing in this language"
        case otherPlaceholders = "has other placeholders than in the first language"
        case duplicate = "is given twice"
    }

    package let reason: Reason
    package let place: String

    init(_ reason: Reason, at place: String = "") {
        self.reason = reason
        self.place = place
    }

    func at(_ place: String) -> CatalogError {
        CatalogError(reason, at: place)
    }

    package var description: String { "\(place): \(reason.rawValue)" }
}
