import DeskKit
import Postgres
import ServiceLifecycle
import TestKit
import Testing

@Suite struct ListenerTests {
    private func listener(_ url: String, _ channels: [String]) throws -> Listener {
        try Listener(configuration: DatabaseConfiguration(url: url), channels: channels, logger: quiet)
    }

    @Test func `it says resync when it begins and then each notification of its channels`() async throws {
        let test = try await makeDatabase()
        let listener = try listener(test.urls.worker, ["jobs", "odd \"name\""])
        let events = listener.events()
        let running = Task { try await listener.run() }
        var iterator = events.makeAsyncIterator()
        #expect(await iterator.next() == .resync)
        try await test.sql(
            "SELECT pg_notify('jobs', 'mail'), pg_notify('other', 'x'), pg_notify('odd \"name\"', 'żółw')"
        )
        #expect(await iterator.next() == .notification(channel: "jobs", payload: "mail"))
        #expect(await iterator.next() == .notification(channel: "odd \"name\"", payload: "żółw"))
        var late = listener.events().makeAsyncIterator()
        #expect(await late.next() == .resync)
        running.cancel()
        try await running.value
        #expect(await iterator.next() == nil)
        #expect(await late.next() == nil)
    }

    @Test func `a listener whose backend is ended comes back and says resync`() async throws {
        let test = try await makeDatabase()
        let listener = try listener(test.urls.worker, ["jobs"])
        var iterator = listener.events().makeAsyncIterator()
        let running = Task { try await listener.run() }
        #expect(await iterator.next() == .resync)
        try await test.sql(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = 'portaldesk listen'
            """
        )
        #expect(await iterator.next() == .resync)
        try await test.sql("SELECT pg_notify('jobs', 'again')")
        #expect(await iterator.next() == .notification(channel: "jobs", payload: "again"))
        running.cancel()
        try await running.value
    }

    @Test func `graceful shutdown ends it`() async throws {
        let test = try await makeDatabase()
        let listener = try listener(test.urls.worker, ["jobs"])
        var iterator = listener.events().makeAsyncIterator()
        let group = ServiceGroup(services: [listener, test.database], logger: quiet)
        let running = Task { try await group.run() }
        #expect(await iterator.next() == .resync)
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(await iterator.next() == nil)
        let error = await #expect(throws: PostgresError.self) {
            try await test.database.transaction(.installation) { _ in }
        }
        #expect(error?.code == .poolClosed)
    }
}
