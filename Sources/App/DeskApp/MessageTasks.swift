import Access
package import Foundation
import Messaging
import Postgres

/// `portaldesk messages` on an installation.
package enum MessageTasks {
    /// Takes in a mailbox of delivery reports; answers what came of it, in lines.
    package static func takeBounces(_ mailbox: Data, _ configuration: DeskConfiguration) async throws -> [String] {
        let installation = try Installation(configuration, as: .console)
        let desk = installation.desk
        do {
            let tally = try await TakeBounces(audit: desk.audit, keyRing: desk.keys).run(mailbox, in: desk.database)
            await desk.database.close()
            return [
                ("not delivered", tally.failed), ("addresses not written to any more", tally.suppressed),
                ("delivered", tally.delivered), ("still under way", tally.underway),
                ("about no message of ours", tally.forNobody), ("no reports", tally.others),
            ].map { "\($0.0): \($0.1)" }
        } catch {
            await desk.database.close()
            throw error
        }
    }
}
