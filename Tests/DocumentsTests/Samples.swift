import Foundation

/// Small files built byte by byte, so that each test says what is in them.
enum Samples {
    /// A document with so many empty A4 pages, each painted over `fills` times, optionally encrypted.
    static func pdf(pages: Int, mediaBox: String = "0 0 595 842", encrypted: Bool = false, fills: Int = 1) -> [UInt8] {
        var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
        let kids = (0..<pages).map { "\($0 + 4) 0 R" }.joined(separator: " ")
        objects.append("<< /Type /Pages /Count \(pages) /Kids [\(kids)] /MediaBox [\(mediaBox)] >>")
        let content = "0.8 0.1 0.1 rg" + String(repeating: " 0 0 595 842 re f", count: fills)
        objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        objects += (0..<pages).map { _ in "<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>" }
        let lock = String(repeating: "41", count: 32)
        objects.append("<< /Filter /Standard /V 1 /R 2 /O <\(lock)> /U <\(lock)> /P -4 >>")
        return Array(document(objects, encryption: encrypted ? objects.count : nil).utf8)
    }

    private static func document(_ objects: [String], encryption: Int?) -> String {
        var text = "%PDF-1.4\n"
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        text += places.map { String(format: "%010d 00000 n \n", $0) }.joined()
        let id = String(repeating: "42", count: 16)
        let lock = encryption.map { " /Encrypt \($0) 0 R /ID [<\(id)> <\(id)>]" } ?? ""
        return text + "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R\(lock) >>\nstartxref\n\(start)\n%%EOF\n"
    }

    /// An 8-bit RGB picture of one colour; the header may claim another size than the data have.
    static func png(width: Int, height: Int, claims: (width: Int, height: Int)? = nil) -> [UInt8] {
        let colour: [UInt8] = [200, 30, 30]
        let row: [UInt8] = [0] + Array(repeatElement(colour, count: width).joined())
        let pixels: [UInt8] = Array(repeatElement(row, count: height).joined())
        let size = claims ?? (width, height)
        let header: [UInt8] = big(size.width) + big(size.height) + [8, 2, 0, 0, 0]
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += chunk("IHDR", header)
        file += chunk("IDAT", stored(pixels))
        file += chunk("IEND", [])
        return file
    }

    static func chunk(_ kind: String, _ body: [UInt8]) -> [UInt8] {
        let content = Array(kind.utf8) + body
        return big(body.count) + content + big(Int(crc(content)))
    }

    /// zlib without compression (RFC 1950, stored blocks).
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < bytes.count {
            let part = bytes[start..<min(start + 65_535, bytes.count)]
            start = part.endIndex
            text.append(start == bytes.count ? 1 : 0)
            text += [UInt8(part.count & 0xFF), UInt8(part.count >> 8)]
            text += [UInt8(~part.count & 0xFF), UInt8(~part.count >> 8 & 0xFF)]
            text += part
        }
        var low = 1
        var high = 0
        for byte in bytes {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return text + big(high << 16 | low)
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let half = sum >> 1
                sum = sum & 1 == 1 ? half ^ 0xEDB8_8320 : half
            }
        }
        return ~sum
    }

    static func big(_ value: Int) -> [UInt8] {
        [UInt8(value >> 24 & 0xFF), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
    }

    /// Puts an Exif orientation in front of a JPEG's first segment.
    static func turned(_ jpeg: [UInt8], orientation: UInt8) -> [UInt8] {
        let tiff: [UInt8] = [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
        let body: [UInt8] = Array("Exif".utf8) + [0, 0] + tiff + [0, 0, 0, 0]
        let length = body.count + 2
        let head: [UInt8] = [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)]
        return Array(jpeg.prefix(2)) + head + body + Array(jpeg.dropFirst(2))
    }
}
