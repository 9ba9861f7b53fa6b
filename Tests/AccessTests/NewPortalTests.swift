import DeskKit
import HTTPTypes
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Access
@testable import Audit
@testable import DeskWeb
@testable import Portals

/// The page on which an administrator adds a portal.
struct NewPortalTests {
    private let fields = [
        ("pattern", "klientefl"), ("key", "nowy"), ("name", "Nowy Portal"), ("country", ""), ("timeZone", ""),
        ("currency", ""), ("languages", ""),
    ]

    private func typed(_ more: [String: String] = [:]) -> [(String, String)] {
        fields.map { ($0.0, more[$0.0] ?? $0.1) }
    }

    /// Notes which portals it was asked to furnish, and that their rows can be written.
    private final class Notes: FurnishesPortals {
        let portals = Mutex<[PortalID]>([])

        func furnish(_ portal: PortalID, in session: Session) throws {
            portals.withLock { $0.append(portal) }
        }
    }

    private func make() async throws -> (Console, Browser, Notes) {
        let notes = Notes()
        var console = try await Console.make()
        console.access.portalKit = PortalKit(
            furnishers: [notes],
            patterns: try NewPortal.patterns(in: Repository.path("sql/demo/portals"))
        )
        let chief = try await console.staff("chief", [PortalID(1): [.administrator]])
        return (console, try await console.signedIn(chief), notes)
    }

    @Test func `a portal begins with its pattern's rules, is furnished, and has its founder as administrator`()
        async throws
    {
        let (console, chief, notes) = try await make()
        let added = try await chief.post("/portals", withKey(typed()), page: "/portals/new")
        #expect(added.status == .seeOther && added.location == "/portals/nowy")
        #expect(
            try await console.database.sql(
                "SELECT n.name, n.country, n.time_zone, (n.profile = p.profile)::text FROM portal AS n, portal AS p"
                    + " WHERE n.key = 'nowy' AND p.key = 'klientefl'"
            ) == [["Nowy Portal", "PL", "Europe/Warsaw", "true"]]
        )
        #expect(notes.portals.withLock { $0 } == [PortalID(5)])
        #expect(try await chief.get(added.location).status == .ok)
        #expect(try await chief.get("/portals").body.contains("Nowy Portal"))
        #expect(
            try await console.actions("action IN ('portals.added', 'access.role_given') AND actor_kind = 'staff'")
                == ["portals.added", "access.role_given"]
        )
    }

    private func withKey(_ fields: [(String, String)], _ key: String = FormKey.issue().rawValue) -> [(String, String)] {
        fields + [(FormKey.field, key)]
    }

    @Test func `what is typed stands before the pattern, whose list offers every shipped profile`() async throws {
        let (console, chief, _) = try await make()
        let page = try await chief.get("/portals/new").body
        for key in ["klientefl", "ebok-millennium", "legitimo", "arval"] { #expect(page.contains("value=\"\(key)\"")) }
        let more = [
            "pattern": "legitimo", "country": "sk", "timeZone": "Europe/Bratislava", "currency": "eur",
            "languages": "hu, en",
        ]
        let added = try await chief.post("/portals", withKey(typed(more)), page: "/portals/new")
        #expect(added.status == .seeOther)
        #expect(
            try await console.database.sql(
                "SELECT country, time_zone, currency, languages::text, profile ->> 'loginKind' FROM portal"
                    + " WHERE key = 'nowy'"
            ) == [["SK", "Europe/Bratislava", "EUR", "{hu,en}", "email"]]
        )
    }

    @Test(arguments: [
        ("key", "klientefl"), ("key", "Nowy Portal"), ("key", "new"), ("key", ""), ("name", ""),
        ("timeZone", "Mars/Base"), ("country", "1"), ("currency", "zł"), ("languages", "xx"), ("pattern", "none"),
    ])
    func `what does not hold is told at its field, everything typed stays, and nothing is added`(
        field: String,
        value: String
    ) async throws {
        let (console, chief, notes) = try await make()
        let refused = try await chief.post("/portals", withKey(typed([field: value])), page: "/portals/new")
        #expect(refused.status == .unprocessableContent)
        #expect(refused.body.contains("f-\(field)-error"))
        #expect(field == "name" || refused.body.contains("value=\"Nowy Portal\""))
        #expect(try await console.database.value("SELECT count(*) FROM portal") == "4")
        #expect(notes.portals.withLock { $0.isEmpty })
    }

    @Test func `a double click adds it once`() async throws {
        let (console, chief, _) = try await make()
        let key = FormKey.issue().rawValue
        let first = try await chief.post("/portals", withKey(typed(), key), page: "/portals/new")
        let second = try await chief.post("/portals", withKey(typed(), key), page: "/portals/new")
        #expect(first.location == second.location)
        #expect(try await console.database.value("SELECT count(*) FROM portal") == "5")
    }

    @Test func `nobody but an administrator adds one`() async throws {
        let (console, _, _) = try await make()
        let helper = try await console.signedIn(try await console.staff("helper"))
        #expect(try await helper.get("/portals/new").status == .forbidden)
        #expect(try await helper.post("/portals", withKey(typed()), page: "/").status == .forbidden)
        #expect(try await console.database.value("SELECT count(*) FROM portal") == "4")
    }

    @Test func `another time zone or language is furnished anew, another name is not`() async throws {
        let (console, _, notes) = try await make()
        let (desk, kit) = (console.desk, console.access.portalKit)
        try await desk.database.transaction(.portal(PortalID(1))) { session in
            let stored = try #require(try desk.portals.find(PortalID(1), in: session))
            let admin = PortalAdmin(audit: desk.audit, furnishers: kit.furnishers)
            var identity = stored.identity
            identity.name = "Another"
            try admin.save(stored.id, version: 1, identity, stored.rules, by: .commandLine, in: session)
            #expect(notes.portals.withLock { $0.isEmpty })
            identity.timeZone = "Europe/Berlin"
            try admin.save(stored.id, version: 2, identity, stored.rules, by: .commandLine, in: session)
        }
        #expect(notes.portals.withLock { $0 } == [PortalID(1)])
    }
}
