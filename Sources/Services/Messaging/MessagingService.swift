package import Access
package import DeskKit
import DeskWeb
package import Hummingbird
package import JobRunner
package import Postgres

/// What was written to clients and how: the ledger of messages, the work list of uncertain ones, the inbox of the
/// built-in provider, providers and letters. Tables: `provider`, `template`, `message`, `message_attempt`,
/// `inbox_message`, `suppression`, `sending_hours`, `receipt`, and of the journal outside `journal_mark`,
/// `journal_line`, `journal_trouble`, `sending_fence`. Rights: `messaging.view`, `.decide`, `.inbox`,
/// `.providers`, `.templates`, `.hours`, `.resend`.
package struct MessagingService: Sendable {
    let desk: Desk
    let queue: JobQueue
    let samples: [any SamplesLetters]
    let consents: (any TakesBackConsent)?

    /// `samples` answer the values of previews, each for its kinds of letters; `consents` takes back what the reader of
    /// a message does not want any more.
    package init(
        desk: Desk,
        queue: JobQueue = JobQueue(),
        samples: [any SamplesLetters] = [],
        consents: (any TakesBackConsent)? = nil
    ) {
        self.consents = consents
        self.desk = desk
        self.queue = queue
        self.samples = samples
    }

    package static let queries: [any QueryDescribing] = MessagingQueries.all + JournalQueries.all

    /// For the sidebar, with the right that each entry asks for.
    package static let navigation = [
        GuardedEntry(.messagingView, NavigationEntry(key: "desk.nav.messages", href: "/messaging")),
        GuardedEntry(.messagingProviders, NavigationEntry(key: "desk.nav.providers", href: "/messaging/providers")),
    ]

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        MessagesRoutes(desk: desk).add(to: router)
        MessageRoutes(desk: desk).add(to: router)
        ResendRoutes(desk: desk, queue: queue).add(to: router)
        InboxRoutes(desk: desk).add(to: router)
        ProvidersRoutes(desk: desk).add(to: router)
        ProviderRoutes(desk: desk).add(to: router)
        TemplatesRoutes(desk: desk).add(to: router)
        TemplateRoutes(desk: desk, samples: samples).add(to: router)
        ReceiptRoutes(desk: desk).add(to: router)
        FiguresRoutes(desk: desk).add(to: router)
        if let consents { UnsubscribeRoutes(desk: desk, consents: consents).add(to: router) }
        SuppressionRoutes(desk: desk).add(to: router)
        HoursRoutes(desk: desk).add(to: router)
    }

    /// How many messages of these portals wait for a person's word, at most 1,001. Throws `PostgresError`.
    package static func uncertain(_ portals: [PortalID], in session: Session) throws -> Int {
        try session.one(
            MessagingQueries.countMessages,
            ["portals": portals, "state": MessageState.uncertain, "channel": nil]
        )
    }
}

extension MessagingService: CountsWaiting {
    /// Uncertain messages, for those who may decide on them.
    package func waiting(for staff: StaffContext, in session: Session) throws -> [String: Waiting] {
        let portals = staff.portals(with: .messagingDecide)
        guard !portals.isEmpty else { return [:] }
        return ["/messaging": Waiting(count: try Self.uncertain(portals, in: session))]
    }
}
