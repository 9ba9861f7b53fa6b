import Logging
import Postgres
import TestKit
import Testing

@Suite struct DatabaseSchemaTests {
    @Test func `the migrations are numbered without gap or double and say whether they break`() throws {
        let migrations = try Migration.load(directory: Repository.path("sql/migrations"))
        #expect(migrations.count >= 11)
        #expect(migrations.map(\.number) == Array(1...migrations.count))
    }

    @Test func `each table says which module owns it`() throws {
        let owners = try TableOwners.read()
        #expect(owners.ownerless == [])
        #expect(owners.modules.count > 30)
    }

    @Test func `sql/schema.sql is the migrated schema`() async throws {
        let database = try await TestDatabase.make()
        let text = try await SchemaDump.text(of: database)
        if SchemaDump.isRewriting { try SchemaDump.rewrite(text) }
        let stored = try SchemaDump.stored()
        let lines = { (text: String) in text.split(separator: "\n", omittingEmptySubsequences: false) }
        let changes = lines(text).difference(from: lines(stored)).prefix(6).map { change in
            switch change {
            case .insert(let line, let element, _): "now line \(line + 1): \(element)"
            case .remove(let line, let element, _): "no more line \(line + 1): \(element)"
            }
        }
        #expect(changes == [], "run this test once with \(SchemaDump.rewriteVariable)=1")
    }

    @Test func `a freshly migrated database has nothing pending`() async throws {
        let database = try await TestDatabase.make()
        let migrator = try Migrator(
            configuration: database.ownerDatabase.configuration,
            directory: Repository.path("sql/migrations"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        #expect(try await migrator.pending(in: database.database) == [])
        #expect(try await migrator.pending(in: database.workerDatabase) == [])
    }
}
