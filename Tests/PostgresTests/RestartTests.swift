import DeskKit
import Postgres
import TestKit
import Testing

@Suite struct RestartTests {
    static let one = Query<Int>("t.one")

    private func database(_ url: String, patience: Duration = .seconds(20)) throws -> Database {
        Database(
            configuration: DatabaseConfiguration(url: url, connections: 4, acquireTimeout: patience),
            catalog: try QueryCatalog(sources: ["t": "-- name: one :one\nSELECT 1;"]),
            logger: quiet
        )
    }

    @Test func `after a restart of the server every connection is replaced and the listener is back`() async throws {
        let server = try await PrivateServer.start()
        let database = try database(server.loopbackURL(role: "portaldesk_console"))
        let listener = try Listener(
            configuration: DatabaseConfiguration(url: server.url(role: "portaldesk_worker")),
            channels: ["jobs"],
            logger: quiet
        )
        var events = listener.events().makeAsyncIterator()
        let listening = Task { try await listener.run() }
        #expect(await events.next() == .resync)
        for _ in 0..<2 {
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        let one = try await database.transaction(.installation) { try $0.one(Self.one) }
                        #expect(one == 1)
                    }
                }
                try await group.waitForAll()
            }
            try await server.restart()
            #expect(await events.next() == .resync)
        }
        #expect(try await database.transaction(.installation) { try $0.one(Self.one) } == 1)
        #expect(database.metrics.open <= 4)
        listening.cancel()
        try await listening.value
        try await server.stop()
    }

    @Test func `who asks while the server is down is served when it is up again`() async throws {
        let server = try await PrivateServer.start()
        let database = try database(server.url(role: "portaldesk_console"))
        _ = try await database.transaction(.installation) { try $0.one(Self.one) }
        try await server.stop()
        let asking = Task { try await database.transaction(.installation) { try $0.one(Self.one) } }
        while database.metrics.discarded == 0 { await Task.yield() }
        try await server.startAgain()
        #expect(try await asking.value == 1)
        try await server.stop()
        let impatient = try self.database(server.url(role: "portaldesk_console"), patience: .milliseconds(200))
        let error = await #expect(throws: PostgresError.self) {
            try await impatient.transaction(.installation) { try $0.one(Self.one) }
        }
        #expect(error?.code == .connectionFailed)
        #expect(impatient.metrics.open == 0)
    }

    @Test func `of several hosts the one that takes writes is used`() async throws {
        let reader = try await PrivateServer.start()
        let writer = try await PrivateServer.start()
        let admin = try await DirectConnection.open(url: reader.url(role: "postgres"))
        try await admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        try await admin.execute("SELECT pg_reload_conf()")
        let secret = Cluster.password.replacing(" ", with: "%20")
        let hosts = "127.0.0.1:\(reader.port),127.0.0.1:1,127.0.0.1:\(writer.port)"
        let url = "postgresql://portaldesk_console:\(secret)@\(hosts)/desk"
        let port = Query<Int>("t.port")
        let database = Database(
            configuration: DatabaseConfiguration(url: url, acquireTimeout: .seconds(20)),
            catalog: try QueryCatalog(sources: ["t": "-- name: port :one\nSELECT current_setting('port')::int;"]),
            logger: quiet
        )
        #expect(try await database.transaction(.installation) { try $0.one(port) } == writer.port)
        try await reader.stop()
        try await writer.stop()
    }
}
