import DeskKit
import FoundationEssentials
import Glibc
package import Postgres

/// The ledger of erasures outside the database, so that a restored backup cannot bring anybody back: one line of JSON
/// before data are destroyed and one after, without any personal value. The file is only ever appended to.
package struct ErasureLedger: Sendable {
    package struct Entry: Codable, Hashable, Sendable {
        package enum Step: String, Codable, Sendable {
            case begun, done
        }

        package let step: Step
        package let portal: Int16
        package let erasure: Int64
        package let client: Int64
        package let pseudonym: String
        package let planHash: String
        package let madeBy: Int64
        package let approvedBy: Int64
        package let executedBy: Int64
    }

    /// The file cannot be read or written.
    package struct Problem: LoggableError, CustomStringConvertible {
        package let description: String
    }

    private let path: String

    package init(path: String) {
        self.path = path
    }

    /// Appends one line and returns when the disk has it. Throws `Problem`.
    func write(_ entry: Entry) throws {
        let line = try JSONEncoder().encode(entry) + [UInt8(ascii: "\n")]
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Problem(description: "the ledger cannot be opened") }
        defer { close(file) }
        let written = line.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        guard written == line.count, fsync(file) == 0 else {
            throw Problem(description: "the ledger cannot be written")
        }
    }

    /// All lines in their order. Throws `Problem`.
    package func entries() throws -> [Entry] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Problem(description: "\(path) cannot be read")
        }
        return try data.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
            do {
                return try JSONDecoder().decode(Entry.self, from: line)
            } catch {
                throw Problem(description: "\(path): line \(number + 1) is no entry of the ledger")
            }
        }
    }

    /// What repeating came to, by "done", "partial", "known" (erased already) and "unknown" (no such client here).
    package struct Replay: Sendable {
        package var outcomes: [String: Int] = [:]
        /// Numbers of erasures that were begun and of which no end is written: somebody must look.
        package var open: [Int64] = []
    }

    /// Repeats every finished erasure that this database does not know. Needs the owner's rights; each is a
    /// transaction of its own. Throws `Problem`, `PostgresError`.
    package func replay(in database: Database) async throws -> Replay {
        var replay = Replay()
        let entries = try entries()
        let done = Set(entries.filter { $0.step == .done }.map { [Int64($0.portal), $0.erasure] })
        for entry in entries where entry.step == .begun {
            guard done.contains([Int64(entry.portal), entry.erasure]) else {
                replay.open.append(entry.erasure)
                continue
            }
            let outcome = try await database.transaction(.portal(PortalID(entry.portal))) { session in
                try session.one(
                    ErasureQueries.replayErasure,
                    [
                        "portal": PortalID(entry.portal), "client": entry.client, "pseudonym": entry.pseudonym,
                        "made_by": entry.madeBy, "approved_by": entry.approvedBy, "executed_by": entry.executedBy,
                    ]
                )
            }
            replay.outcomes[outcome, default: 0] += 1
        }
        return replay
    }
}

extension ErasureLedger.Entry {
    /// Nil before the erasure was approved.
    init?(_ step: Step, _ erasure: Erasure, portal: PortalID, by staff: StaffID) {
        guard let approver = erasure.approvedBy else { return nil }
        self.init(
            step: step,
            portal: portal.rawValue,
            erasure: erasure.id.rawValue,
            client: erasure.clientID.rawValue,
            pseudonym: erasure.pseudonym,
            planHash: erasure.planHash,
            madeBy: erasure.madeBy.rawValue,
            approvedBy: approver.rawValue,
            executedBy: staff.rawValue
        )
    }
}
