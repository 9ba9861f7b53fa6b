/// What an import did, or would do.
package struct ImportReport: Sendable, Encodable {
    /// One file: how many of its rows are new, changed or the same, and how many are wrong.
    package struct File: Sendable, Encodable {
        package let file: String
        package internal(set) var rows = 0
        package internal(set) var new = 0
        package internal(set) var changed = 0
        package internal(set) var same = 0
        package internal(set) var wrong = 0
    }

    /// One wrong field. A file as a whole (a missing column, say) is line 1; a row as a whole has no column.
    package struct Wrong: Sendable, Encodable, Hashable {
        package let file: String
        package let line: Int
        package let column: String
        package let reason: String
    }

    package let portal: String
    package let dryRun: Bool
    /// Whether the rows are in the book now.
    package internal(set) var applied = false
    package internal(set) var files: [File] = []
    /// By file and line; at most 10,000 a file are listed, `wrong` of the file counts all its rows.
    package internal(set) var wrong: [Wrong] = []

    init(portal: String, dryRun: Bool) {
        self.portal = portal
        self.dryRun = dryRun
    }
}
