import DeskKit
import Foundation
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct ErasureLedgerTests {
    private let path = NSTemporaryDirectory() + "ledger-" + UUID().uuidString

    private func entry(_ step: ErasureLedger.Entry.Step, _ erasure: Int64, client: Int64) -> ErasureLedger.Entry {
        ErasureLedger.Entry(
            step: step,
            portal: 1,
            erasure: erasure,
            client: client,
            pseudonym: "*0123456789",
            planHash: "00",
            madeBy: 1,
            approvedBy: 2,
            executedBy: 3
        )
    }

    @Test("A restored database repeats every finished erasure of the ledger once, and names those without an end")
    func replay() async throws {
        let bench = try await ErasureBench.make()
        let ledger = ErasureLedger(path: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ledger.write(entry(.begun, 7, client: 1))
        try ledger.write(entry(.done, 7, client: 1))
        try ledger.write(entry(.begun, 8, client: 2))
        try ledger.write(entry(.begun, 9, client: 404))
        try ledger.write(entry(.done, 9, client: 404))
        #expect(try ledger.entries().count == 5)
        let first = try await ledger.replay(in: bench.test.ownerDatabase)
        #expect(first.outcomes == ["partial": 1, "unknown": 1])
        #expect(first.open == [8])
        #expect(try await bench.count("contact WHERE client_id = 1") == 0)
        #expect(try await bench.count("contact WHERE client_id = 2") == 2)
        #expect(try await bench.test.value("SELECT pseudonym FROM erasure") == "*0123456789")
        #expect(try await ledger.replay(in: bench.test.ownerDatabase).outcomes == ["known": 1, "unknown": 1])
    }

    @Test("Only the owner repeats an erasure")
    func owner() async throws {
        let bench = try await ErasureBench.make()
        let ledger = ErasureLedger(path: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try ledger.write(entry(.begun, 7, client: 1))
        try ledger.write(entry(.done, 7, client: 1))
        let refusal = await #expect(throws: PostgresError.self) {
            try await ledger.replay(in: bench.test.database)
        }
        #expect(refusal?.code == .permissionDenied || refusal?.sqlState == "PD002")
        #expect(try await bench.count("contact WHERE client_id = 1") == 2)
    }

    @Test("A torn ledger is told by file and line")
    func torn() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("{\"step\":\"begun\"".utf8).write(to: URL(fileURLWithPath: path))
        let problem = #expect(throws: ErasureLedger.Problem.self) { try ErasureLedger(path: path).entries() }
        #expect(problem?.description.hasSuffix("line 1 is no entry of the ledger") == true)
        #expect(throws: ErasureLedger.Problem.self) { try ErasureLedger(path: path + "-none").entries() }
    }
}
