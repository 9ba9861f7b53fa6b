import Access
import DeskKit
import HTTPTypes
import TestKit
import Testing

@testable import Operations

@Suite struct AuditPageTests {
    private func console() async throws -> Console {
        let console = try await Console.make()
        try await console.database.sql(
            """
            INSERT INTO client (portal_id, kind, name, customer_number, country, language) VALUES (1,
                'company', 'Żak', 'C-7', 'PL', 'pl');
            INSERT INTO audit_event (portal_id, at, action, actor_kind, actor_id, actor_name, subject_kind, subject_id,
                client_id, facts)
            SELECT 1, timestamptz '2026-05-04 08:00Z' + n * interval '1 minute', 'schedule.paused', 'staff', 1, 'Eva',
                'schedule', 1, NULL, jsonb_build_object('schedule', 'reminders.payments', 'reason', 'reason ' || n)
            FROM generate_series(1, 60) AS n;
            INSERT INTO audit_event (portal_id, at, action, actor_kind, actor_id, actor_name, subject_kind, subject_id,
                client_id, facts) VALUES
                (1, '2026-05-05 08:00Z', 'run.started', 'staff', 2, 'Ola', 'run', 1, 1, '{"date": "2026-05-05"}'),
                (3, '2026-05-05 08:00Z', 'run.started', 'staff', 2, 'Hidden', 'run', 1, NULL, '{}'),
                (0, '2026-05-05 09:00Z', 'schedule.reset', 'system', NULL, '', 'schedule', 1, NULL, '{}');
            INSERT INTO staff_role (portal_id, staff_id, role) VALUES (1, 1, 'scheduler'), (1, 2, 'helpdesk')
            """
        )
        return console
    }

    @Test func `the trail is shown newest first, in words, by key`() async throws {
        let console = try await console()
        let first = try await console.get("/audit", as: [.auditor])
        #expect(first.status == .ok)
        #expect(first.body.contains("Paused “Payment reminders”: reason 60"))
        #expect(first.body.contains("5 May 2026, 10:00:00") && first.body.contains("System"))
        #expect(!first.body.contains("Hidden") && !first.body.contains(": reason 2<"))
        let mark = try #require(first.body.firstRange(of: "after="))
        let key = first.body[mark.upperBound...].prefix { $0 != "\"" && $0 != "&" }
        let second = try await console.get("/audit?after=\(key)", as: [.auditor])
        #expect(second.body.contains(": reason 2<") && !second.body.contains("reason 60"))
        let back = try #require(second.body.firstRange(of: "before="))
        let edge = second.body[back.upperBound...].prefix { $0 != "\"" && $0 != "&" }
        #expect(try await console.get("/audit?before=\(edge)", as: [.auditor]).body.contains("reason 60"))
    }

    @Test(arguments: [
        ("who=Ola", "Started “–” for 2026-05-05"), ("action=run.started", "Started “–” for 2026-05-05"),
        ("client=C-7", "Started “–” for 2026-05-05"), ("on=2026-05-05", "Started “–” for 2026-05-05"),
    ])
    func `each filter narrows the trail`(query: String, expected: String) async throws {
        let answer = try await console().get("/audit?\(query)", as: [.auditor])
        #expect(answer.body.contains(expected) && !answer.body.contains(": reason 60"))
    }

    @Test func `a filter that cannot be is said at its field`() async throws {
        let console = try await console()
        let number = try await console.get("/audit?client=C-8", as: [.auditor])
        #expect(number.status == .unprocessableContent && number.body.contains("No client has this customer number."))
        let day = try await console.get("/audit?on=2026-02-31", as: [.auditor])
        #expect(day.status == .unprocessableContent && day.body.contains("2026-02-31"))
    }

    @Test func `who may not read the trail is told so`() async throws {
        #expect(try await console().get("/audit", as: [.scheduler]).status == .forbidden)
    }
}
