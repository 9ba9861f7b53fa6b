import DeskKit
import Synchronization

/// The messages that this process has at each gateway. One that hangs would otherwise hold every slot of the queue for
/// as long as its time-outs, and with them the messages of every other portal.
final class GatewayHands: Sendable {
    /// After this a gateway that has not answered is not asked again soon.
    static let slow = Duration.seconds(10)

    private struct Place: Hashable {
        let portal: PortalID
        let provider: ProviderID
    }

    private struct State {
        var held: [Place: [UInt64: ContinuousClock.Instant]] = [:]
        /// Where there was no room for a message, though the gateway answers.
        var refused: [UInt64: Place] = [:]
        var next: UInt64 = 0
    }

    private let most: Int
    private let state = Mutex(State())

    /// A quarter of so many slots stays free of any single gateway, one at least where there are two.
    init(slots: Int) {
        most = max(1, slots - max(1, slots / 4))
    }

    /// For one message; whoever has it lets go at the end.
    func hand() -> Hand {
        Hand(
            of: self,
            id: state.withLock { state in
                state.next += 1
                return state.next
            }
        )
    }

    private func take(_ id: UInt64, at place: Place) -> Duration? {
        let now = ContinuousClock.now
        return state.withLock { state in
            let others = state.held[place] ?? [:]
            state.refused[id] = nil
            guard others.count >= most, others[id] == nil else {
                state.held[place, default: [:]][id] = now
                return nil
            }
            let isSlow = others.values.contains { $0.duration(to: now) > Self.slow }
            if !isSlow { state.refused[id] = place }
            return .seconds(isSlow ? .random(in: 20...40) : .random(in: 0.5...1.5))
        }
    }

    /// Nil when it was not turned away by a gateway that answers.
    private func hasRoom(for id: UInt64) -> Bool? {
        state.withLock { state in
            state.refused[id].map { (state.held[$0]?.count ?? 0) < most }
        }
    }

    private func drop(_ id: UInt64) {
        state.withLock { state in
            state.refused[id] = nil
            for place in state.held.keys {
                state.held[place]?[id] = nil
                if state.held[place]?.isEmpty == true { state.held[place] = nil }
            }
        }
    }

    /// The place of one message.
    struct Hand: Sendable {
        fileprivate let hands: GatewayHands
        fileprivate let id: UInt64

        fileprivate init(of hands: GatewayHands, id: UInt64) {
            self.hands = hands
            self.id = id
        }

        /// Nil when the gateway has room for it, else how long to wait.
        func take(_ portal: PortalID, _ provider: ProviderID) -> Duration? {
            hands.take(id, at: Place(portal: portal, provider: provider))
        }

        /// Whether there is room by now, or within a second: a gateway that answers has room again in a moment, and
        /// waiting for it here is less work than coming back.
        func hasRoomSoon() async -> Bool {
            for _ in 0..<50 {
                guard let hasRoom = hands.hasRoom(for: id) else { return false }
                if hasRoom { return true }
                guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return false }
            }
            return false
        }

        func release() { hands.drop(id) }
    }
}
