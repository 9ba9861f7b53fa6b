package import DeskKit
package import Postgres

/// Whoever holds something that jobs were to do: it must not be done after people took the jobs away. Asked in the same
/// transaction; DeskApp fits the rooms in.
package protocol EndsWithWork: Sendable {
    /// Ends what a cancelled run planned and did not do yet; answers how much it was. Throws `PostgresError`.
    func end(run: RunID, portal: PortalID, in session: Session) throws -> Int

    /// Ends what jobs of quarantine were to do that were discarded; answers how much it was. Throws `PostgresError`.
    func end(discarded jobs: [DiscardedJob], portal: PortalID, in session: Session) throws -> Int
}

/// A job that people took out of quarantine for good.
package struct DiscardedJob: Decodable, Sendable {
    package let kind: String
    package let queue: String
    package let runID: RunID?
    /// JSON.
    package let payload: String

    /// The payload as it was enqueued; nil when it is none.
    package func decode<Payload: Decodable>(_ type: Payload.Type) -> Payload? { try? Payload(json: payload) }
}
