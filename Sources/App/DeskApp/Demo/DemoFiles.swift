import Clients
import Foundation

/// The import's files of one portal, row by row: what a main system would export.
struct DemoFiles {
    private var texts: [BookKind: [UInt8]] = [:]

    init() {
        for kind in BookKind.allCases { texts[kind] = Self.line(kind.columns) }
    }

    /// One row, its fields in the order of the file's columns.
    mutating func add(_ kind: BookKind, _ fields: [String]) {
        texts[kind, default: []] += Self.line(fields)
    }

    /// The rows of a file so far, without its head.
    func count(_ kind: BookKind) -> Int {
        (texts[kind] ?? []).count { $0 == UInt8(ascii: "\n") } - 1
    }

    /// Writes the files into a folder and answers their paths.
    func write(to folder: String) throws -> [String] {
        try BookKind.allCases.map { kind in
            let path = "\(folder)/\(kind.fileName)"
            try Data(texts[kind] ?? []).write(to: URL(filePath: path))
            return path
        }
    }

    private static func line(_ fields: [String]) -> [UInt8] {
        var line: [UInt8] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            let bytes = field.utf8
            if bytes.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 < 0x20 }) {
                line.append(UInt8(ascii: "\""))
                line += field.replacing("\"", with: "\"\"").utf8
                line.append(UInt8(ascii: "\""))
            } else {
                line += bytes
            }
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }
}
