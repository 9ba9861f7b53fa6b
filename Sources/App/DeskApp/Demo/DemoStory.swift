import Portals

/// How far one application of the demo has come.
enum DemoStory: Equatable {
    /// Typed half, without its scan.
    case begun
    case draft
    case submitted
    case returned
    /// Approved, and nobody has called yet; of an office, the client has not come yet.
    case approved
    /// Called, and nobody answered.
    case missedCall
    case refused
    case withdrawn
    /// Activated, with what became of the first user; a second one does the same as an active first, a third waits.
    case activated(DemoUserStory)

    /// What each portal has, for each kind of application that it takes.
    static func all(_ kinds: [ApplicationKind]) -> [(kind: ApplicationKind, story: DemoStory, users: Int)] {
        guard let main = kinds.first else { return [] }
        var stories: [(ApplicationKind, DemoStory, Int)] = [
            (main, .begun, 1), (main, .draft, 1), (main, .submitted, 2), (main, .submitted, 1), (main, .returned, 1),
            (main, .approved, 2), (main, .refused, 1), (main, .withdrawn, 1), (main, .activated(.active), 3),
            (main, .activated(.locked), 1),
        ]
        if main == .portalUsers { stories.append((main, .missedCall, 1)) }
        for other in kinds.dropFirst() {
            stories += [(other, .submitted, 1), (other, .approved, 1), (other, .activated(.active), 1)]
        }
        return stories
    }

    /// What the user at this position did; nil where the application opened no account.
    func ofUser(_ position: Int) -> DemoUserStory? {
        guard case .activated(let story) = self else { return nil }
        return position == 0 || (position == 1 && story == .active) ? story : .invited
    }

    var hasScan: Bool { self != .begun && self != .withdrawn }
}

/// What the first user of an activated application did since.
enum DemoUserStory: Equatable {
    case active, invited, locked
}
