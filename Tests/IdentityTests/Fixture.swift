import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Postgres
import Secrets
import TestKit

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Identity
@testable import Portals

/// A portal with one client that has a book, two users, and the pages of verification, on a database of its own.
struct Fixture: Sendable {
    let database: TestDatabase
    let desk: Desk
    let portal: PortalProfile
    let client = ClientID(1)
    let other = ClientID(2)
    let account: AccountID
    let colleague: AccountID

    static func make() async throws -> Fixture {
        let database = try await TestDatabase.make()
        let keys = try KeyRing.ephemeral()
        let desk = Desk(
            database: database.database,
            site: try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
                Array($0.reversed())
            },
            keys: keys,
            audit: AuditTrail(keyRing: keys),
            portals: PortalDirectory(),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        let json = try String(contentsOfFile: Repository.path("sql/demo/portals/klientefl.json"), encoding: .utf8)
        let second = try String(contentsOfFile: Repository.path("sql/demo/portals/arval.json"), encoding: .utf8)
        try await database.database.transaction(.everyPortal) { session in
            for json in [json, second] {
                _ = try PortalDirectory.install(profileJSON: json, audit: desk.audit, by: .commandLine, in: session)
            }
        }
        let rows = try await database.sql(Self.book)
        guard let portal = try await desk.portals.find("klientefl", database.database), rows.count == 2,
            let first = rows[0][0].flatMap({ AccountID($0) }), let colleague = rows[1][0].flatMap({ AccountID($0) })
        else { throw Missing() }
        return Fixture(database: database, desk: desk, portal: portal, account: first, colleague: colleague)
    }

    struct Missing: Error {}

    /// Client 1 has facts of every kind, client 2 none.
    private static let book = """
        INSERT INTO staff (login, name) VALUES ('eva', 'Eva'), ('ola', 'Ola');
        INSERT INTO client (portal_id, id, kind, name, country, language) VALUES
            (1, 1, 'company', 'Łódzka Spółka', 'PL', 'pl'), (1, 2, 'person', 'Jan Żak', 'PL', 'pl');
        INSERT INTO contract (portal_id, client_id, external_key, number, kind, signed_on, ends_on, currency,
            registration) VALUES (1, 1, 'k1', 'EFL/2024/77', 'finance', '2024-01-01', '2031-05-31', 'PLN', 'WX 00001');
        INSERT INTO invoice (portal_id, client_id, external_key, number, issued_on, due_on, amount_minor, currency)
            VALUES (1, 1, 'i1', 'FV/11/2026', '2026-11-01', '2026-11-15', 184550, 'PLN');
        INSERT INTO policy (portal_id, client_id, external_key, number, kind, insurer, starts_on, expires_on)
            VALUES (1, 1, 'p1', 'P-1', 'OC', 'Żubr Ubezpieczenia S.A.', '2026-01-01', '2099-01-01');
        INSERT INTO account (portal_id, login, person_name, phone, language) VALUES
            (1, '500000127', 'Jan Wójcik', '+48500000127', 'pl'), (1, '500000128', 'Ewa Lis', NULL, 'pl');
        INSERT INTO access (portal_id, account_id, client_id, rights)
            SELECT 1, id, 1, '{contracts}' FROM account ORDER BY id;
        SELECT id FROM account ORDER BY id
        """

    static let right: [String: String] = [
        "contract_number": "efl 2024 77", "registration": "wx00001", "contract_end": "31.05.2031",
        "invoice_number": "FV 11 2026", "invoice_amount": "1 845,50 zł", "insurer": "zubr",
    ]

    // MARK: the commands

    func open(
        _ channel: VerificationMethod.Channel,
        account: AccountID?,
        client: ClientID? = nil,
        portal: PortalProfile? = nil,
        by staff: Int64 = 1
    ) async throws -> VerificationID {
        let command = OpenVerification(audit: desk.audit)
        let (portal, client) = (portal ?? self.portal, client ?? self.client)
        return try await desk.database.transaction(.portal(portal.id, staff: StaffID(staff))) { session in
            try command(
                channel,
                client: client,
                account: account,
                portal: portal,
                by: StaffID(staff),
                named: .staff(StaffID(staff), name: "Eva"),
                in: session
            )
        }
    }

    func taking<T: Sendable>(
        by staff: Int64 = 1,
        _ body: @escaping @Sendable (TakeStep, Session) throws -> T
    ) async throws -> T {
        let take = TakeStep(
            audit: desk.audit,
            portal: portal,
            staff: StaffID(staff),
            actor: .staff(StaffID(staff), name: "Eva")
        )
        return try await desk.database.transaction(.portal(portal.id, staff: StaffID(staff))) { session in
            try body(take, session)
        }
    }

    func steps(_ id: VerificationID) async throws -> [StepRow] {
        try await desk.database.read(.portal(portal.id)) { [portal] session in
            try session.all(IdentityQueries.steps, ["portal": portal.id, "verification": id])
        }
    }

    /// The answers to a case's questions, each as the record has it, or all wrong.
    func answers(_ id: VerificationID, right: Bool = true) async throws -> [Int: String] {
        let open = try await steps(id).filter { $0.kind == "question" }
        return Dictionary(
            uniqueKeysWithValues: open.map { ($0.position, right ? Self.right[$0.question ?? ""] ?? "" : "12") }
        )
    }

    func require(_ strength: VerificationStrength, account: AccountID?) async throws -> VerificationID {
        let service = IdentityService(desk: desk)
        return try await desk.database.read(.portal(portal.id)) { [client, portal] session in
            try service.require(strength, client: client, account: account, portal: portal.id, in: session)
        }
    }

    func audited() async throws -> [String] {
        try await database.sql("SELECT action FROM audit_event WHERE action LIKE 'verification.%' ORDER BY id")
            .compactMap { $0[0] }
    }
}

extension PortalProfile {
    func without(methods: Set<VerificationMethod.Channel>) -> PortalProfile {
        var portal = self
        portal.rules.callers?.methods.removeAll { methods.contains($0.channel) }
        return portal
    }
}
