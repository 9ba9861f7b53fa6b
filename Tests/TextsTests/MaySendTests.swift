import Audit
import DeskApp
import DeskKit
import DeskWeb
import JobRunner
import Logging
import Messaging
import Portals
import Postgres
import TestKit
import Testing

@testable import Texts

/// What people agreed to, asked by what sends: in the house as DeskApp fits it together.
@Suite struct MaySendTests {
    private let offer = OutgoingMessage(
        kind: "offers.spring",
        channel: .email,
        portal: Bench.portal,
        client: ClientID(5),
        account: AccountID(6),
        subject: Subject("offer", 1),
        recipient: "a@example.com",
        language: "pl",
        values: [:]
    )

    private func street() async throws -> Street {
        let bench = try await Bench.make()
        try await bench.ask()
        try await bench.client()
        try await bench.test.sql(
            """
            INSERT INTO template (portal_id, kind, channel, language, version, subject, body)
            VALUES (1, 'offers.spring', 'email', 'pl', 1, 'Wiosna', 'Oferta');
            INSERT INTO provider (portal_id, name, channel, kind) VALUES (1, 'Local', 'email', 'local');
            """
        )
        return try await Street(bench)
    }

    private func decide(_ street: Street, _ action: ConsentAction) async throws {
        let hash = try await street.bench.hash("offers")
        try await street.bench.decide(
            [Decision(purpose: "offers", action: action, text: hash)],
            .account(AccountID(6)),
            method: .portal
        )
    }

    @Test func `an offer is planned only for whoever agreed`() async throws {
        let street = try await street()
        let (outbox, offer) = (street.rooms.outbox, offer)
        await #expect(throws: Outbox.Refusal.mayNot(reason: "no_consent")) {
            try await street.bench.act { _ = try outbox.enqueue(offer, in: $0) }
        }
        try await decide(street, .grant)
        try await street.bench.act { _ = try outbox.enqueue(offer, in: $0) }
        #expect(try await street.bench.lines("SELECT state FROM message") == ["planned"])
    }

    @Test func `the reader of an offer takes the consent back, once however often it is clicked`() async throws {
        let street = try await street()
        try await decide(street, .grant)
        let gate = ConsentGate()
        try await street.bench.act { session in
            #expect(try gate.needsConsent("offers.spring", portal: Bench.portal, in: session))
            #expect(try !gate.needsConsent("reminders.payment", portal: Bench.portal, in: session))
            for (kind, isNew) in [("offers.spring", true), ("offers.spring", false), ("reminders.payment", false)] {
                let taken = try gate.takeBack(
                    kind,
                    portal: Bench.portal,
                    client: ClientID(5),
                    account: AccountID(6),
                    once: "unsubscribe 1",
                    in: session
                )
                #expect(taken == isNew)
            }
        }
        #expect(
            try await street.bench.lines("SELECT action, method FROM consent ORDER BY id")
                == ["grant portal", "withdraw unsubscribe"]
        )
        #expect(try await street.bench.obstacle("offers.spring", account: AccountID(6)) == "no_consent")
    }

    @Test func `consent withdrawn after an offer was planned keeps it from being sent`() async throws {
        let street = try await street()
        let (outbox, offer) = (street.rooms.outbox, offer)
        try await decide(street, .grant)
        try await street.bench.act { _ = try outbox.enqueue(offer, in: $0) }
        try await decide(street, .withdraw)
        let worker = Worker(
            database: street.bench.test.workerDatabase,
            registry: try JobRegistry(street.rooms.handlers),
            configuration: WorkerConfiguration(host: "test", process: 1),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        _ = try await worker.workThrough()
        #expect(try await street.bench.lines("SELECT state, reason FROM message") == ["cancelled no_consent"])
    }
}

@Suite struct TellClientsTests {
    private func tell(_ bench: Bench, after: Int64 = 0, chunk: Int = 200) async throws {
        let queue = JobQueue()
        let job = TellClients(
            outbox: Outbox(audit: bench.audit, queue: queue),
            jobs: queue,
            catalog: bench.site.catalog,
            chunk: chunk
        )
        let version = TextVersionID(Int64(try await bench.lines("SELECT max(id) FROM text_version")[0]) ?? 0)
        let order = TellClients.Order(version: version, after: AccountID(after))
        try await bench.test.workerDatabase.transaction(.portal(Bench.portal)) {
            try job.tell(order, portal: Bench.portal, in: $0)
        }
    }

    /// A version that changes what clients must know, and three accounts of which one cannot be written to.
    private func bench() async throws -> Bench {
        let bench = try await Bench.make()
        try await bench.client()
        try await bench.test.sql(
            """
            INSERT INTO account (portal_id, id, login, state, person_name, email, language, password_hash)
            OVERRIDING SYSTEM VALUE VALUES
                (1, 7, 'u7', 'active', 'B Person', 'b@example.com', 'en', 'x'),
                (1, 8, 'u8', 'active', 'C Person', NULL, 'pl', 'x');
            """
        )
        let letters = try Letters.load(from: Repository.path("admin-web/letters"))
        try await bench.test.workerDatabase.transaction(.everyPortal) { try letters.install(in: $0) }
        try await bench.publish("one")
        try await bench.publish("two", .material, days: 14)
        return bench
    }

    @Test func `approving a change that clients must know of tells each of them once`() async throws {
        let bench = try await bench()
        #expect(try await bench.lines("SELECT kind FROM job") == ["texts.tell"])
        try await tell(bench)
        try await tell(bench)
        #expect(
            try await bench.lines(
                "SELECT account_id, message_id IS NOT NULL, reason FROM text_notice ORDER BY account_id"
            ) == ["6 t -", "7 t -", "8 f no_contact"]
        )
        #expect(
            try await bench.lines("SELECT kind, channel, language FROM message ORDER BY id")
                == ["texts.notice email pl", "texts.notice email en"]
        )
    }

    @Test func `many are told in parts, the next part by the next job`() async throws {
        let bench = try await bench()
        try await tell(bench, chunk: 2)
        #expect(try await bench.lines("SELECT count(*) FROM text_notice") == ["2"])
        #expect(
            try await bench.lines("SELECT payload::jsonb ->> 'after' FROM job WHERE kind = 'texts.tell' ORDER BY id")
                == ["0", "7"]
        )
    }

    @Test func `a version that was withdrawn meanwhile is told to nobody`() async throws {
        let bench = try await bench()
        let command = WithdrawVersion(audit: bench.audit)
        let place = bench.place(2)
        let shown = try await bench.held(place).version
        try await bench.act(by: Bench.reviewer) {
            try command.run(place, reason: "Wrong", version: shown, by: Bench.reviewer, in: $0)
        }
        try await tell(bench)
        #expect(try await bench.lines("SELECT count(*) FROM message") == ["0"])
    }

    @Test func `wording alone is told to nobody`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.publish("two", days: 1)
        #expect(try await bench.lines("SELECT count(*) FROM job") == ["0"])
    }
}
