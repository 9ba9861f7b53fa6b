import DeskKit
import Foundation
package import Secrets
import Synchronization

/// The journal of hand-overs outside the database, in a folder that all workers share. Before a process sends for a
/// portal all files are compared with the database; a database that knows less is a restored backup, and sending stops.
package final class SendJournal: Sendable {
    enum Setting: Hashable {
        /// Told nothing: fine where no journal was ever kept.
        case none
        /// Told to do without, even where one was kept.
        case off
        case kept
    }

    /// Files that nobody wrote for so many days are removed; a backup that is older cannot be compared any more.
    package static let days = 92

    let setting: Setting
    let hashes: JournalHashes
    let writer: JournalWriter
    let reader: JournalReader
    let host = ProcessInfo.processInfo.hostName
    private let compared = Mutex<[PortalID: String]>([:])
    private let told = Mutex<[PortalID: (problem: JournalProblem?, at: Date)]>([:])
    private let turns = JournalTurns()
    private let pruned = Mutex(Date.distantPast)

    /// `place` is the value of PORTALDESK_JOURNAL: a folder, "off", or nil. Nothing is opened yet.
    package init(_ place: String? = nil, keyRing: KeyRing) {
        setting =
            switch place {
            case nil: .none
            case "off": .off
            default: .kept
            }
        hashes = JournalHashes(keyRing)
        writer = JournalWriter(folder: place ?? "", header: hashes.headers.first ?? "")
        reader = JournalReader(folder: place ?? "", headers: hashes.headers)
    }

    /// Whether a line could be written, and all files read. Throws `JournalProblem`. For `portaldesk check`.
    package func trial() async throws {
        guard setting == .kept else { return }
        defer { writer.leave() }
        try await writer.ready()
        for file in try await reader.files() {
            _ = try await reader.stretch(of: file.name, from: 0, portal: PortalID(0))
        }
    }

    /// Why no line could be written now; nil where one could, or none is asked for.
    func problem() async -> JournalProblem? {
        guard setting == .kept else { return nil }
        do throws(JournalProblem) {
            try await writer.ready()
            return nil
        } catch {
            return error
        }
    }

    /// What the gateway said, for a database that may forget it.
    func note(_ answer: GatewayAnswer, _ entry: JournalEntry) {
        writer.note(.answer(portal: entry.portal, hash: entry.hash, attempt: entry.attempt, word: answer.word))
    }

    /// Whether this process compared the portal since the database's server, or the database itself, is this one.
    func isCompared(_ portal: PortalID, server: String) -> Bool {
        compared.withLock { $0[portal] == server }
    }

    func noteCompared(_ portal: PortalID, server: String) {
        compared.withLock { $0[portal] = server }
    }

    /// Removes what is too old for any use, once a day.
    func prune() async {
        let isDue = pruned.withLock { last in
            guard last < Date(timeIntervalSinceNow: -86_400) else { return false }
            last = Date()
            return true
        }
        if isDue { await reader.prune(days: Self.days) }
    }

    /// One comparison of a portal at a time; who comes meanwhile waits for that one.
    func once(_ portal: PortalID, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await turns.once(portal, body)
    }

    /// Whether it is worth a statement to tell the database of this: something new, or half a minute later.
    func isNews(_ problem: JournalProblem?, _ portal: PortalID) -> Bool {
        told.withLock { told in
            let last = told[portal]
            if last == nil, problem == nil { return false }
            if let last, last.problem == problem, problem == nil || last.at > Date(timeIntervalSinceNow: -30) {
                return false
            }
            told[portal] = (problem, Date())
            return true
        }
    }
}

/// Lets one do what several ask for at once.
private actor JournalTurns {
    private var running: [PortalID: Task<Void, any Error>] = [:]

    func once(_ portal: PortalID, _ body: @escaping @Sendable () async throws -> Void) async throws {
        if let task = running[portal] { return try await task.value }
        let task = Task { try await body() }
        running[portal] = task
        defer { running[portal] = nil }
        try await task.value
    }
}
