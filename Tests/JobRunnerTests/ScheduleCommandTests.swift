import Audit
import DeskKit
import Postgres
import Secrets
import TestKit
import Testing

@testable import JobRunner

@Suite struct ScheduleCommandTests {
    private struct Desk: Sendable {
        let bench: Bench
        let schedules: Schedules
        let quarantine: Quarantine

        /// Does something to the schedule in the console's own transaction.
        @discardableResult
        func act<T: Sendable>(
            _ body: @escaping @Sendable (Schedules, Schedules.Order, Session) throws -> T
        ) async throws -> T {
            let schedules = schedules
            let order = Schedules.Order(portal: Bench.warsaw, name: "tests.probe", actor: .commandLine)
            return try await bench.database.database.transaction(.portal(Bench.warsaw)) { session in
                try body(schedules, order, session)
            }
        }

        func audit() async throws -> [String] {
            try await bench.database.sql(
                "SELECT action || ' ' || subject_kind || ' ' || facts FROM audit_event ORDER BY id"
            )
            .compactMap { $0.first ?? nil }
        }

        func row() async throws -> String? {
            try await bench.database.value(
                """
                SELECT cron || ' ' || changed_in_console || ' ' || coalesce(paused_reason, '-') || ' '
                    || to_char(next_local, 'HH24:MI') || ' ' || (next_at > now()) FROM schedule
                """
            )
        }
    }

    private func desk() async throws -> Desk {
        let bench = try await Bench.make()
        try await bench.schedule(cron: "0 9 * * *", due: "2124-01-01 09:00")
        let audit = AuditTrail(keyRing: try KeyRing.ephemeral())
        return Desk(
            bench: bench,
            schedules: Schedules(audit: audit, queue: bench.queue),
            quarantine: Quarantine(audit: audit, queue: bench.queue)
        )
    }

    @Test func `a pause keeps its reason and is audited`() async throws {
        let desk = try await desk()
        try await desk.act { try $0.pause($1, reason: "  the gateway\n is down ", in: $2) }
        #expect(try await desk.row() == "0 9 * * * false the gateway is down 09:00 true")
        #expect(
            try await desk.audit() == [
                #"schedule.paused schedule {"reason": "the gateway is down", "schedule": "tests.probe"}"#
            ]
        )
    }

    @Test func `a pause without a reason, or of what is paused, is refused`() async throws {
        let desk = try await desk()
        await #expect(throws: Schedules.Refusal.reasonMissing) {
            try await desk.act { try $0.pause($1, reason: " \n", in: $2) }
        }
        await #expect(throws: Schedules.Refusal.reasonTooLong) {
            try await desk.act { try $0.pause($1, reason: String(repeating: "x", count: 301), in: $2) }
        }
        #expect(try await desk.audit().isEmpty)
        try await desk.act { try $0.pause($1, reason: "holidays", in: $2) }
        await #expect(throws: Schedules.Refusal.alreadyPaused) {
            try await desk.act { try $0.pause($1, reason: "again", in: $2) }
        }
        #expect(try await desk.audit().count == 1)
    }

    @Test func `what is resumed runs at its next time, and only what is paused can be`() async throws {
        let desk = try await desk()
        await #expect(throws: Schedules.Refusal.notPaused) { try await desk.act { try $0.resume($1, in: $2) } }
        try await desk.act { try $0.pause($1, reason: "holidays", in: $2) }
        try await desk.bench.database.sql("UPDATE schedule SET next_at = '2020-01-01Z', next_local = '2020-01-01'")
        try await desk.act { try $0.resume($1, in: $2) }
        #expect(try await desk.row() == "0 9 * * * false - 09:00 true")
        #expect(try await desk.audit().last?.hasPrefix("schedule.resumed") == true)
    }

    @Test func `a changed time winds the schedule up anew`() async throws {
        let desk = try await desk()
        try await desk.act { try $0.changeTime($1, cron: "15  7 * * MON", version: 1, in: $2) }
        #expect(try await desk.row() == "15 7 * * mon true - 07:15 true")
        #expect(
            try await desk.audit() == [
                #"schedule.time_changed schedule {"to": "15 7 * * mon", "from": "0 9 * * *", "#
                    + #""schedule": "tests.probe"}"#
            ]
        )
    }

    @Test func `an impossible, a same and a late change of time are refused`() async throws {
        let desk = try await desk()
        func change(_ cron: String, _ version: Int) async throws {
            try await desk.act { try $0.changeTime($1, cron: cron, version: version, in: $2) }
        }
        await #expect(throws: Schedules.Refusal.cron(CronFault(.value, field: .hour))) {
            try await change("0 99 * * *", 1)
        }
        await #expect(throws: Schedules.Refusal.sameTime) { try await change("0 9 * * *", 1) }
        await #expect(throws: Schedules.Refusal.changedMeanwhile) { try await change("0 8 * * *", 7) }
        #expect(try await desk.audit().isEmpty)
        #expect(try await desk.row() == "0 9 * * * false - 09:00 true")
    }

    @Test func `a reset brings back the file's time and ends the pause`() async throws {
        let desk = try await desk()
        await #expect(throws: Schedules.Refusal.nothingToReset) { try await desk.act { try $0.reset($1, in: $2) } }
        try await desk.act { try $0.changeTime($1, cron: "0 7 * * *", version: nil, in: $2) }
        try await desk.act { try $0.pause($1, reason: "holidays", in: $2) }
        try await desk.act { try $0.reset($1, in: $2) }
        #expect(try await desk.row() == "0 9 * * * false - 09:00 true")
        #expect(try await desk.audit().last?.hasPrefix("schedule.reset") == true)
    }

    @Test func `a schedule that is not there is refused`() async throws {
        let desk = try await desk()
        try await desk.bench.database.sql("UPDATE schedule SET present = false")
        await #expect(throws: Schedules.Refusal.unknownSchedule) { try await desk.act { try $0.resume($1, in: $2) } }
        await #expect(throws: Runs.Refusal.unknownSchedule) {
            try await desk.act { try $0.runNow($1, on: nil, in: $2) }
        }
    }

    @Test func `a run by hand is for the day given and is audited`() async throws {
        let desk = try await desk()
        let run = try await desk.act { try $0.runNow($1, on: CivilDate(iso: "2026-05-04"), in: $2) }
        #expect(
            try await desk.audit() == [#"run.started run {"date": "2026-05-04", "schedule": "tests.probe"}"#]
        )
        let payload = try await desk.bench.database.value("SELECT payload ->> 'date' FROM job WHERE run_id = \(run)")
        #expect(payload == "2026-05-04")
    }

    @Test func `a quarantined job is redriven or discarded once, with its audit row`() async throws {
        let desk = try await desk()
        let (redriven, discarded) = (
            try #require(try await desk.bench.enqueue("fail")), try #require(try await desk.bench.enqueue("fail"))
        )
        try await desk.bench.database.sql("UPDATE job SET state = 'quarantined', attempt = 3, error_code = 'x'")
        let quarantine = desk.quarantine
        @Sendable func redrive(_ job: JobID) async throws {
            try await desk.act { _, order, session in
                try quarantine.redrive(job, portal: order.portal, by: order.actor, in: session)
            }
        }
        try await redrive(redriven)
        await #expect(throws: Quarantine.Refusal.notThere) { try await redrive(redriven) }
        try await desk.act { _, order, session in
            try quarantine.discard(discarded, portal: order.portal, by: order.actor, in: session)
        }
        await #expect(throws: Quarantine.Refusal.notThere) { try await redrive(discarded) }
        #expect(try await desk.bench.states() == ["ready"])
        #expect(try await desk.bench.history() == ["cancelled discarded"])
        #expect(try await desk.audit().map { $0.prefix { $0 != " " } } == ["job.redriven", "job.discarded"])
        #expect(try await desk.bench.worker().workThrough() == 1)
        #expect(try await desk.bench.states() == ["waiting"])
    }

    @Test func `a job of another portal is out of reach`() async throws {
        let desk = try await desk()
        let job = try #require(try await desk.bench.enqueue("fail", portal: Bench.moscow))
        try await desk.bench.database.sql("UPDATE job SET state = 'quarantined', attempt = 3")
        let quarantine = desk.quarantine
        await #expect(throws: Quarantine.Refusal.notThere) {
            try await desk.act { _, order, session in
                try quarantine.redrive(job, portal: Bench.moscow, by: order.actor, in: session)
            }
        }
    }
}
