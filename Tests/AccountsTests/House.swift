import Access
import Accounts
import Audit
import DeskApp
import DeskKit
import Foundation
import Hummingbird
import HummingbirdTesting
import Portals
import Postgres
import Secrets
import TestKit

/// The whole house on a database of its own: four portals, a key for each, driven without a socket.
struct House: Sendable {
    static let portalKey = "pk_test_0123456789abcdef"
    static let password = "Zielony-Kot-2026"

    let test: TestDatabase
    let installation: Installation
    let rooms: Rooms

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
        try await house.installPortals()
        return house
    }

    private func installPortals() async throws {
        let audit = installation.desk.audit
        for key in ["klientefl", "ebok-millennium", "legitimo", "arval"] {
            let json = try String(contentsOfFile: Repository.path("sql/demo/portals/\(key).json"), encoding: .utf8)
            _ = try await installation.desk.database.transaction(.everyPortal) {
                try PortalDirectory.install(profileJSON: json, audit: audit, by: .commandLine, in: $0)
            }
        }
        for portal in try await installation.desk.portals.all(installation.desk.database) {
            _ = try await installation.desk.database.transaction(.portal(portal.id)) { session in
                try rooms.accounts.portalKeys.make(
                    name: "test",
                    portal: portal.id,
                    by: .commandLine,
                    chosen: Self.portalKey,
                    in: session
                )
            }
        }
        _ = try await Upkeep.installLetters(installation)
    }

    func portal(_ key: String) async throws -> PortalProfile {
        guard let portal = try await installation.desk.portals.find(key, installation.desk.database) else {
            throw Missing(what: key)
        }
        return portal
    }

    struct Missing: Error {
        let what: String
    }

    /// One account of a new client, just activated; answers its key and the code as the message says it.
    func activate(
        _ portal: PortalProfile,
        login: String,
        phone: String? = "+48500000127",
        email: String? = "jan@example.pl"
    ) async throws -> (account: AccountID, companyCode: String, code: String) {
        let staff = try await seed(portal)
        let (made, company) = try await installation.desk.database.transaction(.portal(portal.id)) { session in
            try rooms.accounts.companyCodes.reserve(
                ApplicationID(staff.application),
                client: nil,
                portal: portal.id,
                in: session
            )
            let made = try rooms.accounts.activate(
                [
                    NewAccount(
                        login: login,
                        personName: "Jan Wójcik",
                        phone: phone,
                        email: email,
                        rights: ["contracts"],
                        language: portal.defaultLanguage,
                        remindDaysBefore: nil,
                        remindBy: "sms",
                        smsPassword: true
                    )
                ],
                client: ClientID(staff.client),
                application: ApplicationID(staff.application),
                portal: portal,
                by: .commandLine,
                in: session
            )
            let code = try rooms.accounts.companyCodes.reveal(
                ApplicationID(staff.application),
                client: nil,
                portal: portal.id,
                in: session
            )
            return (made, code?.reveal() ?? "")
        }
        return (made[0].account, company, try await newestCode(portal))
    }

    /// An account whose holder set the password at the portal with the one-use code, and the session's token.
    func signedIn(
        _ key: String = "klientefl",
        login: String = "500000127",
        phone: String? = "+48500000127",
        email: String? = "jan@example.pl"
    ) async throws -> (account: AccountID, token: String) {
        let made = try await activate(try await portal(key), login: login, phone: phone, email: email)
        return try await calling { caller in
            let form = ["login": login, "code": made.code, "companyCode": made.companyCode]
            let redeemed = try await caller.post("codes/redeem", form, portal: key)
            let password = ["password": Self.password]
            let set = try await caller.call(.put, "password", password, portal: key, token: redeemed.token)
            if set.status != 200 { throw Missing(what: "session: \(redeemed.text) \(set.text)") }
            return (made.account, set.token)
        }
    }

    /// A client and an approved application of the portal, past all commands.
    private func seed(_ portal: PortalProfile) async throws -> (client: Int64, application: Int64) {
        let rows = try await test.sql(
            """
            WITH maker AS (
                INSERT INTO staff (login, name) VALUES ('maker' || substr(gen_random_uuid()::text, 1, 8), 'Maker')
                RETURNING id),
            checker AS (
                INSERT INTO staff (login, name) VALUES ('checker' || substr(gen_random_uuid()::text, 1, 8), 'Checker')
                RETURNING id),
            client AS (
                INSERT INTO client (portal_id, kind, name, country, language)
                VALUES (\(portal.id), 'company', 'Łódzka Spółka', 'PL', 'pl') RETURNING id),
            application AS (
                INSERT INTO application (portal_id, kind, state, opened_by, changed_by, submitted_by, decided_by)
                SELECT \(portal.id), 'portal_users', 'approved', maker.id, maker.id, maker.id, checker.id FROM
                    maker, checker
                RETURNING id)
            SELECT client.id, application.id FROM client, application
            """
        )
        guard let client = rows.first?[0].flatMap({ Int64($0) }),
            let application = rows.first?[1].flatMap({ Int64($0) })
        else { throw Missing(what: "seed") }
        return (client, application)
    }

    /// Wrong sign-ins are counted without waits between them, so that a test can spend a whole budget.
    func withoutWaits() async throws {
        try await test.sql(
            "UPDATE portal SET profile = jsonb_set(profile, '{callers,signInDelaySeconds}', '0'), version = version + 1"
        )
    }

    /// The token of the link in the newest message of the portal.
    func newestToken(_ portal: PortalProfile) async throws -> String {
        let text = try await newestText(portal)
        let link = text.split { $0 == " " || $0 == "\n" }.first { $0.hasPrefix("https://") }
        return String(link?.split(separator: "/").last ?? "")
    }

    /// The longest run of six to eight digits in the newest message of the portal: a phone has nine.
    func newestCode(_ portal: PortalProfile) async throws -> String {
        let words = try await newestText(portal).split { !$0.isNumber }
        let codes = words.map(String.init).filter { (6...8).contains($0.count) }
        return codes.max { $0.count < $1.count } ?? ""
    }

    /// The temporary password in the newest message of the portal.
    func newestPassword(_ portal: PortalProfile) async throws -> String {
        let signs = Set("CDFHJKMNPQRTVWXY3479")
        let words = try await newestText(portal).split { !$0.isLetter && !$0.isNumber }
        return words.map(String.init).first { $0.count == 10 && $0.allSatisfy(signs.contains) } ?? ""
    }

    /// The body of the newest message of the portal, opened as the sender would open it.
    func newestText(_ portal: PortalProfile) async throws -> String {
        let rows = try await test.sql(
            """
            SELECT key_subject_kind, key_subject_id, encode(content, 'base64') FROM message
            WHERE portal_id = \(portal.id) ORDER BY id DESC LIMIT 1
            """
        )
        guard let row = rows.first, let kind = row[0], let id = row[1].flatMap({ Int64($0) }), let base64 = row[2],
            let sealed = Base64.decode(base64.filter { !$0.isWhitespace })
        else { throw Missing(what: "message") }
        let opened = try await installation.desk.database.transaction(.portal(portal.id)) {
            try installation.desk.audit.keys.open(
                sealed,
                portal: portal.id,
                owner: Subject(kind, id),
                class: .message,
                in: $0
            )
        }
        struct Content: Decodable { let body: String }
        return try JSONDecoder().decode(Content.self, from: Data(opened ?? [])).body
    }

    /// Opens the portal API for a few calls.
    func calling<T: Sendable>(_ body: @escaping @Sendable (PortalCaller) async throws -> T) async throws -> T {
        let console = Console(installation, rooms)
        return try await Application(router: try console.router()).test(.router) { client in
            try await body(PortalCaller(client: client))
        }
    }
}
