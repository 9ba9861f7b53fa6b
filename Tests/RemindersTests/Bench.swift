import Audit
import DeskKit
import DeskWeb
import JobRunner
import Logging
import Messaging
import Postgres
import Secrets
import TestKit

@testable import Reminders

/// Two portals with rules of five days, and of 30, 14 and 7; a client of the first with contract, account and access.
struct Bench {
    static let portal = PortalID(1)
    static let other = PortalID(2)
    static let run = RunID(1)
    static let today = day("2026-11-20")

    let test: TestDatabase
    let audit: AuditTrail
    let queue = JobQueue()
    let site: DeskSite

    var outbox: Outbox { Outbox(audit: audit, queue: queue) }
    var send: SendReminders { SendReminders(outbox: outbox, catalog: site.catalog) }

    static func day(_ text: String) -> CivilDate {
        guard let day = CivilDate(iso: text) else { preconditionFailure(text) }
        return day
    }

    static func make() async throws -> Bench {
        let bench = Bench(
            test: try await TestDatabase.make(),
            audit: AuditTrail(keyRing: try KeyRing.ephemeral()),
            site: try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
                Array($0.reversed())
            }
        )
        try await bench.fill()
        return bench
    }

    private func fill() async throws {
        try await test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'one', 'Portal One', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', '{}'),
                (2, 'two', 'Portal Two', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', '{}');
            INSERT INTO staff (id, login, name) OVERRIDING SYSTEM VALUE
            VALUES (7, 'ewa', 'Ewa Lis'), (8, 'jan', 'Jan Nowak'), (9, 'ola', 'Ola Maj');
            INSERT INTO rule (portal_id, subject, name, days_before, steps, template_kind)
            SELECT p, s, 'Rule', d, t, k FROM generate_series(1, 2) AS p, (VALUES
                ('instalment', '{5}'::smallint[], '{0}'::smallint[], 'reminders.payment'),
                ('policy', '{30,14,7}', '{0,1,2}', 'reminders.insurance')) AS v (s, d, t, k) ORDER BY p, s;
            INSERT INTO run (portal_id, schedule, trigger, local_at, for_date)
            SELECT p, 'reminders.payments', 'staff', now(), '2026-11-20' FROM (VALUES (1), (2), (1), (1)) AS g (p);
            """
        )
        try await client(1)
        let letters = try Letters.load(from: Repository.path("admin-web/letters"))
        try await test.workerDatabase.transaction(.everyPortal) { try letters.install(in: $0) }
    }

    /// A client with a contract of the same key.
    func client(_ id: Int, portal: Int = 1) async throws {
        try await test.sql(
            """
            INSERT INTO client (portal_id, id, kind, name, country, language)
            VALUES (\(portal), \(id), 'company', 'Client \(id)', 'PL', 'pl');
            INSERT INTO contract (portal_id, id, client_id, external_key, number, kind, signed_on, currency, asset_name,
                registration)
            VALUES (\(portal), \(id), \(id), 'k\(id)', 'K/\(id)', 'operating', '2025-01-01', 'PLN', 'Skoda Octavia',
                'WX\(id)');
            """
        )
    }

    /// An account that acts for the client of the same key, or for another.
    func account(
        _ id: Int,
        for client: Int? = nil,
        portal: Int = 1,
        state: String = "active",
        by: String = "sms",
        days: Int? = nil,
        language: String = "pl",
        rights: String = "invoices,insurance"
    ) async throws {
        let locked = state == "locked" ? "now(), 'active'" : "NULL, NULL"
        try await test.sql(
            """
            INSERT INTO account (portal_id, id, login, state, locked_at, locked_from, person_name, phone, email,
                language, password_hash, remind_by, remind_days_before)
            OVERRIDING SYSTEM VALUE VALUES (\(portal), \(id), 'user\(id)', '\(state)', \(locked), 'A Person',
                '+48500000127', 'a@example.com', '\(language)', 'x', '\(by)', \(days.map(String.init) ?? "NULL"));
            INSERT INTO access (portal_id, account_id, client_id, rights)
            VALUES (\(portal), \(id), \(client ?? id), '{\(rights)}');
            """
        )
    }

    func instalment(_ id: Int, of contract: Int = 1, due: String, portal: Int = 1) async throws {
        try await test.sql(
            """
            INSERT INTO instalment (portal_id, id, contract_id, external_key, kind, number, due_on, amount_minor,
                currency)
            VALUES (\(portal), \(id), \(contract), 'i\(id)', 'instalment', \(id), '\(due)', 123450, 'PLN')
            """
        )
    }

    func policy(
        _ id: Int,
        of contract: Int? = 1,
        client: Int = 1,
        kind: String = "OC",
        from: String = "2025-12-01",
        to: String
    ) async throws {
        try await test.sql(
            """
            INSERT INTO policy (portal_id, id, client_id, contract_id, external_key, number, kind, insurer, starts_on,
                expires_on)
            VALUES (1, \(id), \(client), \(contract.map(String.init) ?? "NULL"), 'o\(id)', 'P\(id)', '\(kind)', 'PZU',
                '\(from)', '\(to)')
            """
        )
    }

    func pay(_ instalment: Int, _ minor: Int = 123450) async throws {
        try await test.sql(
            """
            INSERT INTO payment (portal_id, external_key, instalment_id, paid_on, amount_minor, currency)
            VALUES (1, 'p\(instalment)-\(minor)', \(instalment), '2026-11-01', \(minor), 'PLN')
            """
        )
    }

    func plan(
        _ subject: RuleSubject = .instalment,
        on date: CivilDate = Bench.today,
        portal: PortalID = Bench.portal,
        run: RunID = Bench.run
    ) async throws {
        let plan = DayPlan(subject: subject, queue: queue)
        let run = portal == Bench.other ? RunID(2) : run
        try await test.workerDatabase.transaction(.portal(portal)) {
            try plan.plan(date, portal: portal, run: run, in: $0)
        }
    }

    /// Writes what was planned, as the jobs of the run do.
    func sendAll() async throws {
        let send = send
        let chunk = SendReminders.Chunk(first: AccountID(1), last: AccountID(1_000_000))
        try await test.workerDatabase.transaction(.portal(Self.portal)) {
            try send.send(chunk, portal: Self.portal, run: Self.run, in: $0)
        }
    }

    /// "subject account state reason" of each reminder, in order.
    func reminders() async throws -> [String] {
        try await lines(
            "subject_id || ' ' || account_id || ' ' || state || coalesce(' ' || reason, '')",
            "reminder",
            "subject_id, account_id, step"
        )
    }

    func lines(_ expression: String, _ table: String, _ order: String) async throws -> [String] {
        try await test.sql("SELECT \(expression) FROM \(table) ORDER BY \(order)").compactMap { $0.first ?? nil }
    }

    /// What the ledger's messages say.
    func letters() async throws -> [String] {
        let audit = audit
        let rows = try await test.sql("SELECT id, client_id, encode(content, 'hex') FROM message ORDER BY id")
        return try await test.workerDatabase.transaction(.portal(Self.portal)) { session in
            try rows.compactMap { row -> String? in
                guard let client = row[1].flatMap({ Int64($0) }), let hex = row[2] else { return nil }
                let opened = try audit.keys.open(
                    bytes(hex),
                    portal: Self.portal,
                    owner: .client(ClientID(client)),
                    class: .message,
                    in: session
                )
                return opened.map { String(decoding: $0, as: UTF8.self).replacing(#"\/"#, with: "/") }
            }
        }
    }
}

private func bytes(_ hex: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = hex[...]
    while rest.count >= 2 {
        bytes.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
    }
    return bytes
}
