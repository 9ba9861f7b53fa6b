import Access
import Audit
import DeskKit
import DeskWeb
import JobRunner
import Messaging
import Postgres
import Secrets
import TestKit
import Testing

@testable import Operations

@Suite struct WatchTests {
    private let console: Console
    private let outbox: Outbox

    init() async throws {
        console = try await Console.make()
        outbox = Outbox(audit: AuditTrail(keyRing: try KeyRing.ephemeral()), queue: JobQueue())
        let letters = try Letters.load(from: Repository.path("admin-web/letters"))
        try await console.database.workerDatabase.transaction(.everyPortal) { try letters.install(in: $0) }
        try await console.database.sql(
            """
            UPDATE staff SET email = login || '@example.com', language = 'pl', state = 'active', password_hash = 'x',
                totp_secret = '\\x00', totp_key_id = 'k';
            INSERT INTO staff_role (portal_id, staff_id, role) VALUES
                (1, 1, 'scheduler'), (1, 2, 'administrator'), (3, 2, 'scheduler')
            """
        )
    }

    private func look(
        _ portal: PortalID = Console.warsaw,
        _ limits: WatchJobs.Limits = WatchJobs.Limits()
    ) async throws -> Int {
        let watch = WatchJobs(outbox: outbox, catalog: console.site.catalog, limits: limits)
        return try await console.database.workerDatabase.transaction(.portal(portal)) { session in
            try watch.look(portal, in: session)
        }
    }

    private func alarms() async throws -> [String] {
        try await console.database.sql(
            "SELECT portal_id || ' ' || kind || ' ' || subject || ' ' || (told_at IS NOT NULL) FROM alarm ORDER BY 1"
        ).compactMap { $0.first ?? nil }
    }

    private func messages() async throws -> [String] {
        try await console.database.sql(
            "SELECT portal_id || ' ' || kind || ' ' || language || ' ' || recipient_hint FROM message ORDER BY id"
        ).compactMap { $0.first ?? nil }
    }

    @Test func `all being well nobody is told anything`() async throws {
        #expect(try await look() == 0)
        #expect(try await alarms() == [])
        #expect(try await messages() == [])
    }

    @Test func `a schedule that did not fire is told once to those who hold its owner's role there`() async throws {
        try await console.database.sql("UPDATE schedule SET next_at = now() - interval '6 minutes'")
        #expect(try await look() == 1)
        #expect(try await look() == 0)
        #expect(try await alarms() == ["1 schedule_late reminders.payments true"])
        let sent = try await messages()
        #expect(sent.count == 1 && sent[0].hasPrefix("1 operations.alarm pl e"))
        #expect(try await look(Console.moscow) == 1)
        #expect(try await messages().count == 2)
    }

    @Test func `what is mended goes, and what comes back is told again`() async throws {
        try await console.database.sql("UPDATE schedule SET next_at = now() - interval '6 minutes' WHERE portal_id = 1")
        _ = try await look()
        try await console.database.sql("UPDATE schedule SET next_at = now() + interval '1 hour'")
        #expect(try await look() == 0)
        #expect(try await alarms() == [])
        try await console.database.sql("UPDATE schedule SET next_at = now() - interval '1 hour' WHERE portal_id = 1")
        #expect(try await look() == 1)
        #expect(try await messages().count == 2)
    }

    @Test func `a paused schedule is not late, nor is a paused queue`() async throws {
        try await console.database.sql(
            """
            UPDATE schedule SET next_at = now() - interval '1 hour', paused_at = now(), paused_reason = 'x';
            INSERT INTO job (portal_id, kind, queue, state, run_at)
                VALUES (1, 'x', 'tests', 'ready', now() - interval '1 hour');
            INSERT INTO queue_pause (portal_id, queue, reason) VALUES (1, 'tests', 'x');
            """
        )
        #expect(try await look() == 0)
    }

    @Test func `a queue whose oldest due job is too old is told to the administrators`() async throws {
        try await console.database.sql(
            """
            INSERT INTO job (portal_id, kind, queue, state, run_at) VALUES
                (1, 'x', 'tests', 'ready', now() - interval '16 minutes'),
                (1, 'x', 'fresh', 'ready', now() - interval '14 minutes'),
                (1, 'x', 'later', 'waiting', now() - interval '1 hour')
            """
        )
        #expect(try await look() == 1)
        #expect(try await alarms() == ["1 queue_late tests true"])
        #expect(try await messages().first?.hasPrefix("1 operations.alarm pl o") == true)
        let page = try await console.get("/operations/jobs").body
        #expect(page.contains("does not flow") && page.contains("/operations/queues/warsaw/tests"))
    }

    @Test func `a session that holds an old snapshot is named, by the first portal's watch alone`() async throws {
        let limits = WatchJobs.Limits(late: 5, queue: 15, blocked: 0, deadRows: 0)
        let holder = try await DirectConnection.open(url: console.database.urls.superuser)
        try await holder.execute(
            "SET application_name = 'report'; BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM portal"
        )
        _ = try await look(Console.moscow, limits)
        #expect(try await alarms() == [])
        _ = try await look(Console.warsaw, limits)
        let found = try await alarms()
        #expect(found.contains { $0.hasPrefix("0 vacuum_blocked") && $0.contains(" report ") }, "\(found)")
        #expect(try await console.get("/operations/jobs").body.contains("report holds an old snapshot"))
        try await holder.execute("ROLLBACK")
        _ = try await look(Console.warsaw, limits)
        #expect(try await !alarms().contains { $0.contains(" report ") })
    }

    @Test func `an owner's address that is none keeps no alarm from being shown`() async throws {
        try await console.database.sql(
            """
            UPDATE staff SET email = E'a@example.com\\nBcc: b';
            UPDATE schedule SET next_at = now() - interval '1 hour'
            """
        )
        #expect(try await look() == 1)
        #expect(try await messages() == [])
        #expect(try await alarms() == ["1 schedule_late reminders.payments true"])
    }

    @Test func `the sidebar counts alarms of the portals where somebody may act`() async throws {
        try await console.database.sql("UPDATE schedule SET next_at = now() - interval '1 hour'")
        let feature = try console.feature()
        func late(_ roles: [PortalID: Set<Role>]) async throws -> Int? {
            let staff = StaffContext(id: StaffID(1), login: "eva", name: "Eva", language: "en", roles: roles)
            return try await console.database.database.read(.portals(staff.portals, staff: staff.id)) { session in
                try feature.waiting(for: staff, in: session)["/operations/jobs"]?.late
            }
        }
        #expect(try await late([Console.warsaw: [.scheduler]]) == 1)
        #expect(try await late([Console.warsaw: [.scheduler], Console.moscow: [.scheduler]]) == 2)
        #expect(try await late([Console.warsaw: [.auditor]]) == nil)
    }

    @Test func `the metrics tell lateness, age and quarantine`() async throws {
        try await console.database.sql(
            """
            UPDATE schedule SET next_at = now() - interval '1 hour' WHERE portal_id = 1;
            INSERT INTO job (portal_id, kind, queue, state, run_at, attempt) VALUES
                (1, 'x', 'tests', 'ready', now() - interval '10 minutes', 0),
                (1, 'x', 'tests', 'quarantined', now(), 3)
            """
        )
        let metrics = try await console.database.database.read(.everyPortal) { try OperationsFeature.metrics(in: $0) }
        let figures = Dictionary(uniqueKeysWithValues: metrics.map { ("\($0.name) \($0.label)", $0.value) })
        #expect(figures["portaldesk_schedules_overdue warsaw"] == 1)
        #expect(figures["portaldesk_schedules_overdue moscow"] == 0)
        #expect(figures["portaldesk_jobs_quarantined warsaw"] == 1)
        #expect((figures["portaldesk_queue_oldest_due_seconds tests"] ?? 0) >= 600)
    }
}
