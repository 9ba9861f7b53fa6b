import Access
import DeskKit
import Hummingbird
import Logging
import Operations
import Postgres
import Synchronization

/// What watches over a process: does it serve, is its database right, how busy is it.
struct Health: Sendable {
    let database: Database
    let migrator: Migrator
    let logger: Logger

    func addRoutes(to router: Router<DeskContext>) {
        router.get("/healthz") { _, _ in text("ok\n", .ok) }
        router.get("/readyz") { _, _ in await ready() }
        router.get("/metrics") { _, _ in await metrics() }
    }

    /// 200 when the database answers and no migration waits; 503 with the reason otherwise.
    private func ready() async -> Response {
        do {
            let pending = try await migrator.pending(in: database)
            guard pending.isEmpty else {
                return text("migrations wait: \(pending.joined(separator: ", "))\n", .serviceUnavailable)
            }
            return text("ready\n", .ok)
        } catch {
            logger.warning("not ready", metadata: ["error": "\(error)"])
            return text("the database does not answer\n", .serviceUnavailable)
        }
    }

    /// Prometheus text format 0.0.4. While the database does not answer, the figures of the jobs are missing.
    private func metrics() async -> Response {
        let pool = database.metrics
        let gauges: [(String, String, Double)] = [
            ("portaldesk_database_connections_open", "Open connections", Double(pool.open)),
            ("portaldesk_database_connections_idle", "Idle connections", Double(pool.idle)),
            ("portaldesk_database_waiting", "Callers waiting for a connection", Double(pool.waiting)),
        ]
        let counters: [(String, String, Double)] = [
            ("portaldesk_database_acquired_total", "Connections lent", Double(pool.acquired)),
            ("portaldesk_database_wait_seconds_total", "Time spent waiting for a connection", pool.waitSeconds),
            ("portaldesk_database_timeouts_total", "Callers that waited in vain", Double(pool.timeouts)),
            ("portaldesk_database_discarded_total", "Connections given up", Double(pool.discarded)),
        ]
        let lines =
            gauges.map { "# HELP \($0.0) \($0.1)\n# TYPE \($0.0) gauge\n\($0.0) \($0.2)\n" }
            + counters.map { "# HELP \($0.0) \($0.1)\n# TYPE \($0.0) counter\n\($0.0) \($0.2)\n" }
        let jobs = try? await database.read(.everyPortal) { try OperationsFeature.metrics(in: $0) }
        let all = lines + (jobs.map(Self.lines) ?? [])
        return text(all.joined(), .ok, type: "text/plain; version=0.0.4; charset=utf-8")
    }

    /// Names and labels are ours: keys, queues, kinds.
    private static func lines(_ metrics: [Metric]) -> [String] {
        Dictionary(grouping: metrics, by: \.name).sorted { $0.key < $1.key }.map { name, values in
            "# TYPE \(name) gauge\n"
                + values.map { "\(name){of=\"\($0.label)\"} \($0.value)\n" }.joined()
        }
    }

    private func text(
        _ body: String,
        _ status: HTTPResponse.Status,
        type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: body))
        )
    }
}
