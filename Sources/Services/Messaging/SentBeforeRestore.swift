import DeskKit
import FoundationEssentials
import JobRunner
import Logging
import Portals
import Postgres

/// What the journal has to say about a message before it goes.
extension SendMessage {
    /// Letters to staff about what is wrong here: they go while sending stands still, and sent twice they harm nobody.
    static let exempt: Set<String> = ["operations.alarm"]

    /// Nil when nothing keeps it; `problem` is why the journal cannot be written now.
    func standstill(_ held: HeldMessage, _ portal: PortalID, _ problem: JournalProblem?) -> Step? {
        if Self.exempt.contains(held.kind) { return nil }
        // Spread, so that a long list does not come back all at once.
        if held.fenced { return .wait(.seconds(Double.random(in: 60...180))) }
        if let problem { return .blocked(problem) }
        switch journal.setting {
        case .none: return held.journaled ? .blocked(JournalProblem(.notConfigured)) : nil
        case .off: return nil
        case .kept: return journal.isCompared(portal, server: held.server) ? nil : .compare
        }
    }

    /// Whether the message was sent before the database was restored; then its row says so and it does not go again.
    func wasSent(
        _ held: HeldMessage,
        _ content: MessageContent,
        to recipient: String,
        _ portal: PortalID,
        in session: Session
    ) throws -> Bool {
        guard held.hasLines, !Self.exempt.contains(held.kind) else { return false }
        let hashes = journal.hashes
        let words =
            held.secret ? [] : hashes.words(content, to: recipient, kind: held.kind, portal: portal)
        let found = try session.first(
            JournalQueries.sentBefore,
            ["portal": portal, "hashes": hashes.references(held.reference, portal: portal), "words": words]
        )
        guard let found else { return false }
        let place: Parameters = ["portal": portal, "message": held.id]
        let line: Parameters = ["hash": found.hash, "attempt": found.attempt, "own": found.own]
        try session.run(JournalQueries.holdLine, place.merging(line) { $1 })
        guard found.own else {
            try settle(held, .cancelled, "sent_before", portal: portal, in: session)
            return true
        }
        // The gateway had not taken it: nobody has it yet.
        if found.answer == "temporary" { return false }
        try session.run(
            JournalQueries.handOverAsJournaled,
            place.merging(["handed_at": found.handedAt, "attempt": found.attempt]) { $1 }
        )
        let state: MessageState =
            switch found.answer {
            case "accepted": .confirmed
            case "permanent": .refused
            default: .uncertain
            }
        try settle(held, state, "journal", from: .handedOver, portal: portal, in: session)
        return true
    }

    /// The line to be written before the gateway is asked; nil where nothing leaves the house.
    func entry(
        _ held: HeldMessage,
        _ content: MessageContent,
        to recipient: String,
        through provider: ProviderRow,
        _ portal: PortalID
    ) -> JournalEntry? {
        guard journal.setting == .kept, provider.kind != .local, !Self.exempt.contains(held.kind),
            let hash = journal.hashes.references(held.reference, portal: portal).first
        else { return nil }
        let words = journal.hashes.words(content, to: recipient, kind: held.kind, portal: portal)
        return JournalEntry(
            portal: portal,
            hash: hash,
            attempt: held.attempts + 1,
            at: Int64(Date().timeIntervalSince1970),
            channel: held.channel,
            kind: held.kind,
            words: held.secret ? nil : words.first
        )
    }

    /// The line could not be written, hence the gateway was not asked: the message is planned again.
    func takeBack(_ envelope: Envelope, _ job: JobContext) async throws {
        let place: Parameters = ["portal": envelope.portal, "message": envelope.message]
        let answer = GatewayAnswer.temporary(code: "no_journal")
        try await job.database.transaction(.portal(envelope.portal)) { session in
            try session.run(
                MessagingQueries.endAttempt,
                place.merging(["attempt": envelope.attempt, "outcome": answer.word, "code": answer.code]) { $1 }
            )
            try session.run(MessagingQueries.planAgain, place.merging(["of_channel": false]) { $1 })
        }
    }
}

/// Tells the database, and with it the console, that this worker's journal cannot be used, or can be again.
struct JournalTrouble: Sendable {
    let journal: SendJournal

    /// Throws `PostgresError`.
    func tell(_ problem: JournalProblem?, _ portal: PortalID, _ database: Database, _ logger: Logger) async throws {
        guard journal.isNews(problem, portal) else { return }
        let place: Parameters = ["portal": portal, "host": journal.host]
        try await database.transaction(.portal(portal)) { session -> Void in
            if let problem {
                try session.run(JournalQueries.noteTrouble, place.merging(["code": problem.code.rawValue]) { $1 })
            } else {
                try session.run(JournalQueries.endTrouble, place)
            }
        }
        if let problem {
            logger.error("nothing is sent: the journal cannot be used", metadata: ["error": "\(problem)"])
        } else {
            logger.notice("the journal can be used again")
        }
    }
}
