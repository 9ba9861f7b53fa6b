import Postgres

/// Where a message is on its way: *planned → handed over → confirmed / refused / uncertain*, or cancelled before.
package enum MessageState: String, Codable, CaseIterable, Sendable, PostgresValue {
    case planned
    /// Our reference is committed; the gateway is being asked, or was when somebody died.
    case handedOver = "handed_over"
    /// The gateway took it.
    case confirmed
    case refused
    /// Whether it went out is not known; a person decides, nobody sends it again by itself.
    case uncertain
    case cancelled
}
