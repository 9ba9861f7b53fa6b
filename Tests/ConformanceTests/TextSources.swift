import Foundation

/// The sources of the house as the conformance tests read them.
enum Sources {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    struct File: CustomStringConvertible {
        let path: String
        let text: String

        var description: String { path }
        var name: String { String(path.split(separator: "/").last ?? "") }
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    /// All files below a folder with one of the endings, sorted by path.
    static func files(_ folder: String, _ endings: String...) throws -> [File] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)").sorted().compactMap { path in
            guard endings.contains(where: { path.hasSuffix($0) }), !path.contains("node_modules/") else { return nil }
            let text = try String(contentsOfFile: "\(root)/\(folder)/\(path)", encoding: .utf8)
            return File(path: "\(folder)/\(path)", text: text)
        }
    }

    /// A Swift source without its comments; string literals stay.
    static func code(_ file: File) -> String {
        file.lines.map { line in
            var isText = false
            var last: Character = " "
            for index in line.indices {
                let character = line[index]
                if character == "\"", last != "\\" { isText.toggle() }
                if !isText, character == "/", line[index...].hasPrefix("//") { return String(line[..<index]) }
                last = character
            }
            return String(line)
        }.joined(separator: "\n")
    }

    static func codeLines(_ file: File) -> [Substring] {
        code(file).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The contents of all one-line string literals of a Swift source, with interpolations cut to `\(…)`.
    static func literals(_ file: File) -> [String] {
        var found: [String] = []
        for line in code(file).split(separator: "\n") {
            var rest = line
            while let start = rest.firstIndex(of: "\"") {
                var text = ""
                var depth = 0
                var index = rest.index(after: start)
                scan: while index < rest.endIndex {
                    let character = rest[index]
                    switch character {
                    case "\\" where depth == 0 && rest[index...].hasPrefix("\\("):
                        depth = 1
                        text += "\\(…)"
                        index = rest.index(index, offsetBy: 2)
                        continue scan
                    case "(" where depth > 0: depth += 1
                    case ")" where depth > 0: depth -= 1
                    case "\\" where depth == 0:
                        index = rest.index(index, offsetBy: 2, limitedBy: rest.endIndex) ?? rest.endIndex
                        continue scan
                    case "\"" where depth == 0: break scan
                    default: if depth == 0 { text.append(character) }
                    }
                    index = rest.index(after: index)
                }
                found.append(text)
                guard index < rest.endIndex else { break }
                rest = rest[rest.index(after: index)...]
            }
        }
        return found
    }
}
