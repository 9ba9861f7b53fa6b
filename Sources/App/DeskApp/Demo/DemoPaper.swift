import Foundation

/// Writes a form as the three pages of a PDF that looks signed and scanned. The text is data: `# ` is a title, `## ` a
/// heading, `~ name | role` a signature, `---` the next page, and the rest is written as it stands.
struct DemoPaper {
    private var pages: [String] = [""]
    private var height = 0.0
    private var encoding = GlyphEncoding()
    private var random: DemoRandom

    init(_ text: String, random: DemoRandom) {
        self.random = random
        height = Self.top
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { add(String(line)) }
    }

    private static let top = 770.0

    private mutating func add(_ line: String) {
        if line == "---" || height < 70 {
            pages.append("")
            height = Self.top
        }
        if line == "---" { return }
        if line.hasPrefix("# ") {
            write(line.dropFirst(2), font: 2, size: 14, step: 26)
        } else if line.hasPrefix("## ") {
            height -= 10
            write(line.dropFirst(3), font: 2, size: 11, step: 20)
            pages[pages.count - 1] += "0.5 w 56 \(height + 15) m 539 \(height + 15) l S\n"
        } else if line.hasPrefix("~ ") {
            sign(line.dropFirst(2))
        } else {
            write(line[...], font: 1, size: 10, step: 17)
        }
    }

    private mutating func write(_ text: Substring, font: Int, size: Double, step: Double) {
        for line in Self.wrapped(text, width: Int(483 / (size * 0.6))) {
            pages[pages.count - 1] += "BT /F\(font) \(size) Tf 56 \(height) Td <\(encoding.hex(line))> Tj ET\n"
            height -= step
        }
    }

    /// A stroke of the pen in blue over the line, and below it who signed.
    private mutating func sign(_ text: Substring) {
        height -= 44
        var stroke = "0.10 0.18 0.55 RG 1.1 w 72 \(height + 16) m\n"
        var x = 72.0
        for _ in 0..<random.within(5...9) {
            let next = x + Double(random.within(14...30))
            let (up, down) = (height + Double(random.within(22...44)), height + Double(random.within(4...18)))
            stroke += "\(x + 4) \(up) \(next - 9) \(down) \(next) \(height + Double(random.within(12...24))) c\n"
            x = next
        }
        pages[pages.count - 1] += "q \(stroke) S Q 0.5 w 56 \(height + 6) m 320 \(height + 6) l S\n"
        height -= 8
        write(text, font: 1, size: 9, step: 26)
    }

    private static func wrapped(_ text: Substring, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, line.count + word.count + 1 > width {
                lines.append(line)
                line = "    "
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return lines + [line]
    }

    /// The file: each page a little askew, as scans are.
    mutating func pdf() -> [UInt8] {
        let differences = encoding.names.map { "/" + $0 }.joined(separator: " ")
        let widths = Array(repeating: "600", count: 224).joined(separator: " ")
        func font(_ name: String) -> String {
            """
            << /Type /Font /Subtype /Type1 /BaseFont /\(name) /FirstChar 32 /LastChar 255 /Widths [\(widths)] \
            /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [128 \(differences)] >> >>
            """
        }
        let kids = pages.indices.map { "\($0 * 2 + 5) 0 R" }.joined(separator: " ")
        var objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Count \(pages.count) /Kids [\(kids)] /MediaBox [0 0 595 842] >>",
            font("Courier"), font("Courier-Bold"),
        ]
        for (index, page) in pages.enumerated() {
            let tilt = Double(random.within(-8...8)) / 1000
            let specks = (0..<24).map { _ in "\(random.within(8...585)) \(random.within(8...830)) 0.8 0.8 re f" }
            let content =
                "0.98 g 0 0 595 842 re f 0.15 g 1 \(tilt) \(-tilt) 1 4 -3 cm\n" + page
                + specks.joined(separator: "\n")
            objects.append(
                "<< /Type /Page /Parent 2 0 R /Contents \(index * 2 + 6) 0 R"
                    + " /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>"
            )
            objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
        }
        return Array(Self.document(objects).utf8)
    }

    private static func document(_ objects: [String]) -> String {
        var text = "%PDF-1.4\n"
        var places: [Int] = []
        for (index, object) in objects.enumerated() {
            places.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        text += places.map { String(format: "%010d 00000 n \n", $0) }.joined()
        return text + "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
    }
}

/// One byte per letter: ASCII as it is, every other letter of the paper the next free byte, by its glyph's name (Adobe
/// Glyph List), with which the standard fonts find it.
struct GlyphEncoding {
    private(set) var names: [String] = []
    private var bytes: [Unicode.Scalar: Int] = [:]

    mutating func hex(_ text: String) -> String {
        text.precomposedStringWithCanonicalMapping.unicodeScalars.map { scalar in
            let byte = scalar.isASCII ? Int(scalar.value) : byte(scalar)
            return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    private mutating func byte(_ scalar: Unicode.Scalar) -> Int {
        if let known = bytes[scalar] { return known }
        guard names.count < 128, let name = Self.name(scalar) else { return 0x3F }
        names.append(name)
        bytes[scalar] = 127 + names.count
        return 127 + names.count
    }

    private static func name(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.value {
        case 0x401: "afii10023"
        case 0x451: "afii10071"
        case 0x410...0x415: "afii\(scalar.value - 0x410 + 10_017)"
        case 0x416...0x42F: "afii\(scalar.value - 0x416 + 10_024)"
        case 0x430...0x435: "afii\(scalar.value - 0x430 + 10_065)"
        case 0x436...0x44F: "afii\(scalar.value - 0x436 + 10_072)"
        default: latin[Character(scalar)]
        }
    }

    private static let latin: [Character: String] = [
        "ą": "aogonek", "ć": "cacute", "ę": "eogonek", "ł": "lslash", "ń": "nacute", "ó": "oacute", "ś": "sacute",
        "ź": "zacute", "ż": "zdotaccent", "Ą": "Aogonek", "Ć": "Cacute", "Ę": "Eogonek", "Ł": "Lslash", "Ń": "Nacute",
        "Ó": "Oacute", "Ś": "Sacute", "Ź": "Zacute", "Ż": "Zdotaccent", "á": "aacute", "é": "eacute", "í": "iacute",
        "ö": "odieresis", "ő": "ohungarumlaut", "ú": "uacute", "ü": "udieresis", "ű": "uhungarumlaut", "Á": "Aacute",
        "É": "Eacute", "Í": "Iacute", "Ö": "Odieresis", "Ő": "Ohungarumlaut", "Ú": "Uacute", "Ü": "Udieresis",
        "Ű": "Uhungarumlaut", "Š": "Scaron", "š": "scaron", "«": "guillemotleft", "»": "guillemotright",
        "„": "quotedblbase", "”": "quotedblright", "“": "quotedblleft", "’": "quoteright", "–": "endash",
        "—": "emdash", "№": "afii61352",
    ]
}
