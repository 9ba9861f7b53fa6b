package import Audit
package import DeskKit
import FoundationEssentials
package import JobRunner
import Portals
import Postgres
import Transport

/// Sends one planned message. Our reference is committed as *handed over* before the gateway is asked; what is found in
/// that state later was left by a process that died, and becomes *uncertain* rather than being sent again.
package struct SendMessage: JobHandler {
    package static let kind = "messaging.send"
    package static let queue = "messaging"
    package static let maxAttempts = 8
    package static let timeout = Duration.seconds(700)

    package struct Order: Codable, Sendable {
        package let message: MessageID
    }

    let audit: AuditTrail
    let gateways: Gateways
    let checks: [any ChecksBeforeSending]
    let maySend: any MaySend
    let journal: SendJournal
    /// After this a message whose job is gone counts as abandoned; longer than any gateway's time-out.
    static let leaseSeconds = 720
    /// So long an answer may take to be noted when the worker has to go.
    static let noting = Duration.seconds(15)
    private let hands: GatewayHands

    /// At one gateway are always fewer messages than the queue has slots.
    package init(
        audit: AuditTrail,
        gateways: Gateways,
        checks: [any ChecksBeforeSending],
        maySend: any MaySend = SendsEverything(),
        journal: SendJournal? = nil,
        slots: Int = WorkerConfiguration.usualConcurrency
    ) {
        self.journal = journal ?? SendJournal(keyRing: gateways.keyRing)
        hands = GatewayHands(slots: slots)
        self.audit = audit
        self.gateways = gateways
        self.checks = checks
        self.maySend = maySend
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let id = try job.decode(Order.self).message
        let portal = job.portal
        let hand = hands.hand()
        defer { hand.release() }
        let trouble = JournalTrouble(journal: journal)
        let problem = await journal.problem()
        do {
            // Once more after the comparison, or when the gateway has room; a server that changes all the time is left
            // alone for a while.
            for _ in 0..<5 {
                let step = try await job.transaction {
                    try handOver(id, portal: portal, without: problem, hand: hand, in: $0)
                }
                if case .wait = step, await hand.hasRoomSoon() { continue }
                switch step {
                case .settled: return .done
                case .wait(let duration): return .delay(duration)
                case .blocked(let problem): throw problem
                case .compare: try await CompareJournal(journal: journal).run(portal, job.database)
                case .go(let envelope):
                    let outcome = try await send(envelope, job)
                    // Nothing stands between the hand-over and the gateway, and what was sent stays so.
                    try? await trouble.tell(nil, portal, job.database, job.logger)
                    return outcome
                }
            }
        } catch let problem as JournalProblem {
            try await trouble.tell(problem, portal, job.database, job.logger)
        }
        return .delay(.seconds(Double.random(in: 30...60)))
    }

    /// The line is on the disk before the gateway is asked: this is the one place where a message leaves the house.
    func send(_ envelope: Envelope, _ job: JobContext) async throws -> JobOutcome {
        if let entry = envelope.entry {
            do throws(JournalProblem) {
                try await journal.writer.append(.handOver(entry))
            } catch {
                try await takeBack(envelope, job)
                throw error
            }
        }
        let outcome = await gateways.send(envelope)
        if let entry = envelope.entry { journal.note(outcome, entry) }
        return try await Shield.run(for: Self.noting) { try await note(outcome, envelope, job) }
    }

    enum Step: Sendable {
        case settled
        case wait(Duration)
        case go(Envelope)
        /// The journal has to be compared with the database first.
        case compare
        case blocked(JournalProblem)
    }

    /// `problem` is why the journal cannot be written now.
    func handOver(
        _ id: MessageID,
        portal: PortalID,
        without problem: JournalProblem? = nil,
        hand: GatewayHands.Hand? = nil,
        in session: Session
    ) throws -> Step {
        let place: Parameters = ["portal": portal, "message": id]
        guard let held = try session.first(MessagingQueries.holdMessage, place) else { return .settled }
        if held.state == .handedOver {
            // Whoever handed it over has lost this job's lease without noting an answer: it died, or was cut off.
            try settle(held, .uncertain, "abandoned", portal: portal, in: session)
            return .settled
        }
        guard held.state == .planned, let content = held.content else { return .settled }
        if held.hasReceipt {
            // It was planned again, and its receipt came then: the phone's network knows better than another try.
            try settle(held, .refused, "receipt", portal: portal, in: session)
            return .settled
        }
        if held.fileName != nil, held.file == nil {
            // Whoever makes the file brings it and this job with it; a day later nobody does.
            guard held.isFileLate else { return .wait(.seconds(600)) }
            try settle(held, .refused, "file_missing", portal: portal, in: session)
            return .settled
        }
        if let step = standstill(held, portal, problem) { return step }
        guard let written = try open(held.recipient, held, portal, in: session),
            let opened = try open(content, held, portal, in: session)
        else {
            // The key is destroyed: whoever this was for has been erased.
            try settle(held, .cancelled, "erased", portal: portal, in: session)
            return .settled
        }
        let message = CheckedMessage(held, portal: portal, recipient: String(decoding: written, as: UTF8.self))
        if let reason = try reasonToCancel(message, held, in: session) {
            try settle(held, .cancelled, reason, portal: portal, in: session)
            return .settled
        }
        guard let recipient = try recipient(of: message, held, in: session) else {
            try settle(held, .cancelled, "bad_recipient", portal: portal, in: session)
            return .settled
        }
        let text = try MessageContent(bytes: opened)
        if try wasSent(held, text, to: recipient, portal, in: session) { return .settled }
        guard
            let provider = try session.first(
                MessagingQueries.activeProvider,
                ["portal": portal, "channel": held.channel]
            )
        else { return .wait(.seconds(300)) }
        if let wait = try secondsUntilOpen(held, portal: portal, in: session) { return .wait(.seconds(wait)) }
        let gate = Suppressions(audit: audit, keyRing: gateways.keyRing)
        if let reason = try gate.obstacle(held, to: recipient, portal: portal, in: session) {
            try settle(held, .cancelled, reason, portal: portal, in: session)
            return .settled
        }
        let guardian = GatewayGuard(portal: portal, provider: provider.id, turn: .init(held), hand: hand)
        if let delay = try guardian.delay(in: session) { return .wait(delay) }
        let attempt = held.attempts + 1
        let entry = entry(held, text, to: recipient, through: provider, portal)
        try session.run(
            MessagingQueries.handOver,
            place.merging(["provider": provider.id, "lease_seconds": Self.leaseSeconds]) { $1 }
        )
        try session.run(
            MessagingQueries.beginAttempt,
            place.merging(["attempt": attempt, "provider": provider.id, "journal": entry?.hash]) { $1 }
        )
        return .go(
            Envelope(
                portal: portal,
                message: id,
                client: held.clientID,
                attempt: attempt,
                reference: held.reference,
                channel: held.channel,
                kind: held.kind,
                recipient: recipient,
                content: text,
                provider: provider,
                file: try file(of: held, portal, in: session),
                entry: entry,
                needsConsent: try maySend.needsConsent(held.kind, portal: portal, in: session)
            )
        )
    }

    private func file(of held: HeldMessage, _ portal: PortalID, in session: Session) throws -> AttachedFile? {
        guard let name = held.fileName, let sealed = held.file, let bytes = try open(sealed, held, portal, in: session)
        else { return nil }
        return AttachedFile(name: name, type: "application/pdf", bytes: bytes)
    }

    private func reasonToCancel(_ message: CheckedMessage, _ held: HeldMessage, in session: Session) throws -> String? {
        if held.tooLate { return "too_late" }
        for check in checks where message.kind.hasPrefix(check.kindPrefix) {
            if let reason = try check.reasonToCancel(message, in: session) { return reason }
        }
        return try maySend.reasonNotToSend(
            held.kind,
            portal: message.portal,
            client: held.clientID,
            account: held.accountID,
            in: session
        )
    }

    /// How long it waits for the portal's hours; nil when it may go.
    private func secondsUntilOpen(_ held: HeldMessage, portal: PortalID, in session: Session) throws -> Int? {
        guard checks.contains(where: { $0.keepsHours && held.kind.hasPrefix($0.kindPrefix) }) else { return nil }
        let place: Parameters = ["portal": portal, "message": held.id]
        let seconds = try session.one(MessagingQueries.secondsUntilOpen, place)
        guard seconds > 0 else { return nil }
        try session.run(MessagingQueries.stretch, place.merging(["seconds": seconds]) { $1 })
        return seconds
    }

    /// A contact that changed since the message was written is where it goes; nil where no gateway could take it.
    private func recipient(
        of message: CheckedMessage,
        _ held: HeldMessage,
        in session: Session
    ) throws -> String? {
        let written = message.recipient.reveal()
        let known = checks.lazy.filter { message.kind.hasPrefix($0.kindPrefix) }
        guard let new = try known.compactMap({ try $0.newRecipient(message, in: session) }).first, new != written else {
            return written
        }
        guard MaskedRecipient.isSound(new, held.channel) else { return nil }
        let owner = Subject(held.keySubjectKind, held.keySubjectID)
        try session.run(
            MessagingQueries.readdress,
            [
                "portal": message.portal, "message": message.id,
                "recipient": try audit.keys.seal(
                    Array(new.utf8),
                    portal: message.portal,
                    owner: owner,
                    class: .message,
                    in: session
                ),
                "hint": MaskedRecipient.text(new, held.channel),
            ]
        )
        try audit.record(
            AuditEvent(
                "message.readdressed",
                portal: message.portal,
                by: .job(name: Self.kind),
                on: Subject("message", message.id.rawValue),
                client: held.clientID,
                facts: ["kind": held.kind, "channel": held.channel.rawValue]
            ),
            in: session
        )
        return new
    }

    private func open(
        _ sealed: [UInt8],
        _ held: HeldMessage,
        _ portal: PortalID,
        in session: Session
    ) throws -> [UInt8]? {
        try audit.keys.open(
            sealed,
            portal: portal,
            owner: Subject(held.keySubjectKind, held.keySubjectID),
            class: .message,
            in: session
        )
    }

    /// `from` where the state has moved since it was read.
    func settle(
        _ held: HeldMessage,
        _ state: MessageState,
        _ reason: String,
        from: MessageState? = nil,
        portal: PortalID,
        in session: Session
    ) throws {
        try session.run(
            MessagingQueries.settle,
            [
                "portal": portal, "message": held.id, "state": state, "reason": reason,
                "from": from ?? held.state, "provider_reference": nil,
            ]
        )
    }
}
