package import Audit
import DeskKit
package import FoundationEssentials
import Portals
package import Postgres
package import Secrets

/// Takes in what mail servers tell of our messages: what could not be delivered is noted as a gateway's receipt is, and
/// a mailbox that does not exist is not written to again. The same report twice changes nothing more.
package struct TakeBounces: Sendable {
    /// What came of the mails of a mailbox.
    package struct Tally: Sendable, Hashable {
        /// Mails that are no reports.
        package var others = 0
        /// Reports of no message of ours.
        package var forNobody = 0
        package var failed = 0
        package var delivered = 0
        package var underway = 0
        /// Addresses that are not written to any more.
        package var suppressed = 0
    }

    private let audit: AuditTrail
    private let keyRing: KeyRing

    package init(audit: AuditTrail, keyRing: KeyRing) {
        self.audit = audit
        self.keyRing = keyRing
    }

    /// Each report has a transaction of its own, so that one that cannot be noted keeps none from being so. Throws
    /// `PostgresError`.
    package func run(_ mailbox: Data, in database: Database) async throws -> Tally {
        var tally = Tally()
        for mail in Mailbox(mailbox).messages {
            guard let report = DeliveryReport(mail) else {
                tally.others += 1
                continue
            }
            guard let found = try await message(of: report, in: database) else {
                tally.forNobody += 1
                continue
            }
            let isSuppressed = try await database.transaction(.portal(found.portalID)) { session in
                try note(report, found, in: session)
            }
            switch report.outcome {
            case .failed: tally.failed += 1
            case .delivered: tally.delivered += 1
            case .underway: tally.underway += 1
            }
            if isSuppressed { tally.suppressed += 1 }
        }
        return tally
    }

    private func message(of report: DeliveryReport, in database: Database) async throws -> ReportedMessage? {
        guard let reference = report.reference else { return nil }
        return try await database.read(.everyPortal) { session in
            try session.first(MessagingQueries.messageOfReference, ["reference": reference])
        }
    }

    /// Answers whether the address is not written to from now on.
    private func note(_ report: DeliveryReport, _ found: ReportedMessage, in session: Session) throws -> Bool {
        let stored = try session.first(
            MessagingQueries.storeBounce,
            [
                "portal": found.portalID, "message": found.id, "provider": found.providerID,
                "reference": report.reference, "word": report.status?.text ?? report.outcome.rawValue,
                "outcome": report.outcome,
            ]
        )
        // Told before.
        guard let stored else { return false }
        _ = try session.one(MessagingQueries.matchReceipts, ["portal": found.portalID, "receipt": stored])
        guard report.outcome == .failed, report.status?.isNoMailbox == true else { return false }
        do {
            try Suppressions(audit: audit, keyRing: keyRing).add(
                found.id,
                reason: .bounced,
                portal: found.portalID,
                by: .commandLine,
                staff: nil,
                in: session
            )
            return true
        } catch is Suppressions.Refusal {
            return false
        }
    }
}

/// The message that a report is about.
struct ReportedMessage: Decodable, Sendable {
    let portalID: PortalID
    let id: MessageID
    let providerID: ProviderID
}
