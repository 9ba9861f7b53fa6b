import Audit
import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Identity
@testable import Portals

/// What holds for every step of a case alike.
struct EveryStepTests {
    static let routes = ["answers", "steps", "number", "withdrawal"]

    @Test(arguments: routes)
    func `a step is refused to foreign forms, without the right and at another portal`(route: String) async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.callBack, account: desk.account)
        let path = "/identity/klientefl/\(id)/\(route)"
        let fields = ["position": "1", "result": "right"]
        #expect(try await desk.post(path, fields, foreign: true).status == .forbidden)
        for roles in [[Role.auditor], [.scheduler], [.administrator]] {
            #expect(try await desk.post(path, fields, as: Set(roles)).status == .forbidden)
        }
        #expect(try await desk.post("/identity/arval/\(id)/\(route)", fields).status == .notFound)
        #expect(try await desk.post("/identity/klientefl/99/\(route)", fields).status == .notFound)
        #expect(try await desk.audited() == ["verification.opened"])
        #expect(try await desk.database.value("SELECT state FROM verification") == "open")
    }

    @Test func `a case is not opened by a foreign form or without the right`() async throws {
        let desk = try await Fixture.make()
        let path = "/identity/klientefl/clients/1"
        #expect(try await desk.post(path, ["channel": "counter"], foreign: true).status == .forbidden)
        #expect(try await desk.post(path, ["channel": "counter"], as: [.auditor]).status == .forbidden)
        #expect(try await desk.post("/identity/arval/clients/1", ["channel": "counter"]).status == .notFound)
        #expect(try await desk.database.value("SELECT count(*) FROM verification") == "0")
    }

    @Test func `a step of another portal's case is not there, whoever takes it`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.callBack, account: desk.account)
        guard let other = try await desk.desk.portals.find("arval", desk.desk.database) else { throw Fixture.Missing() }
        let take = TakeStep(
            audit: desk.desk.audit,
            portal: other,
            staff: StaffID(1),
            actor: .staff(StaffID(1), name: "Eva")
        )
        let steps: [@Sendable (Session) throws -> Void] = [
            { _ = try take.answer(id, [1: "x"], in: $0) }, { _ = try take.tick(id, 1, .right, in: $0) },
            { _ = try take.showNumber(id, in: $0) }, { try take.withdraw(id, in: $0) },
        ]
        for step in steps {
            await #expect(throws: StepRefusal.notThere) {
                try await desk.desk.database.transaction(.portal(other.id, staff: StaffID(1))) { try step($0) }
            }
        }
        #expect(try await desk.audited() == ["verification.opened"])
    }

    @Test(arguments: ["answer", "tick", "withdraw"])
    func `of two who take a step at once one does, and the trail says so once`(step: String) async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(step == "tick" ? .counter : .phone, account: desk.account)
        let answers = try await desk.answers(id)
        let refusals = await withTaskGroup(of: StepRefusal?.self) { group in
            for staff in [Int64(1), 2] {
                group.addTask {
                    do {
                        try await desk.taking(by: staff) { take, session in
                            switch step {
                            case "answer": _ = try take.answer(id, answers, in: session)
                            case "tick": _ = try take.tick(id, 1, .right, in: session)
                            default: try take.withdraw(id, in: session)
                            }
                        }
                        return nil
                    } catch {
                        return error as? StepRefusal
                    }
                }
            }
            return await group.reduce(into: [StepRefusal?]()) { $0.append($1) }
        }
        #expect(refusals.compactMap { $0 } == [.closed])
        let action = step == "withdraw" ? "verification.withdrawn" : "verification.passed"
        #expect(try await desk.audited() == ["verification.opened", action])
    }

    /// The first account acts for client 2 as well.
    private func actingForTwo() async throws -> Fixture {
        let desk = try await Fixture.make()
        try await desk.database.sql(
            """
            INSERT INTO access (portal_id, account_id, client_id, rights)
            VALUES (1, \(desk.account), 2, '{contracts}')
            """
        )
        return desk
    }

    @Test func `failures of an account count whichever client was named, as its proof does`() async throws {
        let desk = try await actingForTwo()
        for client in [desk.client, desk.other, desk.client] {
            let id = try await desk.open(.counter, account: desk.account, client: client)
            #expect(try await desk.taking { try $0.tick(id, 1, .wrong, in: $1) } == .failed)
        }
        await #expect(throws: OpenRefusal.tooManyFailures(3)) {
            try await desk.open(.phone, account: desk.account)
        }
        let page = try await desk.get("/identity/klientefl/clients/2?account=\(desk.account)")
        #expect(page.body.contains("3 failed verifications of this person"))
        #expect(try await !desk.get("/identity/klientefl/clients/2").body.contains("failed verifications"))
    }

    @Test func `one case of an account is open at a time, whichever client is named`() async throws {
        let desk = try await actingForTwo()
        let first = try await desk.open(.counter, account: desk.account)
        await #expect(throws: OpenRefusal.alreadyOpen(first, by: "Eva")) {
            try await desk.open(.counter, account: desk.account, client: desk.other, by: 2)
        }
        _ = try await desk.open(.counter, account: nil, client: desk.other)
        try await desk.database.sql("UPDATE verification SET expires_at = now()")
        _ = try await desk.open(.counter, account: desk.account, client: desk.other)
    }

    @Test func `a number is shown only where somebody is to be called back`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.counter, account: desk.account)
        await #expect(throws: StepRefusal.notThere) { try await desk.taking { try $0.showNumber(id, in: $1) } }
        await #expect(throws: StepRefusal.notThere) { try await desk.taking { try $0.tick(id, 9, .right, in: $1) } }
        #expect(try await desk.audited() == ["verification.opened"])
    }
}
