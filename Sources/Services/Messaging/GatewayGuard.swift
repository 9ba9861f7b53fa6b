import DeskKit
import Postgres

/// What stands before each gateway: how many messages a minute it takes (a token bucket), how many it has in hand, and
/// whether it is left alone because it failed time and again (a circuit breaker). All belong to one provider of one
/// portal, so that a gateway that is away stops its channel there and nothing else of the queue.
struct GatewayGuard: Sendable {
    /// So many failures in a row open the breaker.
    static let failures = 5
    /// How long messages wait while another one tries whether the gateway is back.
    static let trial = Duration.seconds(15)

    /// Whose turn it is.
    struct Turn: Sendable {
        var message: MessageID?
        /// Goes before what waits for a time of its own.
        var isUrgent = false
        /// Waited for its time, which has come.
        var hasWaited = false
    }

    let portal: PortalID
    let provider: ProviderID
    var turn = Turn()
    var hand: GatewayHands.Hand?

    private var place: Parameters { ["portal": portal, "provider": provider] }

    /// Nil when the gateway may be asked now, else how long to wait; waiting uses up no attempt. Throws
    /// `PostgresError`.
    func delay(in session: Session) throws -> Duration? {
        let look = try session.one(MessagingQueries.lookAtGateway, place)
        if look.openSeconds > 0 { return .seconds(look.openSeconds + .random(in: 0...2)) }
        if let wait = hand?.take(portal, provider) { return wait }
        if look.isOpen, try session.run(MessagingQueries.tryGateway, place) == 0 { return Self.trial }
        guard let perMinute = look.perMinute else { return nil }
        let rate = place.merging(["per_minute": perMinute]) { $1 }
        if turn.isUrgent || turn.hasWaited || !look.isCrowded {
            // What is urgent may borrow one token, so that it never loses it to what waits in line.
            let least = turn.isUrgent ? 0.0 : 1.0
            if try session.run(MessagingQueries.takeToken, rate.merging(["least": least]) { $1 }) == 1 { return nil }
        }
        if turn.isUrgent { return .seconds(max(1, 60 / Double(perMinute)) * .random(in: 1...1.5)) }
        let slot = try session.one(MessagingQueries.reserveSlot, rate.merging(["message": turn.message]) { $1 })
        return .seconds(max(1, slot))
    }

    /// What the gateway's answer says about the gateway. A refused recipient says nothing against it. Throws
    /// `PostgresError`.
    func note(_ answer: GatewayAnswer, in session: Session) throws {
        switch answer {
        case .accepted, .permanent, .noMailbox: try session.run(MessagingQueries.noteSuccess, place)
        case .temporary where !answer.isOfChannel: try session.run(MessagingQueries.noteSuccess, place)
        case .temporary(let code), .uncertain(let code):
            let more: Parameters = ["code": code, "most": Self.failures]
            try session.run(MessagingQueries.noteFailure, place.merging(more) { $1 })
        }
    }
}

extension GatewayGuard.Turn {
    init(_ held: HeldMessage) {
        self.init(
            message: held.id,
            isUrgent: Urgency(held.kind, secret: held.secret) != .many,
            hasWaited: held.hasWaited
        )
    }
}
