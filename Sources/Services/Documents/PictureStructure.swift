/// The chunks of a PNG (ISO/IEC 15948): the header first, picture data, and an end that is there.
enum PNGStructure {
    static func read(_ bytes: [UInt8]) throws(ScanRefusal) -> FileType {
        var reader = ByteReader(bytes: bytes, offset: 8)
        var size: (width: Int, height: Int)?
        var hasData = false
        while let length = reader.big(4), let kind = reader.big(4) {
            let body = reader.offset
            guard length <= bytes.count - body - 4 else { throw .damaged }
            switch kind {
            case 0x4948_4452:  // IHDR
                guard size == nil, length == 13, let width = reader.big(4), let height = reader.big(4) else {
                    throw .damaged
                }
                size = (width, height)
            case 0x4944_4154: hasData = true  // IDAT
            case 0x4945_4E44:  // IEND
                guard let size, hasData else { throw .damaged }
                return .png(width: size.width, height: size.height)
            default:
                guard size != nil else { throw .damaged }
            }
            reader.offset = body + length + 4
        }
        throw .damaged
    }
}

/// The segments of a JPEG (ITU-T T.81) up to its first scan, with the size from the frame header and the way up from
/// Exif (tag 0x0112), since phones leave the turning to the reader.
enum JPEGStructure {
    static func read(_ bytes: [UInt8]) throws(ScanRefusal) -> FileType {
        var reader = ByteReader(bytes: bytes, offset: 2)
        var size: (width: Int, height: Int)?
        var orientation = 1
        while let mark = reader.byte() {
            guard mark == 0xFF else { throw .damaged }
            guard let kind = marker(&reader) else { throw .damaged }
            if kind == 0x01 || (0xD0...0xD7).contains(kind) { continue }
            let body = reader.offset
            guard let length = reader.big(2), length >= 2, body + length <= bytes.count else { throw .damaged }
            if kind == 0xDA {
                guard let size else { throw .damaged }
                return .jpeg(width: size.width, height: size.height, orientation: orientation)
            }
            if isFrame(kind) {
                guard size == nil, reader.byte() != nil, let height = reader.big(2), let width = reader.big(2) else {
                    throw .damaged
                }
                size = (width, height)
            } else if kind == 0xE1 {
                orientation = ExifOrientation.read(Array(bytes[(body + 2)..<(body + length)])) ?? orientation
            }
            reader.offset = body + length
        }
        throw .damaged
    }

    private static func marker(_ reader: inout ByteReader) -> UInt8? {
        var kind = reader.byte()
        while kind == 0xFF { kind = reader.byte() }
        return kind == 0 ? nil : kind
    }

    /// SOF0…SOF15 without the tables that share the range.
    private static func isFrame(_ kind: UInt8) -> Bool {
        (0xC0...0xCF).contains(kind) && kind != 0xC4 && kind != 0xC8 && kind != 0xCC
    }
}

/// The way up of a photograph, 1 to 8 (Exif 2.3, TIFF tag 274).
enum ExifOrientation {
    static func read(_ segment: [UInt8]) -> Int? {
        guard segment.starts(with: Array("Exif".utf8) + [0, 0]) else { return nil }
        let tiff = Array(segment.dropFirst(6))
        let isLittle = tiff.starts(with: [0x49, 0x49])
        guard isLittle || tiff.starts(with: [0x4D, 0x4D]) else { return nil }
        func number(_ offset: Int, _ count: Int) -> Int? {
            guard offset >= 0, offset + count <= tiff.count else { return nil }
            let part = tiff[offset..<(offset + count)]
            return (isLittle ? part.reversed() : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard number(2, 2) == 42, let first = number(4, 4), let entries = number(first, 2) else { return nil }
        for entry in 0..<min(entries, 64) {
            let place = first + 2 + entry * 12
            guard number(place, 2) == 0x0112 else { continue }
            return number(place + 8, 2).flatMap { (1...8).contains($0) ? $0 : nil }
        }
        return nil
    }
}
