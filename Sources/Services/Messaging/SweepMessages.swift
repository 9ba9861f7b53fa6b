import DeskKit
package import JobRunner
import Logging
import Postgres

/// Looks after what nobody holds any more: messages handed over by a process that died become *uncertain*, planned ones
/// whose job is gone get a new one. Runs each minute by `jobs/messaging.sweep.yml`.
package struct SweepMessages: JobHandler {
    package static let kind = "messaging.sweep"
    package static let queue = "messaging"

    let queue: JobQueue

    package init(queue: JobQueue) {
        self.queue = queue
    }

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let portal = job.portal
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
            for id in unqueued {
                try queue.enqueue(
                    SendMessage.self,
                    portal: portal,
                    payload: SendMessage.Order(message: id),
                    uniqueKey: id.description,
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
}
