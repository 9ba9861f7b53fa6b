import JobRunner
import Postgres

extension DeskConfiguration {
    /// How new this program is: the number of its newest migration.
    var release: Int {
        get throws(PostgresError) { try Migration.load(directory: root + "/sql/migrations").last?.number ?? 0 }
    }

    /// The job files, as those of this release. Throws `JobFileFaults`, `PostgresError`.
    func jobFiles(_ registry: JobRegistry) throws -> [JobFile] {
        try JobFile.load(directory: root + "/jobs", registry: registry, release: try release)
    }
}
