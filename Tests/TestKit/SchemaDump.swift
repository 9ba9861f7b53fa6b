import Foundation

/// The migrated schema as text, as `sql/schema.sql` keeps it for readers and reviewers.
package enum SchemaDump {
    /// Set to anything, it makes the test write the file instead of comparing with it.
    package static let rewriteVariable = "PORTALDESK_REWRITE_SCHEMA"

    package static let path = Repository.path("sql/schema.sql")

    package static var isRewriting: Bool { ProcessInfo.processInfo.environment[rewriteVariable] != nil }

    /// What `pg_dump --schema-only` says of the database, without what differs from run to run or version to version.
    package static func text(of database: TestDatabase) async throws -> String {
        let dump = try await ShellCommand.run(
            ClusterProcess.program("pg_dump"),
            ["--schema-only", "--no-owner", "--dbname", database.urls.superuser]
        )
        return normalized(dump)
    }

    package static func stored() throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    package static func rewrite(_ text: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    private static func normalized(_ dump: String) -> String {
        let noise = ["--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict"]
        var lines: [Substring] = []
        for line in dump.split(separator: "\n", omittingEmptySubsequences: false) {
            if noise.contains(where: { line.hasPrefix($0) }) { continue }
            if line.isEmpty, lines.last?.isEmpty ?? true { continue }
            lines.append(line)
        }
        let heading = "-- The schema after all migrations, written by pg_dump: read it, do not edit it.\n\n"
        return heading + lines.joined(separator: "\n").trimmingCharacters(in: .newlines) + "\n"
    }
}
