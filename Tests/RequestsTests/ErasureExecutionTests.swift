import Access
import Audit
import DeskKit
import Logging
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct ErasureExecutionTests {
    private func approved(country: String = "PL") async throws -> ErasureBench {
        let bench = try await ErasureBench.make(country: country)
        try await bench.plan()
        try await bench.approve()
        return bench
    }

    @Test("What the plan erases is gone, counted to zero, and what the law keeps is restricted")
    func executed() async throws {
        let bench = try await approved()
        #expect(try await bench.execute() == .partial)
        for gone in ["contact", "client_term", "access"] {
            #expect(try await bench.count("\(gone) WHERE client_id = 1") == 0, "\(gone)")
        }
        #expect(try await bench.count("account") == 1, "the shared account stays")
        #expect(try await bench.count("application WHERE form = '{}' AND client_name = ''") == 1)
        #expect(try await bench.count("inbox_message") == 0)
        #expect(try await bench.count("message WHERE state = 'cancelled' AND recipient_hint = ''") == 1)
        #expect(try await bench.count("invoice") == 1)
        #expect(try await bench.count("client WHERE name = 'Anna Nowak'") == 2, "the voucher needs the name")
        #expect(try await bench.count("client_restriction WHERE client_id = 1 AND until = '2030-12-31'") == 1)
        let lines = try await bench.lines()
        #expect(lines.filter { $0.action != .keep }.allSatisfy { $0.remaining == 0 })
        #expect(lines.filter { $0.action == .keep }.allSatisfy { $0.remaining == nil })
        #expect(try await bench.count("contact WHERE client_id = 2") == 2)
        #expect(try await bench.count("client_term WHERE client_id = 2") > 0)
        #expect(try await bench.count("audit_event WHERE action = 'client_erasure.executed' AND client_id = 1") == 1)
        await #expect(throws: ErasureRefusal.doneAlready) { try await bench.execute() }
        await #expect(throws: ErasureRefusal.doneAlready) { try await bench.plan() }
    }

    @Test("The ledger is written with references and counts alone, and nobody changes it")
    func ledger() async throws {
        let bench = try await approved()
        try await bench.execute()
        #expect(
            try await bench.test.value("SELECT array_to_string(classes, ' ') FROM erasure_ledger WHERE cells > 10")
                == "application audit contact message portal"
        )
        await #expect(throws: (any Error).self) { try await bench.test.sql("DELETE FROM erasure_ledger") }
        await #expect(throws: (any Error).self) { try await bench.test.sql("UPDATE erasure_ledger SET cells = 0") }
    }

    @Test("A destroyed key leaves the line of the trail and takes its values; it never comes back")
    func keys() async throws {
        let bench = try await approved()
        let audit = bench.audit
        func personal(_ client: ClientID) async throws -> [[String: String]] {
            try await bench.test.database.transaction(.portal(ErasureBench.portal)) { session in
                try audit.history(ofClient: client, portal: ErasureBench.portal, opening: true, in: session)
                    .filter { $0.action == "contact.changed" }.map(\.personal)
            }
        }
        #expect(try await personal(ClientID(1)) == [["phone": "+48500111222"]])
        try await bench.execute()
        #expect(try await personal(ClientID(1)) == [[:]])
        #expect(try await personal(ClientID(2)) == [["phone": "+48500111222"]])
        await #expect(throws: (any Error).self) {
            try await bench.act(1) { desk, session in
                try desk.audit.keys.seal(
                    [1],
                    portal: desk.portal,
                    owner: .client(desk.client),
                    class: .message,
                    in: session
                )
            }
        }
        await #expect(throws: (any Error).self) {
            try await bench.test.sql("UPDATE subject_key SET wrapped = 'x', destroyed_at = NULL WHERE subject_id = 1")
        }
        #expect(try await bench.count("subject_key WHERE subject_id = 2 AND wrapped IS NOT NULL") == 2)
    }

    @Test("Data that changed after the approval send the plan back, and nothing is erased")
    func changed() async throws {
        let bench = try await approved()
        try await bench.test.sql(
            "INSERT INTO contact (portal_id, client_id, kind, value) VALUES (1, 1, 'phone', '+481')"
        )
        #expect(try await bench.execute() == .planned)
        #expect(try await bench.count("contact WHERE client_id = 1") == 3)
        #expect(try await bench.count("erasure WHERE state = 'planned' AND approved_by IS NULL") == 1)
        #expect(try await bench.count("audit_event WHERE action = 'client_erasure.changed'") == 1)
        await #expect(throws: ErasureRefusal.planChanged) { try await bench.approve() }
        try await bench.plan()
        try await bench.approve()
        #expect(try await bench.execute() == .partial)
        #expect(try await bench.count("contact WHERE client_id = 1") == 0)
    }

    @Test("Of two officers who approve at once one succeeds, and the other is told")
    func twoApprove() async throws {
        let bench = try await ErasureBench.make()
        try await bench.plan()
        let outcomes = await withTaskGroup(of: ErasureRefusal?.self) { group in
            for officer in [2, 3] as [Int64] {
                group.addTask {
                    do {
                        try await bench.approve(by: officer)
                        return nil
                    } catch {
                        return error as? ErasureRefusal
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.contains(nil))
        #expect(outcomes.contains(.approvedAlready))
        #expect(try await bench.count("audit_event WHERE action = 'client_erasure.approved'") == 1)
    }

    @Test("Of two who carry out at once one does, and the other is told")
    func twoExecute() async throws {
        let bench = try await approved()
        let outcomes = await withTaskGroup(of: String.self) { group in
            for officer in [1, 3] as [Int64] {
                group.addTask {
                    do {
                        return try await bench.execute(by: officer).rawValue
                    } catch {
                        return (error as? ErasureRefusal)?.rawValue ?? "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.sorted() == ["done_already", "partial"])
        #expect(try await bench.count("erasure_ledger") == 1)
    }

    @Test("An approved plan cannot be altered, and only its execution calls it executed")
    func tampering() async throws {
        let bench = try await approved()
        for forbidden in [
            "UPDATE erasure SET state = 'done', executed_by = 3, finished_at = now()",
            "UPDATE erasure SET plan_hash = 'x'", "DELETE FROM erasure_line",
            "INSERT INTO client_restriction (portal_id, client_id, erasure_id) VALUES (1, 2, 1)",
        ] {
            let catalog = try QueryCatalog(sources: ["forged": "-- name: write :exec\n\(forbidden);\n"])
            let forger = Database(
                configuration: bench.test.database.configuration,
                catalog: catalog,
                logger: Logger(label: "test")
            )
            await #expect(throws: PostgresError.self, "\(forbidden)") {
                try await forger.transaction(.portal(ErasureBench.portal)) { session in
                    try session.run(Statement("forged.write"))
                }
            }
            await forger.close()
        }
    }

    @Test("When the last reason has ended, the night erases the rest without being asked")
    func night() async throws {
        let bench = try await approved()
        try await bench.execute()
        try await bench.night()
        #expect(try await bench.count("invoice") == 1, "too early")
        try await bench.test.sql(
            // The years that pass: no write that anybody may make.
            """
            SET session_replication_role = replica;
            UPDATE contract SET ended_on = '2016-12-31'; UPDATE payment SET paid_on = '2016-01-01';
            RESET session_replication_role
            """
        )
        try await bench.test.sql(
            "UPDATE invoice SET due_on = '2016-01-01'; UPDATE instalment SET due_on = '2016-01-01'"
        )
        try await bench.test.sql(
            "SET ROLE portaldesk_owner; UPDATE erasure SET next_on = '2022-01-01'; RESET ROLE"
        )
        try await bench.night()
        for gone in ["invoice", "contract", "instalment", "payment"] {
            #expect(try await bench.count(gone) == 0, "\(gone)")
        }
        #expect(try await bench.count("client WHERE id = 1 AND name ~ '^\\*[0-9A-F]{10}$' AND address IS NULL") == 1)
        #expect(try await bench.test.value("SELECT state FROM erasure") == "done")
        #expect(try await bench.lines().allSatisfy { $0.remaining == 0 })
        #expect(try await bench.count("erasure_ledger") == 2)
        #expect(try await bench.count("audit_event WHERE action = 'client_erasure.finished'") == 1)
        try await bench.night()
        #expect(try await bench.count("audit_event WHERE action = 'client_erasure.finished'") == 1)
    }
}

/// The erasure that a client asked for.
@Suite struct ErasureRequestTests {
    private func asked(_ state: String) async throws -> ErasureBench {
        let bench = try await ErasureBench.make()
        try await bench.test.sql(
            """
            INSERT INTO client_request (portal_id, kind, state, client_id, channel, requester_name, reply_to,
                language, statement, received_on, clock_number, clock_unit, statutory_due, effective_due, internal_due,
                proposed_by, decision, decided_by)
            VALUES (1, 'erasure', '\(state)', 1, 'email', 'Anna Nowak', 'anna@example.com', 'pl', 'Please',
                '2026-11-01',
                1, 'month', '2026-12-01', '2026-12-01', '2026-11-25', 1, 'granted', 2)
            """
        )
        try await bench.plan()
        try await bench.approve()
        return bench
    }

    @Test("It is carried out only once it was decided, by somebody else, and ends the request with it")
    func decided() async throws {
        let bench = try await asked("executing")
        await #expect(throws: ErasureRefusal.ownApproval) { try await bench.execute(by: 2) }
        #expect(try await bench.execute(by: 3) == .partial)
        #expect(try await bench.count("client_request WHERE state = 'partial' AND executed_by = 3") == 1)
        #expect(try await bench.count("client_request WHERE reply_to IS NULL AND statement = ''") == 1)
        #expect(try await bench.count("erasure WHERE request_id IS NOT NULL") == 1)
    }

    @Test("An undecided request keeps it from being carried out")
    func undecided() async throws {
        let bench = try await asked("decision")
        await #expect(throws: ErasureRefusal.requestUndecided) { try await bench.execute(by: 3) }
        #expect(try await bench.count("contact WHERE client_id = 1") == 2)
    }
}
