import DeskKit
package import JobRunner
import Logging
import Postgres

/// Looks after what nobody holds any more: messages handed over by a process that died become *uncertain*, planned ones
/// whose job is gone get a new one; the journal is compared with the ledger. Runs each minute by
/// `jobs/messaging.sweep.yml`.
package struct SweepMessages: JobHandler {
    package static let kind = "messaging.sweep"
    package static let queue = "messaging"

    let queue: JobQueue
    let journal: SendJournal?

    package init(queue: JobQueue, journal: SendJournal? = nil) {
        self.queue = queue
        self.journal = journal
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let portal = job.portal
        try await compare(portal, job)
        let counts = try await job.transaction { session in
            let abandoned = try session.all(MessagingQueries.findAbandoned, ["portal": portal])
            for row in abandoned {
                try session.run(
                    MessagingQueries.settle,
                    [
                        "portal": portal, "message": row.id, "state": MessageState.uncertain, "reason": "abandoned",
                        "from": MessageState.handedOver, "provider_reference": nil,
                    ]
                )
            }
            _ = try session.one(MessagingQueries.matchReceipts, ["portal": portal, "receipt": nil])
            try session.run(MessagingQueries.dropUnmatched, ["portal": portal])
            let unqueued = try session.all(MessagingQueries.findUnqueued, ["portal": portal])
            for row in unqueued {
                try queue.enqueue(
                    SendMessage.self,
                    portal: portal,
                    payload: SendMessage.Order(message: row.id),
                    uniqueKey: row.id.description,
                    priority: Urgency(row.kind, secret: row.secret).rawValue,
                    in: session
                )
            }
            if let run = job.run, !abandoned.isEmpty || !unqueued.isEmpty {
                try Runs().add(
                    ["uncertain": abandoned.count, "queued": unqueued.count],
                    to: run,
                    portal: portal,
                    in: session
                )
            }
            return abandoned.count
        }
        if counts > 0 { job.logger.warning("messages became uncertain", metadata: ["count": "\(counts)"]) }
        return .done
    }

    /// So that what a database forgot under a running worker is found too, and trouble is told where nothing is sent.
    private func compare(_ portal: PortalID, _ job: JobContext) async throws {
        guard let journal, journal.setting == .kept else { return }
        let trouble = JournalTrouble(journal: journal)
        do {
            if let problem = await journal.problem() { throw problem }
            try await CompareJournal(journal: journal).run(portal, job.database)
            await journal.prune()
            try await trouble.tell(nil, portal, job.database, job.logger)
        } catch let problem as JournalProblem {
            try await trouble.tell(problem, portal, job.database, job.logger)
        }
    }
}
