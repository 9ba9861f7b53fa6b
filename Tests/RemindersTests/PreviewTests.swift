import DeskKit
import JobRunner
import Postgres
import TestKit
import Testing

@testable import Reminders

struct PreviewTests {
    private func filled() async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.account(2, for: 1, by: "none")
        try await bench.account(3, for: 1, by: "email")
        try await bench.client(4)
        for id in 1...4 { try await bench.instalment(id, of: id == 4 ? 4 : 1, due: "2026-11-25") }
        try await bench.pay(2)
        return bench
    }

    private func preview(
        _ bench: Bench,
        _ subject: RuleSubject = .instalment,
        on date: CivilDate = Bench.today,
        page: PageRequest = PageRequest()
    ) async throws -> RunPreview {
        try await bench.test.database.read(.portal(Bench.portal)) { session in
            try ReminderPreview(subject: subject).preview(portal: Bench.portal, date: date, page: page, in: session)
        }
    }

    @Test func `the preview says what the run then does, and writes nothing`() async throws {
        let bench = try await filled()
        let preview = try await preview(bench)
        #expect(try await bench.reminders() == [])
        try await bench.plan()
        let said = preview.recipients.rows.map { row in
            let outcome = row.outcome == "send" ? "planned" : "skipped"
            return ["\(row.account?.rawValue ?? 0)", outcome, row.reason].compactMap(\.self).joined(separator: " ")
        }
        let done = try await bench.lines(
            "account_id || ' ' || state || coalesce(' ' || reason, '')",
            "reminder",
            "subject_id, account_id"
        )
        #expect(said == done)
        #expect(done.count == 10)
        #expect(
            preview.counts == ["send": 4, "skip": 6, "skip.paid": 3, "skip.opted_out": 2, "skip.no_account": 1]
        )
    }

    @Test func `a day that is planned already is shown as such`() async throws {
        let bench = try await filled()
        try await bench.plan()
        let preview = try await preview(bench)
        #expect(preview.counts == ["skip": 10, "skip.already": 10])
    }

    @Test func `insurance is previewed rung by rung`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.policy(1, to: "2026-12-20")
        try await bench.policy(2, kind: "AC", to: "2026-12-04")
        try await bench.policy(3, from: "2026-12-21", to: "2027-12-20")
        let preview = try await preview(bench, .policy)
        #expect(preview.recipients.rows.map(\.subject) == ["P1", "P2"])
        #expect(preview.counts == ["send": 1, "skip": 1, "skip.renewed": 1])
    }

    @Test func `recipients are masked`() async throws {
        let preview = try await preview(try await filled())
        #expect(Set(preview.recipients.rows.compactMap(\.recipient)) == ["+48 ••• ••• 127", "a•••@example.com"])
        #expect(Set(preview.recipients.rows.compactMap(\.channel)) == ["sms", "email"])
    }

    @Test func `pages of a preview and of a run are walked forth and back`() async throws {
        let bench = try await filled()
        let all = try await preview(bench).recipients.rows
        var walked: [RunRecipient] = []
        var ask = PageRequest(size: 3)
        while true {
            let slice = try await preview(bench, page: ask).recipients
            walked += slice.rows
            guard let after = slice.after else { break }
            ask = PageRequest(key: after, size: 3)
        }
        #expect(walked == all)
        let back = try await preview(
            bench,
            page: PageRequest(key: PageKey("4.0.0"), direction: .backward, size: 3)
        ).recipients
        #expect(back.rows == Array(all[6..<9]))

        try await bench.plan()
        let (first, second) = try await bench.test.database.read(.portal(Bench.portal)) { session in
            let source = ReminderRecipients(subject: .instalment)
            let first = try source.recipients(
                of: Bench.run,
                portal: Bench.portal,
                outcome: "skipped",
                page: PageRequest(size: 4),
                in: session
            )
            let second = try source.recipients(
                of: Bench.run,
                portal: Bench.portal,
                outcome: "skipped",
                page: PageRequest(key: first.after, size: 4),
                in: session
            )
            return (first.rows, second.rows)
        }
        #expect(first.count == 4)
        #expect(second.count == 2)
        #expect(Set((first + second).map(\.outcome)) == ["skipped"])
    }

    @Test func `a run's counts follow its messages`() async throws {
        let bench = try await filled()
        try await bench.plan()
        try await bench.sendAll()
        try await bench.test.sql("UPDATE message SET state = 'cancelled', reason = 'paid' WHERE id = 1")
        let (counts, rows) = try await bench.test.database.read(.portal(Bench.portal)) { session in
            let source = ReminderRecipients(subject: .instalment)
            return (
                try source.counts(of: Bench.run, portal: Bench.portal, in: session),
                try source.recipients(
                    of: Bench.run,
                    portal: Bench.portal,
                    outcome: "cancelled",
                    page: PageRequest(),
                    in: session
                ).rows
            )
        }
        #expect(
            counts == [
                "planned": 3, "cancelled": 1, "cancelled.paid": 1, "skipped": 6, "skipped.paid": 3,
                "skipped.opted_out": 2, "skipped.no_account": 1,
            ]
        )
        #expect(rows.map(\.reason) == ["paid"])
        #expect(rows.map(\.recipient) == ["+48 ••• ••• 127"])
    }
}
