import Audit
import DeskKit
import Postgres
import Secrets
import TestKit
import Testing

struct AuditTrailTests {
    private static let portal = PortalID(1)

    private func make() async throws -> (TestDatabase, AuditTrail) {
        let test = try await TestDatabase.make()
        try await test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile)
            VALUES (1, 'one', 'One', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (2, 'two', 'Two', 'HU', 'Europe/Budapest', 'HUF', '{hu}', '{}');
            """
        )
        return (test, AuditTrail(keyRing: try KeyRing.ephemeral()))
    }

    private func event(_ portal: PortalID? = Self.portal) -> AuditEvent {
        AuditEvent(
            "contact.changed",
            portal: portal,
            by: .staff(StaffID(7), name: "Ewa Lis"),
            on: .client(ClientID(5)),
            client: ClientID(5),
            facts: ["field": "phone"],
            personal: ["old": "+48500000127"]
        )
    }

    @Test func `a line is read back with its personal values only when they are opened`() async throws {
        let (test, trail) = try await make()
        try await test.database.transaction(.portal(Self.portal)) { try trail.record(event(), in: $0) }
        let (closed, opened) = try await test.database.read(.portal(Self.portal)) { session in
            (
                try trail.history(of: .client(ClientID(5)), portal: Self.portal, opening: false, in: session),
                try trail.history(ofClient: ClientID(5), portal: Self.portal, opening: true, in: session)
            )
        }
        #expect(closed.map(\.facts) == [["field": "phone"]])
        #expect(closed.map(\.personal) == [[:]])
        #expect(opened.map(\.personal) == [["old": "+48500000127"]])
        #expect(opened.map(\.actorName) == ["Ewa Lis"])
    }

    @Test func `the stored row holds no personal value in clear`() async throws {
        let (test, trail) = try await make()
        try await test.database.transaction(.portal(Self.portal)) { try trail.record(event(), in: $0) }
        let found = try await test.value("SELECT count(*) FROM audit_event AS e WHERE e::text LIKE '%500000127%'")
        #expect(found == "0")
        let sealed = try await test.value("SELECT count(*) FROM audit_event WHERE personal IS NOT NULL")
        #expect(sealed == "1")
    }

    @Test func `a destroyed key leaves the line and takes its personal values`() async throws {
        let (test, trail) = try await make()
        try await test.database.transaction(.portal(Self.portal)) { try trail.record(event(), in: $0) }
        try await test.sql("UPDATE subject_key SET wrapped = NULL, destroyed_at = now()")
        let lines = try await test.database.read(.portal(Self.portal)) {
            try trail.history(ofClient: ClientID(5), portal: Self.portal, opening: true, in: $0)
        }
        #expect(lines.map(\.personal) == [[:]])
        #expect(lines.map(\.action) == ["contact.changed"])
    }

    @Test(arguments: ["UPDATE audit_event SET action = 'x.y'", "DELETE FROM audit_event", "TRUNCATE audit_event"])
    func `nobody alters the trail, the owner included`(statement: String) async throws {
        let (test, trail) = try await make()
        try await test.database.transaction(.portal(Self.portal)) { try trail.record(event(), in: $0) }
        await #expect(throws: PostgresError.self) { try await test.sql(statement) }
        #expect(try await test.value("SELECT count(*) FROM audit_event") == "1")
    }

    @Test func `a line fails with its transaction`() async throws {
        struct Stop: Error {}
        let (test, trail) = try await make()
        await #expect(throws: Stop.self) {
            try await test.database.transaction(.portal(Self.portal)) { session in
                try trail.record(event(), in: session)
                throw Stop()
            }
        }
        #expect(try await test.value("SELECT count(*) FROM audit_event") == "0")
    }

    @Test func `a line of another portal is neither written nor read`() async throws {
        let (test, trail) = try await make()
        await #expect(throws: PostgresError.self) {
            try await test.database.transaction(.portal(PortalID(2))) { try trail.record(event(), in: $0) }
        }
        try await test.database.transaction(.portal(Self.portal)) { try trail.record(event(), in: $0) }
        let seen = try await test.database.read(.portal(PortalID(2))) {
            try trail.events(AuditFilter(portals: [Self.portal, PortalID(2)]), PageRequest(), in: $0)
        }
        #expect(seen.isEmpty)
    }

    @Test func `two writers meet on one key`() async throws {
        let (test, trail) = try await make()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await test.database.transaction(.portal(Self.portal)) { try trail.record(event(), in: $0) }
                }
            }
            try await group.waitForAll()
        }
        let lines = try await test.database.read(.portal(Self.portal)) {
            try trail.history(ofClient: ClientID(5), portal: Self.portal, opening: true, in: $0)
        }
        #expect(lines.count == 8)
        #expect(Set(lines.map(\.personal)) == [["old": "+48500000127"]])
    }

    @Test func `the viewer pages by key in both directions`() async throws {
        let (test, trail) = try await make()
        try await test.database.transaction(.portal(Self.portal)) { session in
            for _ in 0..<5 { try trail.record(event(), in: session) }
        }
        let pages = try await test.database.read(.portal(Self.portal)) { session -> [[AuditLine]] in
            let filter = AuditFilter(portals: [Self.portal])
            let first = try trail.events(filter, PageRequest(size: 2), in: session)
            let edge = PageKey(first[1].id.description)
            let second = try trail.events(filter, PageRequest(key: edge, size: 2), in: session)
            let back = try trail.events(
                filter,
                PageRequest(key: PageKey(second[0].id.description), direction: .backward, size: 2),
                in: session
            )
            return [first, second, back]
        }
        #expect(pages[0].map(\.id) == pages[0].map(\.id).sorted(by: >))
        #expect(pages[1][0].id < pages[0][1].id)
        #expect(pages[2].first?.id == pages[0][1].id)
    }
}
