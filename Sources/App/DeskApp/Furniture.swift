import DeskKit
import JobRunner
import Logging
import Messaging
import Portals
import Postgres

/// What a new portal finds: the program's letters in its languages, and its schedules.
struct Furniture: FurnishesPortals {
    let letters: Letters
    let queue: JobQueue
    let registry: JobRegistry
    let configuration: DeskConfiguration
    let logger: Logger

    func furnish(_ portal: PortalID, in session: Session) throws {
        try letters.install(in: session)
        let files: [JobFile]
        do {
            files = try configuration.jobFiles(registry)
        } catch {
            // A worker does not start with such files either; with better ones it makes up for this.
            logger.error("a portal has no schedules", metadata: ["faults": "\(error)"])
            return
        }
        try ScheduleSync(queue: queue).sync(files, only: portal, in: session)
    }
}
