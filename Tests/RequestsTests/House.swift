import Access
import Audit
import DeskApp
import DeskKit
import Foundation
import JobRunner
import Portals
import Postgres
import Secrets
import TestKit

@testable import Requests

/// The whole house with its demo portals, a client at each and staff who know what they want.
struct House: Sendable {
    let test: TestDatabase
    let installation: Installation
    let rooms: Rooms

    static let anna = Who(1, "Anna Nowak", [.accountManager])
    static let piotr = Who(2, "Piotr Lis", [.privacyOfficer])
    static let ewa = Who(3, "Ewa Wilk", [.helpdesk])
    static let jan = Who(4, "Jan Kos", [.privacyOfficer, .accountManager])
    static let olga = Who(5, "Olga Sowa", [.auditor])

    static let gabor = Who(6, "Gábor Őri", [.scheduler])

    struct Who: Sendable {
        let id: StaffID
        let name: String
        let roles: Set<Role>

        init(_ id: Int64, _ name: String, _ roles: Set<Role>) {
            self.id = StaffID(id)
            self.name = name
            self.roles = roles
        }
    }

    static func make() async throws -> House {
        let test = try await TestDatabase.make()
        let keys = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)").path
        try KeyRing.generate(to: keys)
        let configuration = try DeskConfiguration(
            environment: [
                "DATABASE_URL": test.urls.console, "WORKER_DATABASE_URL": test.urls.worker, "PORTALDESK_KEYS": keys,
            ],
            root: Repository.path("")
        )
        let installation = try Installation(configuration, as: .console, isStrict: true)
        try FileManager.default.removeItem(atPath: keys)
        let house = House(test: test, installation: installation, rooms: try Rooms(installation))
        try await house.install()
        return house
    }

    private func install() async throws {
        let audit = installation.desk.audit
        for key in ["klientefl", "legitimo", "arval"] {
            let json = try String(contentsOfFile: Repository.path("sql/demo/portals/\(key).json"), encoding: .utf8)
            _ = try await installation.desk.database.transaction(.everyPortal) {
                try PortalDirectory.install(profileJSON: json, audit: audit, by: .commandLine, in: $0)
            }
        }
        try await Upkeep.installLetters(installation)
        for who in [Self.anna, Self.piotr, Self.ewa, Self.jan, Self.olga, Self.gabor] {
            try await test.sql(
                """
                INSERT INTO staff (id, login, name) OVERRIDING SYSTEM VALUE
                VALUES (\(who.id), 's\(who.id)', '\(who.name)')
                """
            )
        }
    }

    func portal(_ key: String = "klientefl") async throws -> PortalProfile {
        guard let portal = try await installation.desk.portals.find(key, installation.desk.database) else {
            throw Missing(what: key)
        }
        return portal
    }

    struct Missing: Error {
        let what: String
    }

    /// A client of the portal with an address, past all commands.
    func client(_ portal: PortalProfile, name: String = "Maria Kowalska", key: String? = nil) async throws -> ClientID {
        let id = try await test.value(
            """
            WITH c AS (
                INSERT INTO client (portal_id, external_key, kind, name, country, language, address)
                VALUES (\(portal.id), \(key.map { "'\($0)'" } ?? "NULL"), 'person', '\(name)', '\(portal.country)',
                    '\(portal.defaultLanguage)', 'ul. Długa 5, 90-001 Łódź') RETURNING id),
            k AS (
                INSERT INTO contact (portal_id, client_id, kind, value, trusted)
                SELECT \(portal.id), c.id, 'email', 'maria@example.pl', true FROM c)
            SELECT id FROM c
            """
        )
        guard let id = id.flatMap({ Int64($0) }) else { throw Missing(what: "client") }
        return ClientID(id)
    }

    /// A contract of the client with an instalment that was due days ago; answers the contract's key.
    @discardableResult
    func debt(_ client: ClientID, _ portal: PortalProfile, minor: Int = 184_500, days: Int = 10) async throws -> Int64 {
        let id = try await test.value(
            """
            WITH k AS (
                INSERT INTO contract (portal_id, client_id, external_key, number, kind, signed_on, starts_on, ends_on,
                    ended_on, currency)
                VALUES (\(portal.id), \(client), 'U-\(client)', 'U-\(client)', 'loan', current_date - 900,
                    current_date - 800, current_date - 20, current_date - 20, '\(portal.currency)') RETURNING id),
            i AS (
                INSERT INTO instalment (portal_id, contract_id, external_key, kind, number, due_on, amount_minor,
                    currency)
                SELECT \(portal.id), k.id, 'R-\(client)', 'instalment', 7, current_date - \(days), \(minor),
                    '\(portal.currency)' FROM k)
            SELECT id FROM k
            """
        )
        guard let id = id.flatMap({ Int64($0) }) else { throw Missing(what: "contract") }
        return id
    }

    /// Pays what `debt` made.
    func pay(_ client: ClientID, _ portal: PortalProfile) async throws {
        try await test.sql(
            """
            INSERT INTO payment (portal_id, external_key, instalment_id, paid_on, amount_minor, currency)
            SELECT i.portal_id, 'Z-' || i.id, i.id, current_date, i.amount_minor, i.currency
            FROM instalment AS i JOIN contract AS k ON k.portal_id = i.portal_id AND k.id = i.contract_id
            WHERE k.portal_id = \(portal.id) AND k.client_id = \(client)
            """
        )
    }

    func context(_ who: Who, _ portal: PortalProfile) -> StaffContext {
        StaffContext(
            id: who.id,
            login: "s\(who.id)",
            name: who.name,
            language: "en",
            roles: [portal.id: who.roles]
        )
    }

    func office(_ who: Who, _ portal: PortalProfile) -> Office {
        Office(
            portal: portal,
            staff: context(who, portal),
            book: rooms.requests.book,
            documents: rooms.requests.documents,
            reference: nil
        )
    }

    func perform<Command: RequestCommand>(
        _ command: Command,
        as who: Who,
        _ portal: PortalProfile
    ) async throws -> Command.Outcome {
        try await office(who, portal).perform(command, installation.desk.database)
    }

    func draft(_ kind: RequestKind, _ client: ClientID?, _ portal: PortalProfile) async throws -> RequestDraft {
        RequestDraft(
            kind: kind,
            lane: kind == .dataChange ? .record : nil,
            client: client,
            channel: .phone,
            requesterName: "Maria Kowalska",
            language: portal.defaultLanguage,
            statement: "I ask for it.",
            receivedOn: try await today(portal),
            changes: kind == .dataChange ? [ChangeDraft(field: .name, newValue: "Maria Nowak")] : []
        )
    }

    func today(_ portal: PortalProfile) async throws -> CivilDate {
        try await installation.desk.database.read(.portal(portal.id)) {
            try $0.one(RequestsQueries.today, ["portal": portal.id])
        }
    }

    /// Takes a request in as Ewa.
    func takenIn(_ kind: RequestKind, _ client: ClientID?, _ portal: PortalProfile) async throws -> ClientRequestID {
        try await perform(TakeIn(draft: try await draft(kind, client, portal)), as: Self.ewa, portal)
    }

    /// A request that Ewa assessed and proposed to grant.
    func proposed(_ kind: RequestKind, _ client: ClientID, _ portal: PortalProfile) async throws -> ClientRequestID {
        let id = try await takenIn(kind, client, portal)
        try await perform(ConfirmIdentity(request: id, method: .callBack), as: Self.ewa, portal)
        try await perform(
            ProposeRequest(request: id, outcome: .granted, reason: .requirementsMet, note: ""),
            as: Self.ewa,
            portal
        )
        return id
    }

    func grant(
        _ id: ClientRequestID,
        as who: Who = Self.piotr,
        _ portal: PortalProfile
    ) async throws
        -> DecideRequest.Outcome
    {
        try await perform(
            DecideRequest(request: id, outcome: .granted, reason: .requirementsMet, text: ""),
            as: who,
            portal
        )
    }

    /// What the night's job does with one request, as the worker.
    func night(_ id: ClientRequestID, _ portal: PortalProfile) async throws {
        let book = rooms.requests.book
        let act = RequestAct(portal: portal, actor: .job(name: "requests.nightly"), book: book, reference: nil)
        try await test.workerDatabase.transaction(.portal(portal.id)) { try book.atNight(id, act, in: $0) }
    }

    func value(_ column: String, _ id: ClientRequestID) async throws -> String? {
        try await test.value("SELECT \(column) FROM client_request WHERE id = \(id)")
    }

    /// The actions of the trail about a request, oldest first.
    func trail(_ id: ClientRequestID) async throws -> [String] {
        try await test.sql(
            "SELECT action FROM audit_event WHERE subject_kind = 'client_request' AND subject_id = \(id) ORDER BY id"
        ).compactMap { $0.first ?? nil }
    }

    /// The kinds of the letters about a request, oldest first.
    func letters(_ id: ClientRequestID) async throws -> [String] {
        try await test.sql("SELECT kind FROM request_letter WHERE request_id = \(id) ORDER BY id")
            .compactMap { $0.first ?? nil }
    }
}
