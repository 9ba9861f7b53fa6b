package import DeskKit
package import DeskWeb
package import Postgres

/// The newest reminders of a client, for its page.
package struct RemindersOfClient: Sendable {
    private let most: Int

    package init(most: Int = 20) {
        self.most = most
    }

    /// Newest first. Throws `PostgresError`.
    package func rows(_ client: ClientID, _ portal: PortalID, in session: Session) throws -> [ReminderLine] {
        try session.all(
            RemindersQueries.remindersOfClient,
            ["portal": portal, "client": client, "limit": most]
        )
    }
}

/// One reminder as a client's page shows it.
package struct ReminderLine: Decodable, Sendable {
    package let id: ReminderID
    package let subjectKind: RuleSubject
    let contract: String?
    let instalment: Int?
    let policy: String?
    package let dueDate: CivilDate
    /// On the portal's clock.
    package let plannedAt: CivilDateTime
    package let channel: String?
    /// The reminder's state, or its message's where there is one: "planned", "skipped", "confirmed" …
    package let outcome: String
    package let reason: String?
    package let runID: RunID

    /// "Instalment L/2024/17 / 5", "Policy 9000123".
    package func subject(_ words: Words) -> String {
        words("reminders.about.\(subjectKind.rawValue)")
            + " " + ReminderSubject.text(contract, instalment, policy)
    }

    package func tag(_ words: Words) -> TagView { Self.tag(outcome, words) }

    /// A reminder's state, or its message's, in a word.
    static func tag(_ outcome: String, _ words: Words) -> TagView {
        let tone: TagView.Tone =
            switch outcome {
            case "confirmed": .good
            case "refused": .bad
            case "uncertain", "handed_over": .warn
            default: .plain
            }
        let key = "reminders.outcome.\(outcome)"
        return TagView(tone, words.has(key) ? words(key) : outcome)
    }

    /// Where the whole story of this client and due date is told.
    package func why(_ client: ClientID, portal key: String) -> String {
        "/reminders/\(key)/why/\(client)?due=\(dueDate.iso)"
    }

    /// Why it was left out, cancelled or refused; nil where there is nothing to explain.
    package func reasonText(_ words: Words) -> String? {
        guard let reason else { return nil }
        let keys = ["reminders.reason.\(reason)", "messaging.reason.\(reason)"]
        return keys.first(where: words.has).map { words($0) } ?? reason
    }
}
