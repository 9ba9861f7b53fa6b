package import DeskKit
package import JobRunner
package import Postgres

/// Cancels messages whose run was cancelled or whose job was discarded: without it the sweep would give them new jobs.
package struct EndMessages: EndsWithWork {
    package init() {}

    package func end(run: RunID, portal: PortalID, in session: Session) throws -> Int {
        try session.run(
            MessagingQueries.cancelPlanned,
            ["portal": portal, "run": run, "messages": [MessageID](), "reason": "run_cancelled"]
        )
    }

    package func end(discarded jobs: [DiscardedJob], portal: PortalID, in session: Session) throws -> Int {
        let messages = jobs.compactMap { job in
            job.kind == SendMessage.kind ? job.decode(SendMessage.Order.self)?.message : nil
        }
        guard !messages.isEmpty else { return 0 }
        return try session.run(
            MessagingQueries.cancelPlanned,
            ["portal": portal, "run": nil, "messages": messages, "reason": "discarded"]
        )
    }
}
