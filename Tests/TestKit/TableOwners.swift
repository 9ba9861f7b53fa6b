import Foundation

/// Which module owns which table: the comment `-- owner: <module>` above each CREATE TABLE of the migrations.
package struct TableOwners: Sendable {
    /// Module by table.
    package private(set) var modules: [String: String] = [:]
    /// Tables without the comment.
    package private(set) var ownerless: [String] = []

    package static func read() throws -> TableOwners {
        var owners = TableOwners()
        let directory = Repository.path("sql/migrations")
        for file in try FileManager.default.contentsOfDirectory(atPath: directory).sorted() where file.hasSuffix(".sql")
        {
            owners.add(try String(contentsOfFile: directory + "/" + file, encoding: .utf8))
        }
        return owners
    }

    private mutating func add(_ text: String) {
        var previous: Substring = ""
        for line in text.split(separator: "\n") {
            defer { previous = line }
            let words = line.split { $0 == " " || $0 == "(" }
            guard words.count >= 3, words[0].uppercased() == "CREATE", words[1].uppercased() == "TABLE",
                !line.contains(" PARTITION OF ")
            else { continue }
            let table = String(words[2].uppercased() == "IF" ? words[5] : words[2])
            if previous.hasPrefix("-- owner: ") {
                modules[table] = String(previous.dropFirst("-- owner: ".count))
            } else {
                ownerless.append(table)
            }
        }
    }
}
