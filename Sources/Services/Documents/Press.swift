/// One letter to be printed: plain texts, of which nothing is read as markup.
package struct PrintedSheet: Sendable, Equatable {
    /// BCP 47; it decides how words are broken.
    package let language: String
    package let head: String
    package let title: String
    package let paragraphs: [String]
    package let foot: String

    package init(language: String, head: String, title: String, paragraphs: [String], foot: String) {
        self.language = language
        self.head = head
        self.title = title
        self.paragraphs = paragraphs
        self.foot = foot
    }

    /// The page that WeasyPrint lays out; every text is escaped.
    var html: String {
        let body = paragraphs.map { "<p>\(Self.escaped($0).replacing("\n", with: "<br>"))</p>" }.joined(separator: "\n")
        return """
            <!doctype html><html lang="\(Self.escaped(language))"><head><meta charset="utf-8">
            <title>\(Self.escaped(title))</title><style>
            @page { size: A4; margin: 25mm 22mm; @bottom-right { content: counter(page) " / " counter(pages); \
            font: 8pt "DejaVu Sans"; } }
            body { font: 10.5pt/1.5 "DejaVu Sans", sans-serif; hyphens: auto; }
            header { border-bottom: 0.5pt solid; padding-bottom: 3mm; margin-bottom: 12mm; }
            h1 { font-size: 13pt; }
            footer { margin-top: 12mm; font-size: 8.5pt; }
            </style></head><body><header>\(Self.escaped(head))</header><h1>\(Self.escaped(title))</h1>
            \(body)
            <footer>\(Self.escaped(foot))</footer></body></html>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}

extension DocumentsService {
    /// A letter as PDF, laid out by WeasyPrint in the closed room in which scans are read too.
    package func print(_ sheet: PrintedSheet) async throws(ScanRefusal) -> [UInt8] {
        let converter = converter
        return try await workbench.run {
            Result { () throws(ScanRefusal) in try converter.print(sheet.html) }
        }
    }
}

extension Converter {
    /// Blocks; see `DocumentsService.print`.
    func print(_ html: String) throws(ScanRefusal) -> [UInt8] {
        guard let file = MemoryFile(Array(html.utf8)) else { throw .busy }
        let result = try sandbox.run(["/usr/bin/weasyprint", "--quiet", "--encoding", "utf-8", "-", "-"], input: file)
        guard result.ending == .exited(code: 0), result.output.starts(with: Array("%PDF-".utf8)) else { throw .damaged }
        return result.output
    }
}
