import Access
import DeskKit
import DeskWeb
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct ErasurePlanTests {
    @Test("The plan names what is erased and what the law keeps, until when")
    func plan() async throws {
        let bench = try await ErasureBench.make()
        try await bench.plan()
        let lines = try await bench.lines()
        func line(_ table: String, _ column: String) -> ErasureLine? {
            lines.first { $0.tableName == table && $0.columnName == column }
        }
        #expect(line("contact", "value")?.action == .delete)
        #expect(line("contact", "value")?.cells == 2)
        #expect(line("application", "form")?.action == .erase)
        #expect(line("audit_event", "personal")?.action == .destroyKey)
        #expect(line("account", "phone")?.cells == 1, "the other client's account is theirs too")
        #expect(line("invoice", "number")?.action == .keep)
        #expect(line("invoice", "number")?.reason == "law")
        #expect(line("invoice", "number")?.until?.iso == "2030-12-31")
        #expect(line("invoice", "number")?.law?.contains("art. 74") == true)
        #expect(
            line("client", "personal_number")?.until?.iso == "2030-03-31",
            "five years from the end of relationship"
        )
        #expect(try await bench.count("audit_event WHERE action = 'client_erasure.planned' AND client_id = 1") == 1)
    }

    @Test("Each country's law has its own period", arguments: [("PL", "2030"), ("HU", "2033"), ("RU", "2030")])
    func countries(country: String, year: String) async throws {
        let bench = try await ErasureBench.make(country: country)
        try await bench.plan()
        let kept = try await bench.lines().first { $0.tableName == "contract" }
        #expect(kept?.until?.iso == "\(year)-12-31")
    }

    @Test("A client who never had a contract is erased whole")
    func nothingKept() async throws {
        let bench = try await ErasureBench.make()
        try await bench.test.sql(
            "DELETE FROM payment; DELETE FROM instalment; DELETE FROM invoice; DELETE FROM contract"
        )
        try await bench.plan()
        #expect(try await bench.lines().filter { $0.action == .keep }.map(\.tableName) == [])
        try await bench.approve()
        #expect(try await bench.execute() == .done)
        #expect(try await bench.count("client WHERE id = 1 AND name ~ '^\\*' AND tax_number IS NULL") == 1)
        #expect(try await bench.count("client_restriction WHERE client_id = 1 AND until IS NULL") == 1)
    }

    @Test("Who has a running contract is not erased")
    func runningContract() async throws {
        let bench = try await ErasureBench.make(endedOn: nil)
        await #expect(throws: ErasureRefusal.contractRuns) { try await bench.plan() }
        #expect(try await bench.count("erasure") == 0)
    }

    @Test("A hold keeps everything until somebody releases it")
    func hold() async throws {
        let bench = try await ErasureBench.make()
        try await bench.act(1) { desk, session in
            try PlaceHold(reason: .dispute, reviewOn: try #require(CivilDate(iso: "2027-01-01"))).run(desk, in: session)
        }
        try await bench.plan()
        #expect(Set(try await bench.lines().map(\.action)) == [.keep])
        #expect(Set(try await bench.lines().map(\.reason)) == ["hold"])
        try await bench.approve()
        #expect(try await bench.execute() == .partial)
        #expect(try await bench.count("contact WHERE client_id = 1") == 2)
        try await bench.act(1) { try ReleaseHold(hold: 1).run($0, in: $1) }
        try await bench.night()
        #expect(try await bench.count("contact WHERE client_id = 1") == 0)
        #expect(try await bench.count("invoice") == 1, "the law still keeps it")
        await #expect(throws: ErasureRefusal.noSuchHold) {
            try await bench.act(1) { try ReleaseHold(hold: 1).run($0, in: $1) }
        }
        #expect(try await bench.count("audit_event WHERE action LIKE 'client_erasure.hold%'") == 2)
    }

    @Test("Nobody approves their own plan, and the database refuses it too")
    func ownPlan() async throws {
        let bench = try await ErasureBench.make()
        try await bench.plan(by: 1)
        await #expect(throws: ErasureRefusal.ownPlan) { try await bench.approve(by: 1) }
        await #expect(throws: (any Error).self) {
            try await bench.test.sql(
                "UPDATE erasure SET state = 'approved', approved_by = made_by, approved_at = now()"
            )
        }
    }

    @Test("Whoever approved does not carry out, and the database refuses it too")
    func ownApproval() async throws {
        let bench = try await ErasureBench.make()
        try await bench.plan(by: 1)
        try await bench.approve(by: 2)
        await #expect(throws: ErasureRefusal.ownApproval) { try await bench.execute(by: 2) }
        let refusal = await #expect(throws: PostgresError.self) {
            try await bench.act(2) { desk, session in
                try session.one(ErasureQueries.eraseClient, desk.place(ErasureID(1)).merging(["staff": 2]) { $1 })
            }
        }
        #expect(refusal?.constraint == "erasure_is_approved")
        #expect(try await bench.count("contact WHERE client_id = 1") == 2)
    }

    @Test("Another plan, a wrong number and no plan are refused in words")
    func refusals() async throws {
        let bench = try await ErasureBench.make()
        await #expect(throws: ErasureRefusal.noPlan) { try await bench.approve() }
        await #expect(throws: ErasureRefusal.noPlan) { try await bench.execute() }
        try await bench.plan()
        await #expect(throws: ErasureRefusal.otherPlan) { try await bench.approve(hash: "00") }
        await #expect(throws: ErasureRefusal.wrongNumber) { try await bench.approve(number: "K-2") }
        await #expect(throws: ErasureRefusal.notApproved) { try await bench.execute() }
        try await bench.approve()
        await #expect(throws: ErasureRefusal.approvedAlready) { try await bench.plan() }
        await #expect(throws: ErasureRefusal.approvedAlready) { try await bench.approve(by: 3) }
    }

    @Test("A plan is returned to its maker, and abandoned for good")
    func returned() async throws {
        let bench = try await ErasureBench.make()
        try await bench.plan()
        try await bench.approve()
        try await bench.act(3) { try ReturnErasure(isDropped: false).run($0, in: $1) }
        #expect(try await bench.test.value("SELECT state FROM erasure") == "planned")
        try await bench.act(1) { try ReturnErasure(isDropped: true).run($0, in: $1) }
        #expect(try await bench.test.value("SELECT state FROM erasure") == "dropped")
        try await bench.plan()
        #expect(try await bench.count("erasure") == 2)
        #expect(try await bench.count("audit_event WHERE action ~ '^client_erasure.(returned|dropped)$'") == 2)
    }

    @Test("Missing rights and other portals are refused")
    func rights() async throws {
        let bench = try await ErasureBench.make()
        await #expect(throws: AccessDenied.self) {
            try await bench.act(1, .helpdesk) { try MakeErasurePlan().run($0, in: $1) }
        }
        await #expect(throws: PageError.self) {
            try await bench.act(1, portal: PortalID(2)) { try MakeErasurePlan().run($0, in: $1) }
        }
        let refusal = await #expect(throws: PostgresError.self) {
            try await bench.test.database.read(.portal(PortalID(2))) { session in
                try session.one(
                    ErasureQueries.liveHash,
                    ["portal": ErasureBench.portal, "client": ErasureBench.client]
                )
            }
        }
        #expect(refusal?.code == .permissionDenied)
        try await bench.plan()
        await #expect(throws: AccessDenied.self) {
            try await bench.act(2, .helpdesk) { try ApproveErasure(hash: "", number: "").run($0, in: $1) }
        }
        await #expect(throws: AccessDenied.self) {
            try await bench.act(2, .verifier) { try CarryOutErasure().run($0, in: $1) }
        }
        await #expect(throws: AccessDenied.self) {
            try await bench.act(2, .verifier) { try ReleaseHold(hold: 1).run($0, in: $1) }
        }
    }
}
