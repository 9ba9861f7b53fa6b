import DeskKit
import Logging
import Postgres
import Synchronization
import TestKit

@testable import JobRunner

/// A database with three portals, and workers that do what a test tells them.
struct Bench {
    static let warsaw = PortalID(1)
    static let budapest = PortalID(2)
    static let moscow = PortalID(3)

    let database: TestDatabase
    let queue = JobQueue()
    let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    static func make() async throws -> Bench {
        let bench = Bench(database: try await TestDatabase.make())
        try await bench.database.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'warsaw', 'Warsaw', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (2, 'budapest', 'Budapest', 'HU', 'Europe/Budapest', 'HUF', '{hu}', '{}'),
                (3, 'moscow', 'Moscow', 'RU', 'Europe/Moscow', 'RUB', '{ru}', '{}')
            """
        )
        return bench
    }

    private init(database: TestDatabase) {
        self.database = database
    }

    func worker(_ handlers: [any JobHandler] = [Probe()], slots: Int = 8) throws -> Worker {
        var configuration = WorkerConfiguration(host: "test", process: 1)
        configuration.concurrency = slots
        return Worker(
            database: database.workerDatabase,
            registry: try JobRegistry(handlers),
            configuration: configuration,
            logger: logger
        )
    }

    func store(_ name: String) -> WorkStore {
        WorkStore(database: database.workerDatabase, worker: name, lease: .seconds(30))
    }

    @discardableResult
    func enqueue(
        _ word: String = "",
        portal: PortalID = Bench.warsaw,
        uniqueKey: String? = nil,
        run: RunID? = nil
    ) async throws -> JobID? {
        let queue = queue
        return try await database.database.transaction(.portal(portal)) { session in
            try queue.enqueue(
                Probe.self,
                portal: portal,
                payload: ProbeOrder(word: word),
                uniqueKey: uniqueKey,
                run: run,
                in: session
            )
        }
    }

    func states() async throws -> [String] {
        try await database.sql("SELECT state FROM job ORDER BY id").compactMap { $0.first ?? nil }
    }

    func history() async throws -> [String] {
        try await database.sql("SELECT outcome || coalesce(' ' || error_code, '') FROM job_history ORDER BY id")
            .compactMap { $0.first ?? nil }
    }

    /// Puts a schedule of the probe into the table, due at a wall time of its zone.
    func schedule(
        _ name: String = "tests.probe",
        portal: PortalID = Bench.warsaw,
        cron: String,
        due: String,
        missed: MissedRuns = .all,
        latest: Int = 100_000_000
    ) async throws {
        try await database.sql(
            """
            INSERT INTO schedule (portal_id, name, handler, queue, file_cron, cron, time_zone, file_digest, missed,
                latest_minutes, attempts, owner, runbook, next_local, next_at)
            SELECT id, '\(name)', 'tests.probe', 'tests', '\(cron)', '\(cron)', time_zone, '', '\(missed.rawValue)',
                \(latest), 3, 'nobody', '', due, first_instant(due, time_zone)
            FROM portal, (VALUES (timestamp '\(due)')) AS d (due)
            WHERE id = \(portal)
            """
        )
    }

    func scheduler() throws -> Scheduler {
        Scheduler(
            database: database.workerDatabase,
            registry: try JobRegistry([Probe()]),
            queue: queue,
            logger: logger
        )
    }

    /// "local time state reason" of each run.
    func runs() async throws -> [String] {
        try await database.sql(
            "SELECT to_char(local_at, 'YYYY-MM-DD HH24:MI') || ' ' || state || coalesce(' ' || reason, '') "
                + "FROM run ORDER BY local_at, id"
        ).compactMap { $0.first ?? nil }
    }
}

struct ProbeOrder: Codable, Sendable {
    var word: String
}

/// Does what its word says.
struct Probe: JobHandler {
    static let kind = "tests.probe"
    static let queue = "tests"
    static let backoff = Backoff(first: .seconds(60), longest: .seconds(600))

    var seen = Seen()

    func run(_ job: JobContext) async throws -> JobOutcome {
        let word = try? job.decode(ProbeOrder.self).word
        seen.note("\(job.id):\(word ?? "")")
        switch word {
        case "fail": throw JobFailure("gateway_closed")
        case "fail oddly": throw CancellationError()
        case "snooze": return .delay(.seconds(3600))
        case "cancel": return .cancel(reason: "invoice_paid")
        default: return .done
        }
    }
}

/// What handlers met.
final class Seen: Sendable {
    private let notes = Mutex<[String]>([])

    func note(_ text: String) { notes.withLock { $0.append(text) } }
    var all: [String] { notes.withLock { $0 } }
}
