/// What a file is by its first bytes and its structure. Its name and the sender's content type are not asked, so a PNG
/// named `.pdf` is a PNG.
package enum FileType: Equatable, Sendable {
    case pdf
    case jpeg(width: Int, height: Int, orientation: Int)
    case png(width: Int, height: Int)

    package var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .jpeg: "image/jpeg"
        case .png: "image/png"
        }
    }

    /// Reads headers and walks the structure; decodes nothing.
    package static func of(_ bytes: [UInt8], limits: ScanLimits) throws(ScanRefusal) -> FileType {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        let type = try recognised(bytes)
        switch type {
        case .pdf: break
        case .jpeg(let width, let height, _), .png(let width, let height):
            guard width > 0, height > 0 else { throw .damaged }
            guard width <= 30_000, height <= 30_000, width * height <= limits.pixels else {
                throw .tooManyPixels(width: width, height: height)
            }
        }
        return type
    }

    private static func recognised(_ bytes: [UInt8]) throws(ScanRefusal) -> FileType {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            return try PNGStructure.read(bytes)
        }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            return try JPEGStructure.read(bytes)
        }
        // ISO 32000-1 asks for the header in front; readers accept it within the first 1,024 bytes (Annex H note 13).
        if position(of: Array("%PDF-".utf8), in: bytes.prefix(1024)) != nil {
            return .pdf
        }
        throw .unknownType
    }

    private static func position(of needle: [UInt8], in hay: ArraySlice<UInt8>) -> Int? {
        guard hay.count >= needle.count else { return nil }
        return (hay.startIndex...(hay.endIndex - needle.count)).first { start in
            hay[start..<(start + needle.count)].elementsEqual(needle)
        }
    }
}

/// A place in a file that moves on and answers nil behind the end.
struct ByteReader {
    let bytes: [UInt8]
    var offset: Int

    mutating func byte() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func big(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let next = byte() else { return nil }
            value = value << 8 | Int(next)
        }
        return value
    }
}
