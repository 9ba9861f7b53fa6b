import DeskApp
import Postgres
import TestKit
import Testing

@Suite struct DatabaseCatalogTests {
    private func check() async throws -> CatalogCheck {
        try await CatalogCheck(try await TestDatabase.make(), catalog: try TestDatabase.catalog())
    }

    @Test func `each statement prepares on the migrated schema`() async throws {
        let problems = try await check().preparationProblems()
        #expect(problems == [])
    }

    @Test func `each statement is listed once and answers what its row reads`() async throws {
        let problems = try await check().decoderProblems(Rooms.allQueries)
        #expect(problems == [])
    }

    @Test func `the console or the worker may run each statement`() async throws {
        let problems = try await check().permissionProblems()
        #expect(problems == [])
    }

    @Test func `each statement writes only its own module's tables`() async throws {
        let problems = try await check().ownershipProblems(try TableOwners.read().modules)
        #expect(problems == [])
    }
}
