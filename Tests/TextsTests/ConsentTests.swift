import Access
import Audit
import DeskKit
import Foundation
import Messaging
import Postgres
import Secrets
import TestKit
import Testing

@testable import Texts

extension Bench {
    /// Purposes of statistics and offers, with their texts in force.
    func ask() async throws {
        let command = AddPurpose(audit: audit)
        for draft in [
            AddPurpose.Draft(key: "statistics", kind: .cookies, category: .analytics, covers: []),
            AddPurpose.Draft(key: "offers", kind: .messages, category: nil, covers: ["offers."]),
        ] {
            _ = try await act { try command.run(draft, portal: Self.portal, by: Self.writer, in: $0) }
            try await finish("Words of \(draft.key)", .editorial, place(1, "consent-\(draft.key)"))
        }
    }

    /// Writes, submits and approves what is in hand.
    func finish(
        _ body: String,
        _ changeClass: ChangeClass = .editorial,
        days: Int = 0,
        _ place: VersionPlace
    ) async throws {
        let rows = try await act { session in
            try session.all(TextsQueries.locales, ["portal": Self.portal, "version": try place.hold(in: session).id])
        }
        for locale in ["pl", "en"] {
            let was = rows.first { $0.locale == locale }?.version ?? 0
            try await write(locale, "\(body) \(locale)", was: was, place)
        }
        try await submit(changeClass, days: days, place)
        try await approve(changeClass, place)
    }

    func hash(_ key: String, _ locale: String = "pl") async throws -> String {
        let rows = try await act {
            try $0.all(
                ConsentsQueries.currentText,
                ["portal": Self.portal, "key": "consent-\(key)", "at": nil, "day": nil]
            )
        }
        return Hex.encode(rows.first { $0.locale == locale }?.hash ?? [])
    }

    @discardableResult
    func decide(
        _ decisions: [Decision],
        _ subject: ConsentSubject,
        once: String = UUID().uuidString,
        method: ConsentMethod = .save
    ) async throws -> RecordConsent.Receipt {
        let request = RecordConsent.Request(subject: subject, method: method, decisions: decisions, onceKey: once)
        return try await act { try RecordConsent().run(request, portal: Self.portal, in: $0) }
    }

    func standings(_ subject: ConsentSubject) async throws -> [String: ConsentStanding] {
        let rows = try await act {
            try $0.all(ConsentsQueries.standings, subject.parameters.merging(["portal": Self.portal]) { $1 })
        }
        return Dictionary(rows.map { ($0.key, $0.standing) }) { $1 }
    }

    func client() async throws {
        try await test.sql(
            """
            INSERT INTO client (portal_id, id, kind, name, country, language) OVERRIDING SYSTEM VALUE
            VALUES (1, 5, 'company', 'Łódzka', 'PL', 'pl');
            INSERT INTO account (portal_id, id, login, state, person_name, email, language, password_hash)
            OVERRIDING SYSTEM VALUE VALUES (1, 6, 'u6', 'active', 'A Person', 'a@example.com', 'pl', 'x');
            INSERT INTO access (portal_id, account_id, client_id, rights) VALUES (1, 6, 5, '{contracts}');
            """
        )
    }

    func obstacle(_ kind: String, client: ClientID? = ClientID(5), account: AccountID? = nil) async throws -> String? {
        try await test.workerDatabase.read(.portal(Self.portal)) {
            try ConsentGate().reasonNotToSend(kind, portal: Self.portal, client: client, account: account, in: $0)
        }
    }
}

@Suite struct ConsentTests {
    private let visitor = ConsentSubject.visitor([UInt8](repeating: 7, count: 32))

    @Test func `a decision is kept with the words that were shown, and answers a receipt`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let hash = try await bench.hash("statistics")
        let receipt = try await bench.decide([Decision(purpose: "statistics", action: .grant, text: hash)], visitor)
        #expect(receipt.rows.map(\.action) == [.grant])
        #expect(receipt.rows.first?.textHash.map { Hex.encode($0) } == hash)
        #expect(receipt.rows.first?.locale == "pl")
        #expect(try await bench.standings(visitor) == ["statistics": .grant, "offers": .none])
        #expect(
            try await bench.lines(
                "SELECT action, method, number, locale FROM consent AS c JOIN text_version AS v ON "
                    + "v.portal_id = c.portal_id AND v.id = c.version_id"
            ) == ["grant save 1 pl"]
        )
    }

    @Test func `the same request under the same key is recorded once, another under it is refused`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let hash = try await bench.hash("statistics")
        let decision = Decision(purpose: "statistics", action: .grant, text: hash)
        let first = try await bench.decide([decision], visitor, once: "one")
        let again = try await bench.decide([decision], visitor, once: "one")
        #expect(again.id == first.id)
        #expect((first.isRepeat, again.isRepeat) == (false, true))
        let other = Decision(purpose: "statistics", action: .refuse, text: hash)
        await #expect(throws: ConsentRefusal.keyReused) { try await bench.decide([other], visitor, once: "one") }
        let stranger = ConsentSubject.visitor([UInt8](repeating: 8, count: 32))
        await #expect(throws: ConsentRefusal.keyReused) { try await bench.decide([decision], stranger, once: "one") }
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["1"])
    }

    @Test func `of two at once under one key one is recorded`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let decision = Decision(purpose: "statistics", action: .grant, text: try await bench.hash("statistics"))
        let ids = try await withThrowingTaskGroup(of: UUID.self) { group in
            for _ in 0..<4 {
                group.addTask { try await bench.decide([decision], visitor, once: "one").id }
            }
            return try await group.reduce(into: Set<UUID>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["1"])
    }

    @Test func `words that were never shown, or not for this purpose, are refused`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let forged = String(repeating: "ab", count: 32)
        let offers = try await bench.hash("offers")
        for text in [forged, offers, "", "zz", nil] {
            await #expect(throws: ConsentRefusal.unknownText) {
                try await bench.decide([Decision(purpose: "statistics", action: .grant, text: text)], visitor)
            }
        }
        await #expect(throws: ConsentRefusal.unknownPurpose) {
            try await bench.decide([Decision(purpose: "nothing", action: .grant, text: offers)], visitor)
        }
        await #expect(throws: ConsentRefusal.nothingDecided) { try await bench.decide([], visitor) }
        let twice = Decision(purpose: "offers", action: .grant, text: offers)
        await #expect(throws: ConsentRefusal.decidedTwice) { try await bench.decide([twice, twice], visitor) }
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["0"])
        #expect(try await bench.lines("SELECT count(*) FROM consent_receipt") == ["0"])
    }

    @Test func `a refusal is kept as a grant is, and what was granted can be withdrawn without words`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let hash = try await bench.hash("statistics", "en")
        try await bench.decide([Decision(purpose: "statistics", action: .refuse, text: hash)], visitor)
        #expect(try await bench.standings(visitor)["statistics"] == .refuse)
        try await bench.decide([Decision(purpose: "statistics", action: .grant, text: hash)], visitor)
        try await bench.decide([Decision(purpose: "statistics", action: .withdraw, text: nil)], visitor)
        #expect(try await bench.standings(visitor)["statistics"] == .withdraw)
        #expect(try await bench.lines("SELECT action FROM consent ORDER BY id") == ["refuse", "grant", "withdraw"])
    }

    @Test func `consent is asked again only for the purpose that changed, from the midnight of its day on`()
        async throws
    {
        let bench = try await Bench.make()
        try await bench.ask()
        let decisions = [
            Decision(purpose: "statistics", action: .grant, text: try await bench.hash("statistics")),
            Decision(purpose: "offers", action: .grant, text: try await bench.hash("offers")),
        ]
        try await bench.decide(decisions, visitor)
        for (key, changeClass) in [("consent-statistics", ChangeClass.consent), ("consent-offers", .material)] {
            let number = try await bench.open(key)
            try await bench.finish("New words", changeClass, days: 1, bench.place(number, key))
        }
        #expect(try await bench.standings(visitor) == ["statistics": .grant, "offers": .grant])
        try await bench.age(1)
        try await bench.test.sql(
            """
            ALTER TABLE consent DISABLE TRIGGER USER;
            UPDATE consent SET decided_at = decided_at - interval '1 day', at = at - interval '1 day';
            ALTER TABLE consent ENABLE TRIGGER USER;
            """
        )
        #expect(try await bench.standings(visitor) == ["statistics": .askedAgain, "offers": .grant])
        await #expect(throws: ConsentRefusal.textChanged) { try await bench.decide([decisions[0]], visitor) }
        let now = Decision(purpose: "statistics", action: .grant, text: try await bench.hash("statistics"))
        try await bench.decide([now], visitor)
        #expect(try await bench.standings(visitor) == ["statistics": .grant, "offers": .grant])
    }

    @Test func `decisions are never changed, and whoever does so past the database is found out`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let hash = try await bench.hash("statistics")
        for action in [ConsentAction.grant, .refuse, .grant] {
            try await bench.decide([Decision(purpose: "statistics", action: action, text: hash)], visitor)
        }
        for statement in ["UPDATE consent SET action = 'refuse'", "DELETE FROM consent", "TRUNCATE consent"] {
            await #expect(throws: PostgresError.self) { try await bench.test.sql(statement) }
        }
        let broken = { try await bench.act { try $0.all(ConsentsQueries.brokenConsents, ["portal": Bench.portal]) } }
        #expect(try await broken() == [])
        let tamper = { (change: String) in
            _ = try await bench.test.sql(
                "ALTER TABLE consent DISABLE TRIGGER USER; \(change); ALTER TABLE consent ENABLE TRIGGER USER"
            )
        }
        try await tamper("UPDATE consent SET action = 'grant' WHERE id = 2")
        #expect(try await broken() == [ConsentID(2)])
        try await tamper("UPDATE consent SET action = 'refuse' WHERE id = 2")
        #expect(try await broken() == [])
        try await tamper("DELETE FROM consent WHERE id = 2")
        #expect(try await broken() == [ConsentID(3)])
    }

    @Test func `what nobody agreed to is not sent, what is owed is`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        #expect(try await bench.obstacle("offers.spring") == "no_consent")
        #expect(try await bench.obstacle("accounts.first_code") == nil)
        #expect(try await bench.obstacle("reminders.payment") == nil)
        let hash = try await bench.hash("offers")
        let grant = Decision(purpose: "offers", action: .grant, text: hash)
        try await bench.decide([grant], .client(ClientID(5)), method: .portal)
        #expect(try await bench.obstacle("offers.spring") == nil)
        #expect(try await bench.obstacle("offers.spring", account: AccountID(6)) == nil)
        let refuse = Decision(purpose: "offers", action: .refuse, text: hash)
        try await bench.decide([refuse], .account(AccountID(6)), method: .portal)
        #expect(try await bench.obstacle("offers.spring", account: AccountID(6)) == "no_consent")
        #expect(try await bench.obstacle("offers.spring") == nil)
    }

    @Test func `what a client takes back ends what its account granted, and its grant ends no account's refusal`()
        async throws
    {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        let hash = try await bench.hash("offers")
        let (account, client) = (ConsentSubject.account(AccountID(6)), ConsentSubject.client(ClientID(5)))
        let obstacle = { try await bench.obstacle("offers.spring", account: AccountID(6)) }
        try await bench.decide([Decision(purpose: "offers", action: .grant, text: hash)], account, method: .portal)
        #expect(try await obstacle() == nil)
        try await bench.decide([Decision(purpose: "offers", action: .withdraw, text: nil)], client, method: .portal)
        #expect(try await obstacle() == "no_consent")
        try await bench.decide([Decision(purpose: "offers", action: .grant, text: hash)], account, method: .portal)
        #expect(try await obstacle() == nil)
        try await bench.decide([Decision(purpose: "offers", action: .refuse, text: hash)], account, method: .portal)
        try await bench.decide([Decision(purpose: "offers", action: .grant, text: hash)], client, method: .portal)
        #expect(try await obstacle() == "no_consent")
        #expect(try await bench.obstacle("offers.spring") == nil)
    }

    @Test func `the way of deciding and the decisions must agree`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let hash = try await bench.hash("statistics")
        for (method, action) in [(ConsentMethod.acceptAll, ConsentAction.refuse), (.rejectAll, .grant), (.gpc, .grant)]
        {
            await #expect(throws: ConsentRefusal.wrongMethod) {
                let decision = Decision(purpose: "statistics", action: action, text: hash)
                try await bench.decide([decision], visitor, method: method)
            }
        }
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["0"])
    }

    @Test(arguments: ["accounts.", "accounts", "reminders.payment", "requests.", "texts.notice", ""])
    func `no purpose may cover what is owed to clients, whoever writes it`(start: String) async throws {
        let bench = try await Bench.make()
        try await bench.add(.consent, key: "consent-x")
        let draft = AddPurpose.Draft(key: "y", kind: .messages, category: nil, covers: [start])
        let command = AddPurpose(audit: bench.audit)
        if !start.isEmpty {
            await #expect(throws: AddPurpose.Refusal.owed) {
                _ = try await bench.act { try command.run(draft, portal: Bench.portal, by: Bench.writer, in: $0) }
            }
        }
        await #expect(throws: PostgresError.self) {
            try await bench.test.sql(
                "INSERT INTO purpose (portal_id, key, kind, covers, text_id) VALUES (1, 'x', 'messages', "
                    + "ARRAY['\(start)'], 1)"
            )
        }
    }
}
