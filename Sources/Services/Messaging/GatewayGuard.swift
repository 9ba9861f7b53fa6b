import DeskKit
import Postgres

/// What stands before each gateway: how many messages a minute it takes (a token bucket), and whether it is left alone
/// because it failed time and again (a circuit breaker). Both belong to one provider of one portal, so that a gateway
/// that is away stops its channel there and nothing else of the queue.
struct GatewayGuard: Sendable {
    /// So many failures in a row open the breaker.
    static let failures = 5
    /// How long messages wait while another one tries whether the gateway is back.
    static let trial = Duration.seconds(15)

    let portal: PortalID
    let provider: ProviderID

    private var place: Parameters { ["portal": portal, "provider": provider] }

    /// Nil when the gateway may be asked now, else how long to wait; waiting uses up no attempt. Throws
    /// `PostgresError`.
    func delay(in session: Session) throws -> Duration? {
        let look = try session.one(MessagingQueries.lookAtGateway, place)
        if look.openSeconds > 0 { return .seconds(look.openSeconds + .random(in: 0...2)) }
        if look.isOpen, try session.run(MessagingQueries.tryGateway, place) == 0 { return Self.trial }
        guard let perMinute = look.perMinute else { return nil }
        let taken = try session.run(MessagingQueries.takeToken, place.merging(["per_minute": perMinute]) { $1 })
        // Those that wait come back spread over the next few tokens.
        return taken == 1 ? nil : .seconds(max(1, 60 / Double(perMinute)) * .random(in: 1...3))
    }

    /// What the gateway's answer says about the gateway. A refused recipient says nothing against it. Throws
    /// `PostgresError`.
    func note(_ answer: GatewayAnswer, in session: Session) throws {
        switch answer {
        case .accepted, .permanent, .noMailbox: try session.run(MessagingQueries.noteSuccess, place)
        case .temporary(let code) where code.hasPrefix("recipient"):
            try session.run(MessagingQueries.noteSuccess, place)
        case .temporary(let code), .uncertain(let code):
            let more: Parameters = ["code": code, "most": Self.failures]
            try session.run(MessagingQueries.noteFailure, place.merging(more) { $1 })
        }
    }
}
