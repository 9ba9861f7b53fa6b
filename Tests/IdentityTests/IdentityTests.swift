import DeskKit
import Postgres
import TestKit
import Testing

@testable import Access
@testable import Identity
@testable import Portals

/// A case from its opening to what it proves.
struct IdentityTests {
    @Test func `right answers prove the low strength for a quarter of an hour, and leave their trail`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.phone, account: desk.account)
        let answers = try await desk.answers(id)
        #expect(answers.count == 3)
        let state = try await desk.taking { try $0.answer(id, answers, in: $1) }
        #expect(state == .passed)
        #expect(try await desk.require(.low, account: desk.account) == id)
        #expect(
            try await desk.database.value("SELECT extract(epoch FROM valid_until - closed_at)::int FROM verification")
                == "900"
        )
        #expect(try await desk.audited() == ["verification.opened", "verification.passed"])
    }

    @Test func `a proof holds for its own person, strength and time`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.phone, account: desk.account)
        let answers = try await desk.answers(id)
        _ = try await desk.taking { try $0.answer(id, answers, in: $1) }
        for (strength, account) in [(VerificationStrength.substantial, desk.account), (.low, desk.colleague)] {
            await #expect(throws: NotVerified(needs: strength)) {
                try await desk.require(strength, account: account)
            }
        }
        await #expect(throws: NotVerified(needs: .low)) { try await desk.require(.low, account: nil) }
        try await desk.database.sql("UPDATE verification SET valid_until = now() - interval '1 second'")
        await #expect(throws: NotVerified(needs: .low)) { try await desk.require(.low, account: desk.account) }
    }

    @Test(arguments: Question.allCases)
    func `an answer is compared as people write it, and a wrong one is wrong`(question: Question) async throws {
        let desk = try await Fixture.make()
        let right = Fixture.right[question.rawValue] ?? ""
        for (answer, expected) in [(right, true), ("99", false), ("", false), ("%", false)] {
            let isRight = try await desk.desk.database.read(.portal(desk.portal.id)) { session in
                try session.one(
                    IdentityQueries.isRight,
                    [
                        "portal": desk.portal.id, "client": desk.client, "question": question.rawValue,
                        "answer": question.answer(answer),
                    ]
                )
            }
            #expect(isRight == expected, "\(question) \(answer)")
        }
    }

    @Test(arguments: [
        ("1845", 184_500), ("1 845,5", 184_550), ("1.845,50 zł", 184_550), ("1,845.50", 184_550), ("1.845", 184_500),
    ])
    func `an amount is read as people of our countries write it`(typed: String, minor: Int64) {
        #expect(AmountText(typed)?.minor == minor)
    }

    @Test func `one wrong answer fails the case, and three failures of any staff leave the counter`() async throws {
        let desk = try await Fixture.make()
        for staff in [Int64(1), 2, 1] {
            let id = try await desk.open(.phone, account: desk.account, by: staff)
            var answers = try await desk.answers(id)
            answers[answers.keys.min() ?? 1] = "wrong"
            let (given, who) = (answers, staff)
            let state = try await desk.taking(by: who) { try $0.answer(id, given, in: $1) }
            #expect(state == .failed)
        }
        for channel in [VerificationMethod.Channel.phone, .callBack] {
            await #expect(throws: OpenRefusal.tooManyFailures(3)) {
                try await desk.open(channel, account: desk.account, by: 2)
            }
        }
        _ = try await desk.open(.counter, account: desk.account)
        await #expect(throws: NotVerified(needs: .low)) { try await desk.require(.low, account: desk.account) }
    }

    @Test func `a call back needs the number on file, the tick and the answers`() async throws {
        let desk = try await Fixture.make()
        await #expect(throws: OpenRefusal.noNumber) { try await desk.open(.callBack, account: desk.colleague) }
        let id = try await desk.open(.callBack, account: desk.account)
        #expect(try await desk.taking { try $0.showNumber(id, in: $1) } == "+48500000127")
        let answers = try await desk.answers(id)
        #expect(try await desk.taking { try $0.answer(id, answers, in: $1) } == .open)
        #expect(try await desk.taking { try $0.tick(id, 1, .right, in: $1) } == .passed)
        #expect(try await desk.require(.substantial, account: desk.account) == id)
        let lines = ["verification.opened", "verification.number_shown", "verification.passed"]
        #expect(try await desk.audited() == lines)
    }

    @Test func `a number that was changed lately is not called back`() async throws {
        let desk = try await Fixture.make()
        try await desk.database.sql(
            """
            INSERT INTO audit_event (portal_id, action, actor_kind, subject_kind, subject_id, facts)
            VALUES (1, 'account.contact_changed', 'system', 'account', \(desk.account), '{"kind": "phone"}')
            """
        )
        await #expect(throws: OpenRefusal.numberTooNew) { try await desk.open(.callBack, account: desk.account) }
    }

    @Test func `a number of the client itself that was changed lately is not called back either`() async throws {
        let desk = try await Fixture.make()
        // It came with the client: no change.
        try await desk.database.sql(
            """
            UPDATE client SET created_at = now() - interval '1 year';
            INSERT INTO contact (portal_id, client_id, kind, value, trusted, created_at)
            SELECT portal_id, id, 'phone', '+48500000900', true, created_at FROM client
            """
        )
        for account in [desk.colleague, nil] {
            let id = try await desk.open(.callBack, account: account)
            try await desk.taking { try $0.withdraw(id, in: $1) }
        }
        for change in ["value = '+48500000901'", "trusted = false", "trusted = true"] {
            try await desk.database.sql("UPDATE contact SET changed_at = NULL; UPDATE contact SET \(change)")
        }
        for account in [desk.colleague, nil] {
            await #expect(throws: OpenRefusal.numberTooNew) { try await desk.open(.callBack, account: account) }
        }
        let own = try await desk.open(.callBack, account: desk.account)
        try await desk.taking { try $0.withdraw(own, in: $1) }
        try await desk.database.sql("UPDATE contact SET changed_at = now() - interval '15 days'")
        _ = try await desk.open(.callBack, account: nil)
        // Another one in its place is new as well.
        try await desk.database.sql(
            """
            UPDATE verification SET expires_at = now();
            DELETE FROM contact;
            INSERT INTO contact (portal_id, client_id, kind, value, trusted)
            VALUES (1, 1, 'phone', '+48500000902', true)
            """
        )
        await #expect(throws: OpenRefusal.numberTooNew) { try await desk.open(.callBack, account: nil) }
    }

    @Test func `a document at the counter proves the high strength, and a doubt fails the case`() async throws {
        let desk = try await Fixture.make()
        let first = try await desk.open(.counter, account: nil)
        #expect(try await desk.taking { try $0.tick(first, 1, .wrong, in: $1) } == .failed)
        let second = try await desk.open(.counter, account: nil)
        #expect(try await desk.taking { try $0.tick(second, 1, .right, in: $1) } == .passed)
        #expect(try await desk.require(.high, account: nil) == second)
    }

    @Test func `a record that knows too little, a way that is not offered and a stranger are refused`() async throws {
        let desk = try await Fixture.make()
        await #expect(throws: OpenRefusal.tooFewFacts) {
            try await desk.open(.phone, account: nil, client: desk.other)
        }
        await #expect(throws: OpenRefusal.nobody) { try await desk.open(.phone, account: nil, client: ClientID(99)) }
        await #expect(throws: OpenRefusal.nobody) {
            try await desk.open(.phone, account: desk.account, client: desk.other)
        }
        let bare = desk.portal.without(methods: [.phone])
        await #expect(throws: OpenRefusal.methodNotOffered) {
            try await desk.open(.phone, account: nil, portal: bare)
        }
        let elsewhere = try #require(try await desk.desk.portals.find("arval", desk.desk.database))
        await #expect(throws: OpenRefusal.nobody) {
            try await desk.open(.counter, account: nil, portal: elsewhere)
        }
    }

    @Test func `two who open a case of one person at once get one case and one clear word`() async throws {
        let desk = try await Fixture.make()
        let outcomes = await withTaskGroup(of: Result<VerificationID, any Error>.self) { group in
            for staff in [Int64(1), 2] {
                group.addTask {
                    do {
                        return .success(try await desk.open(.counter, account: desk.account, by: staff))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let opened = outcomes.compactMap { try? $0.get() }
        #expect(opened.count == 1)
        let refused = outcomes.compactMap { outcome -> OpenRefusal? in
            guard case .failure(let error) = outcome else { return nil }
            return error as? OpenRefusal
        }
        guard case .alreadyOpen(let id, _)? = refused.first else {
            Issue.record("the second hears that a case is open")
            return
        }
        #expect(id == opened.first)
    }

    @Test func `what is decided stays decided: for a second answer, a late one, and for the database`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.phone, account: desk.account)
        let answers = try await desk.answers(id)
        await #expect(throws: StepRefusal.answersMissing([2, 3])) {
            try await desk.taking { try $0.answer(id, [1: "x"], in: $1) }
        }
        _ = try await desk.taking { try $0.answer(id, answers, in: $1) }
        await #expect(throws: StepRefusal.closed) { try await desk.taking { try $0.answer(id, answers, in: $1) } }
        await #expect(throws: (any Error).self) {
            try await desk.database.sql("UPDATE verification_step SET result = 'wrong'")
        }
        await #expect(throws: (any Error).self) {
            try await desk.database.sql("UPDATE verification SET state = 'open', closed_at = NULL, valid_until = NULL")
        }
        let late = try await desk.open(.counter, account: nil)
        try await desk.database.sql("UPDATE verification SET expires_at = now() WHERE state = 'open'")
        await #expect(throws: StepRefusal.closed) { try await desk.taking { try $0.tick(late, 1, .right, in: $1) } }
        await #expect(throws: (any Error).self) {
            try await desk.database.sql(
                "UPDATE verification SET state = 'passed', closed_at = now(), valid_until = now() WHERE state = 'open'"
            )
        }
        _ = try await desk.open(.counter, account: nil)
        #expect(
            try await desk.database.value("SELECT count(*) FROM verification WHERE state = 'lapsed'") == "1"
        )
    }

    @Test func `a threat voids what was proved`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.counter, account: desk.account)
        _ = try await desk.taking { try $0.tick(id, 1, .right, in: $1) }
        let service = IdentityService(desk: desk.desk)
        try await desk.desk.database.transaction(.portal(desk.portal.id)) { session in
            try service.void(account: desk.account, portal: desk.portal.id, in: session)
        }
        await #expect(throws: NotVerified(needs: .low)) { try await desk.require(.low, account: desk.account) }
    }

    @Test func `a threat voids a case that is open yet`() async throws {
        let desk = try await Fixture.make()
        let id = try await desk.open(.counter, account: desk.account)
        let service = IdentityService(desk: desk.desk)
        try await desk.desk.database.transaction(.portal(desk.portal.id)) { session in
            try service.void(account: desk.account, portal: desk.portal.id, in: session)
        }
        await #expect(throws: StepRefusal.closed) { try await desk.taking { try $0.tick(id, 1, .right, in: $1) } }
        #expect(try await desk.get("/identity/klientefl/\(id)").body.contains("a threat was suspected"))
        _ = try await desk.open(.counter, account: desk.account)
    }
}
