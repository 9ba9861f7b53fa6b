package import DeskKit
package import Postgres

/// Answers what a run of a schedule would do on a date, by the statement of the real run and without writing. The owner
/// of the handler implements it; the console and `jobs run --dry-run` ask it.
package protocol PreviewsRun: Sendable {
    /// The kind of the handler it speaks for, "reminders.payments".
    var handler: String { get }

    /// One page of recipients in a stable order, and the counts of all of them. Throws `PostgresError`.
    func preview(
        portal: PortalID,
        date: CivilDate,
        page: PageRequest,
        in session: Session
    ) throws -> RunPreview
}

/// What a run would do.
package struct RunPreview: Sendable {
    package var recipients: PageSlice<RunRecipient>
    /// By outcome, "send" and "skip" first of all; reasons of skipping as "skip.paid".
    package var counts: [String: Int]

    package init(recipients: PageSlice<RunRecipient>, counts: [String: Int]) {
        self.recipients = recipients
        self.counts = counts
    }
}

/// Tells whom a run addressed and why not. The owner of the handler implements it.
package protocol ListsRunRecipients: Sendable {
    /// The kind of the handler it speaks for.
    var handler: String { get }

    /// One page of a run's recipients, of one outcome when given. Throws `PostgresError`.
    func recipients(
        of run: RunID,
        portal: PortalID,
        outcome: String?,
        page: PageRequest,
        in session: Session
    ) throws -> PageSlice<RunRecipient>

    /// How many recipients a run has by outcome, as things stand now. Throws `PostgresError`.
    func counts(of run: RunID, portal: PortalID, in session: Session) throws -> [String: Int]
}

/// One recipient of a run. Holds nothing that needs a right to be revealed.
package struct RunRecipient: Sendable, Hashable, Codable {
    package var client: ClientID
    package var clientName: String
    package var account: AccountID?
    /// "sms" or "email".
    package var channel: String?
    /// Masked, "+48 ••• ••• 123".
    package var recipient: String?
    /// The kind of thing reminded of, "instalment", "policy".
    package var subjectKind: String
    /// Its number as the client knows it.
    package var subject: String
    package var dueDate: CivilDate
    /// Previews: "send" or "skip". Runs: "planned", "sent", "skipped", "cancelled", "handed_over", "confirmed",
    /// "refused", "uncertain".
    package var outcome: String
    /// A code, "invoice_paid"; nil where there is nothing to explain.
    package var reason: String?

    package init(
        client: ClientID,
        clientName: String,
        account: AccountID?,
        channel: String?,
        recipient: String?,
        subjectKind: String,
        subject: String,
        dueDate: CivilDate,
        outcome: String,
        reason: String?
    ) {
        self.client = client
        self.clientName = clientName
        self.account = account
        self.channel = channel
        self.recipient = recipient
        self.subjectKind = subjectKind
        self.subject = subject
        self.dueDate = dueDate
        self.outcome = outcome
        self.reason = reason
    }
}
