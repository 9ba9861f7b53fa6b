import Access
import DeskKit
import Foundation
import Postgres
import Secrets
import TestKit
import Testing

@testable import DeskApp

struct InstallationTests {
    @Test("a frozen process holds its locks for fifteen seconds at most, however long a statement may take")
    func idle() async throws {
        let keys = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)").path
        try KeyRing.generate(to: keys)
        defer { try? FileManager.default.removeItem(atPath: keys) }
        let url = "postgres://nobody@127.0.0.1:1/none"
        let configuration = try DeskConfiguration(
            environment: ["DATABASE_URL": url, "WORKER_DATABASE_URL": url, "PORTALDESK_KEYS": keys],
            root: Repository.path("")
        )
        for role in [Installation.Role.console, .worker] {
            let installation = try Installation(configuration, as: role, statementTimeout: .seconds(600))
            let database = installation.desk.database.configuration
            #expect(database.idleTimeout == .seconds(15) && database.statementTimeout == .seconds(600))
        }
    }

    @Test("job files are those of the newest migration's release")
    func release() throws {
        let configuration = try DeskConfiguration(environment: [:], root: Repository.path(""))
        let names = try FileManager.default.contentsOfDirectory(atPath: Repository.path("sql/migrations"))
        #expect(try configuration.release == names.compactMap { Int($0.prefix(4)) }.max())
    }
}
