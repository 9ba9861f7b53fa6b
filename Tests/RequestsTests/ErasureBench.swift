import Access
import Audit
import DeskKit
import Postgres
import Secrets
import TestKit

@testable import Requests

/// A portal with two clients, of whom the first once leased a car; and three people who may do everything with them.
struct ErasureBench: Sendable {
    static let portal = PortalID(1)
    static let client = ClientID(1)

    let test: TestDatabase
    let audit: AuditTrail

    static func make(country: String = "PL", endedOn: String? = "2025-03-31") async throws -> ErasureBench {
        let test = try await TestDatabase.make()
        let register = try Register.load(root: Repository.root)
        try await test.ownerDatabase.transaction(.everyPortal) { try register.install(in: $0) }
        let bench = ErasureBench(test: test, audit: AuditTrail(keyRing: try KeyRing.ephemeral()))
        try await bench.fill(country, endedOn)
        try await bench.seal()
        return bench
    }

    static func staff(_ id: Int64, _ role: Role = .privacyOfficer, at portal: PortalID = portal) -> StaffContext {
        StaffContext(id: StaffID(id), login: "p\(id)", name: "P\(id)", language: "en", roles: [portal: [role]])
    }

    func desk(_ staff: Int64, _ role: Role = .privacyOfficer, portal: PortalID = portal) -> ErasureDesk {
        ErasureDesk(
            audit: audit,
            portal: portal,
            client: Self.client,
            staff: Self.staff(staff, role, at: portal),
            reference: nil
        )
    }

    /// Runs a step as the console does.
    @discardableResult
    func act<T: Sendable>(
        _ staff: Int64,
        _ role: Role = .privacyOfficer,
        portal: PortalID = portal,
        _ step: @escaping @Sendable (ErasureDesk, Session) throws -> T
    ) async throws -> T {
        let desk = desk(staff, role, portal: portal)
        return try await test.database.transaction(.portal(portal, staff: desk.staff.id)) { try step(desk, $0) }
    }

    func plan(by staff: Int64 = 1) async throws {
        try await act(staff) { try MakeErasurePlan().run($0, in: $1) }
    }

    func approve(by staff: Int64 = 2, hash: String? = nil, number: String = "K-1") async throws {
        let shown = try await test.value("SELECT encode(plan_hash, 'hex') FROM erasure WHERE state <> 'dropped'")
        let hash = hash ?? shown ?? ""
        try await act(staff) { try ApproveErasure(hash: hash, number: number).run($0, in: $1) }
    }

    @discardableResult
    func execute(by staff: Int64 = 1) async throws -> ErasureState {
        try await act(staff) { try CarryOutErasure().run($0, in: $1) }
    }

    func lines() async throws -> [ErasureLine] {
        try await act(1) { desk, session in
            guard let erasure = try desk.find(in: session) else { return [] }
            return try session.all(ErasureQueries.linesOfErasure, desk.place(erasure.id))
        }
    }

    /// What the night does.
    func night() async throws {
        let job = FinishErasures(audit: audit)
        try await test.workerDatabase.transaction(.portal(Self.portal)) { session in
            for due in try session.all(ErasureQueries.dueErasures, ["portal": Self.portal]) {
                try job.finish(due, portal: Self.portal, in: session)
            }
        }
    }

    func count(_ sql: String) async throws -> Int {
        try await test.value("SELECT count(*) FROM \(sql)").flatMap { Int($0) } ?? -1
    }

    /// Personal values in the trail, of the client, an account of theirs and the other client.
    private func seal() async throws {
        let audit = audit
        try await test.database.transaction(.portal(Self.portal)) { session in
            for client in [ClientID(1), ClientID(2)] {
                try audit.record(
                    AuditEvent(
                        "contact.changed",
                        portal: Self.portal,
                        by: .system,
                        on: .client(client),
                        client: client,
                        personal: ["phone": "+48500111222"]
                    ),
                    in: session
                )
                _ = try audit.keys.seal(
                    Array("secret".utf8),
                    portal: Self.portal,
                    owner: .client(client),
                    class: .message,
                    in: session
                )
            }
        }
    }

    private func fill(_ country: String, _ endedOn: String?) async throws {
        let end = endedOn.map { "'\($0)'" } ?? "NULL"
        try await test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile)
            VALUES (1, 'one', 'One', '\(country)', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (2, 'two', 'Two', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}');
            INSERT INTO staff (id, login, name) OVERRIDING SYSTEM VALUE
            SELECT i, 'p' || i, 'P' || i FROM generate_series(1, 3) AS i;
            INSERT INTO client (portal_id, id, external_key, customer_number, kind, name, country, language, tax_number,
                personal_number, birth_date, address)
            SELECT 1, i, 'C-' || i, 'K-' || i, 'person', 'Anna Nowak', 'PL', 'pl', '5260001246', '44051401458',
                '1944-05-14', 'ul. Długa 5' FROM generate_series(1, 2) AS i;
            INSERT INTO contact (portal_id, client_id, kind, value)
            SELECT 1, i, k.kind, k.value FROM generate_series(1, 2) AS i,
                (VALUES ('phone', '+48500111222'), ('email', 'anna@example.com')) AS k (kind, value);
            INSERT INTO contract (portal_id, id, client_id, external_key, number, kind, signed_on, starts_on, ended_on,
                currency) VALUES (1, 1, 1, 'U-1', 'L/1', 'operating', '2020-01-01', '2020-01-01', \(end), 'PLN');
            INSERT INTO invoice (portal_id, id, client_id, contract_id, external_key, number, issued_on, due_on,
                amount_minor, currency) VALUES (1, 1, 1, 1, 'F-1', 'F/1', '2022-01-01', '2022-01-14', 100, 'PLN');
            INSERT INTO instalment (portal_id, id, contract_id, invoice_id, external_key, kind, due_on, amount_minor,
                currency) VALUES (1, 1, 1, 1, 'R-1', 'instalment', '2022-01-14', 100, 'PLN');
            INSERT INTO payment (portal_id, external_key, invoice_id, paid_on, amount_minor, currency)
            VALUES (1, 'P-1', 1, '2022-01-10', 100, 'PLN');
            INSERT INTO client_term SELECT 1, t.client_id, t.kind, t.term FROM client_terms(1::smallint, '{1,2}') AS t;
            INSERT INTO application (portal_id, id, kind, state, form, client_name, client_id, opened_by, changed_by,
                submitted_by, decided_by) OVERRIDING SYSTEM VALUE
            VALUES (1, 1, 'portal_users', 'approved', '{"name":"Anna"}', 'Anna Nowak', 1, 1, 1, 1, 2);
            INSERT INTO account (portal_id, id, login, person_name, phone, language, application_id)
            OVERRIDING SYSTEM VALUE VALUES (1, 1, 'anna', 'Anna Nowak', '+48500111222', 'pl', 1),
                (1, 2, 'piotr', 'Piotr Lis', '+48500111999', 'pl', NULL);
            INSERT INTO access (portal_id, account_id, client_id, rights)
            VALUES (1, 1, 1, '{contracts}'), (1, 2, 1, '{contracts}'), (1, 2, 2, '{contracts}');
            INSERT INTO message (portal_id, kind, channel, client_id, subject_kind, subject_id, language,
                template_version, key_subject_kind, key_subject_id, recipient, recipient_hint, content)
            VALUES (1, 'accounts.first_code', 'sms', 1, 'client', 1, 'pl', 1, 'client', 1, '\\x05', '+48 … 222',
                '\\x06');
            INSERT INTO inbox_message (portal_id, channel, reference, recipient, body)
            SELECT 1, 'sms', reference, '+48500111222', 'Dear Anna' FROM message;
            """
        )
    }
}
