import DeskKit
import Foundation
import Logging
import Portals
import Postgres
import Secrets
import TestKit

@testable import Audit
@testable import JobRunner
@testable import Messaging

/// A database with two portals and their letters, an outbox, and workers that send.
struct Post: Sendable {
    static let warsaw = PortalID(1)
    static let budapest = PortalID(2)
    static let client = ClientID(5)

    let database: TestDatabase
    let keys: KeyRing
    let audit: AuditTrail
    let queue = JobQueue()
    let outbox: Outbox
    let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    /// With `local` both channels of both portals have the built-in provider.
    static func make(local: Bool = true) async throws -> Post {
        let post = try Post(database: try await TestDatabase.make())
        try await post.database.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'warsaw', 'Warsaw', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', '{}'),
                (2, 'budapest', 'Budapest', 'HU', 'Europe/Budapest', 'HUF', '{hu}', '{}');
            INSERT INTO client (portal_id, id, kind, name, country, language)
                VALUES (1, 5, 'person', 'Łukasz Żak', 'PL', 'pl'), (2, 5, 'person', 'Kis Ákos', 'HU', 'hu');
            INSERT INTO staff (login, name) VALUES ('eva', 'Eva'), ('ola', 'Ola');
            """
        )
        let letters = try Letters.load(from: Repository.path("admin-web/letters"))
        try await post.database.database.transaction(.everyPortal) { try letters.install(in: $0) }
        guard local else { return post }
        for portal in [Self.warsaw, Self.budapest] {
            try await post.database.database.transaction(.portal(portal)) { session in
                try Providers.installLocal(portal, in: session)
            }
        }
        return post
    }

    private init(database: TestDatabase) throws {
        self.database = database
        keys = try KeyRing.ephemeral()
        audit = AuditTrail(keyRing: keys)
        outbox = Outbox(audit: audit, queue: queue)
    }

    /// A first code by SMS, changed as a test wants.
    func message(_ change: (inout OutgoingMessage) -> Void = { _ in }) -> OutgoingMessage {
        var message = OutgoingMessage(
            kind: "accounts.first_code",
            channel: .sms,
            portal: Self.warsaw,
            client: Self.client,
            account: nil,
            subject: Subject("account", 9),
            recipient: "+48600100127",
            language: "pl",
            values: ["portal": "eBOK", "code": "K7QX-99", "login": "zak", "hours": "72"],
            secret: true
        )
        change(&message)
        return message
    }

    /// A reminder by e-mail to one of the mail peer's people.
    func reminder(to person: String) -> OutgoingMessage {
        message {
            ($0.kind, $0.channel, $0.secret) = ("reminders.payment", .email, false)
            $0.recipient = "\(person)@example.test"
            $0.values = ["portal": "eBOK", "amount": "100 zł", "contract": "U/1", "due_date": "30 listopada 2026"]
        }
    }

    @discardableResult
    func enqueue(_ message: OutgoingMessage) async throws -> MessageID {
        let outbox = outbox
        return try await database.database.transaction(.portal(message.portal)) { try outbox.enqueue(message, in: $0) }
    }

    func sender(_ checks: [any ChecksBeforeSending] = [], journal: SendJournal? = nil) -> SendMessage {
        let gateways = Gateways(keyRing: keys) { _ in ("Żółw Leasing", "desk@example.test", "DESK") }
        return SendMessage(audit: audit, gateways: gateways, checks: checks, journal: journal)
    }

    /// Runs every job that is due; answers how many.
    @discardableResult
    func work(
        _ checks: [any ChecksBeforeSending] = [],
        name: Int32 = 1,
        journal: SendJournal? = nil
    ) async throws -> Int {
        let worker = Worker(
            database: database.workerDatabase,
            registry: try JobRegistry([
                sender(checks, journal: journal), SweepMessages(queue: queue, journal: journal),
            ]),
            configuration: WorkerConfiguration(host: "test", process: name),
            logger: logger
        )
        return try await worker.workThrough()
    }

    /// Takes the one job that waits, as a worker that will not come back.
    func claim(_ worker: String) async throws -> JobContext? {
        let store = store(worker)
        return try await store.claim(queue: "messaging", kinds: ["messaging.send"], limit: 1).first.map { row in
            JobContext(
                id: row.id,
                portal: row.portalID,
                kind: row.kind,
                attempt: row.attempt,
                maxAttempts: row.maxAttempts,
                run: row.runID,
                payload: row.payload,
                database: database.workerDatabase,
                logger: logger,
                worker: worker
            )
        }
    }

    /// Lets the lease of what was claimed end, so that the next worker has the job.
    func loseLeases() async throws {
        try await database.sql("UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'leased'")
        _ = try await store("heir").rescue()
        try await database.sql("UPDATE job SET run_at = now(), state = 'ready' WHERE state = 'waiting'")
    }

    private func store(_ worker: String) -> WorkStore {
        WorkStore(database: database.workerDatabase, worker: worker, lease: .seconds(30))
    }

    /// Jobs that wait for their next try are due now.
    func hurry() async throws {
        try await database.sql("UPDATE job SET run_at = now() - interval '1 second' WHERE state = 'waiting'")
    }

    /// "state reason attempts" of each message, by key.
    func states() async throws -> [String] {
        try await column("SELECT concat_ws(' ', state, reason, attempts) FROM message ORDER BY id")
    }

    /// "attempt outcome code" of each try.
    func tries() async throws -> [String] {
        try await column(
            """
            SELECT concat_ws(' ', attempt, coalesce(outcome, '?'), code) FROM message_attempt
            ORDER BY message_id, attempt
            """
        )
    }

    func column(_ sql: String) async throws -> [String] {
        try await database.sql(sql).compactMap { $0.first ?? nil }
    }

    /// Puts a provider into use, without its form.
    func use(_ settings: ProviderSettings, secret: String? = nil) async throws {
        let command = SaveProvider(audit: audit, keyRing: keys)
        let draft = ProviderDraft(name: "peer", settings: settings, secret: secret.map { Redacted($0) })
        try await database.database.transaction(.portal(Self.warsaw)) { session in
            let id = try command.add(draft, portal: Self.warsaw, by: .system, in: session)
            try command.activate(id, portal: Self.warsaw, by: .system, in: session)
        }
    }
}
