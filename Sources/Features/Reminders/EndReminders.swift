package import DeskKit
package import JobRunner
package import Postgres

/// Cancels reminders without a letter yet, when their run was cancelled or the job that was to write it discarded.
package struct EndReminders: EndsWithWork {
    package init() {}

    package func end(run: RunID, portal: PortalID, in session: Session) throws -> Int {
        try session.run(
            RemindersQueries.cancelPlanned,
            ["portal": portal, "run": run, "reason": "run_cancelled"]
        )
    }

    package func end(discarded jobs: [DiscardedJob], portal: PortalID, in session: Session) throws -> Int {
        var ended = 0
        for job in jobs where job.kind == SendReminders.kind {
            guard let run = job.runID, let chunk = job.decode(SendReminders.Chunk.self) else { continue }
            ended += try session.run(
                RemindersQueries.cancelChunk,
                ["portal": portal, "run": run, "first": chunk.first, "last": chunk.last]
            )
        }
        return ended
    }
}
