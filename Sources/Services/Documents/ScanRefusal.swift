/// Why a file was not taken in. The first group is the sender's to mend, the second is the operator's.
package enum ScanRefusal: Error, Equatable, Sendable {
    case empty
    case tooLarge(limit: Int)
    /// Neither PDF nor JPEG nor PNG by its content; the name is not asked.
    case unknownType
    case damaged
    case encrypted
    case tooManyPages(count: Int, limit: Int)
    case tooManyPixels(width: Int, height: Int)
    /// The converter ran out of time or memory: a file built to do so, or one that only looks small.
    case tooHeavy

    case busy
    /// bubblewrap is missing or may not make namespaces here; nothing is ever converted without it.
    case sandboxUnavailable
    case converterMissing
}

extension ScanRefusal {
    /// The catalogue key of the sentence for the person who uploads, with its values.
    package var key: String {
        switch self {
        case .empty: "documents.refusal.empty"
        case .tooLarge: "documents.refusal.too_large"
        case .unknownType: "documents.refusal.unknown_type"
        case .damaged: "documents.refusal.damaged"
        case .encrypted: "documents.refusal.encrypted"
        case .tooManyPages: "documents.refusal.too_many_pages"
        case .tooManyPixels: "documents.refusal.too_many_pixels"
        case .tooHeavy: "documents.refusal.too_heavy"
        case .busy: "documents.refusal.busy"
        case .sandboxUnavailable: "documents.refusal.sandbox_unavailable"
        case .converterMissing: "documents.refusal.converter_missing"
        }
    }

    /// The numbers of the sentence: `n` counts, `limit`, `width`, `height`.
    package var numbers: [String: Int] {
        switch self {
        case .tooLarge(let limit): ["limit": limit >> 20]
        case .tooManyPages(let count, let limit): ["n": count, "limit": limit]
        case .tooManyPixels(let width, let height): ["width": width, "height": height]
        default: [:]
        }
    }
}
