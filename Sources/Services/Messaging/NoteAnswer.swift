import Audit
import DeskKit
import JobRunner
import Portals
import Postgres

extension SendMessage {
    /// What the gateway said, in a transaction of its own. It does not ask for the job's lease: the answer is true
    /// whoever holds the job by now, and the message's own state keeps it from being noted twice.
    func note(_ outcome: GatewayAnswer, _ envelope: Envelope, _ job: JobContext) async throws -> JobOutcome {
        let mayRetry = job.attempt < job.maxAttempts
        let isPlannedAgain = try await job.database.transaction(.portal(envelope.portal)) { session in
            let place: Parameters = ["portal": envelope.portal, "message": envelope.message]
            try session.run(
                MessagingQueries.endAttempt,
                place.merging([
                    "attempt": envelope.attempt, "outcome": outcome.word, "code": outcome.code,
                ]) { $1 }
            )
            try GatewayGuard(portal: envelope.portal, provider: envelope.provider.id).note(outcome, in: session)
            if case .temporary = outcome, mayRetry {
                // A late answer to what became uncertain meanwhile plans nothing: it settles the message below.
                if try session.run(MessagingQueries.planAgain, place) == 1 { return true }
            }
            try session.run(
                MessagingQueries.settle,
                place.merging([
                    "state": outcome.state, "reason": outcome.code, "from": MessageState.handedOver,
                    "provider_reference": outcome.reference,
                ]) { $1 }
            )
            if case .noMailbox = outcome {
                try suppress(envelope, in: session)
            }
            if outcome.state == .confirmed, envelope.provider.kind == .local {
                try session.run(
                    MessagingQueries.receiveLocally,
                    [
                        "portal": envelope.portal, "channel": envelope.channel, "reference": envelope.reference,
                        "recipient": envelope.recipient, "subject": envelope.content.subject,
                        "body": envelope.content.body,
                    ]
                )
            }
            return false
        }
        // The queue's own backoff spaces the tries.
        if isPlannedAgain { throw JobFailure(outcome.code ?? "temporary") }
        return .done
    }

    /// An address that its own server does not know is not written to again.
    private func suppress(_ envelope: Envelope, in session: Session) throws {
        try Suppressions(audit: audit, keyRing: gateways.keyRing).add(
            Suppressions.Entry(
                channel: envelope.channel,
                recipient: envelope.recipient,
                reason: .bounced,
                client: envelope.client,
                message: envelope.message
            ),
            portal: envelope.portal,
            by: .job(name: Self.kind),
            staff: nil,
            in: session
        )
    }
}
