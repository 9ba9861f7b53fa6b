import Audit
import DeskKit
import JobRunner
import Portals
import Postgres

extension SendMessage {
    /// How long a message waits for a channel that does not work: until nobody wants it any more, or for a day.
    static let channelBackoff = Backoff(first: .seconds(10), longest: .seconds(900))

    /// What the gateway said, in a transaction of its own. It does not ask for the job's lease: the answer is true
    /// whoever holds the job by now, and the message's own state keeps it from being noted twice.
    func note(_ outcome: GatewayAnswer, _ envelope: Envelope, _ job: JobContext) async throws -> JobOutcome {
        let isPlannedAgain = try await job.database.transaction(.portal(envelope.portal)) { session in
            let place: Parameters = ["portal": envelope.portal, "message": envelope.message]
            try session.run(
                MessagingQueries.endAttempt,
                place.merging([
                    "attempt": envelope.attempt, "outcome": outcome.word, "code": outcome.code,
                ]) { $1 }
            )
            try GatewayGuard(portal: envelope.portal, provider: envelope.provider.id).note(outcome, in: session)
            if outcome.isOfChannel || (outcome.isTemporary && job.attempt < job.maxAttempts) {
                // A late answer to what became uncertain meanwhile plans nothing: it settles the message below.
                let again = place.merging(["of_channel": outcome.isOfChannel]) { $1 }
                if try session.run(MessagingQueries.planAgain, again) == 1 { return true }
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
        guard isPlannedAgain else { return .done }
        // The queue's own backoff spaces the tries; what is the channel's fault uses none of them up.
        guard outcome.isOfChannel else { throw JobFailure(outcome.code ?? "temporary") }
        var generator = SystemRandomNumberGenerator()
        return .delay(.seconds(Self.channelBackoff.seconds(after: envelope.attempt, using: &generator)))
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
