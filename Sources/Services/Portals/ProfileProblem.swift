/// One thing that is wrong with a profile: which field (its path in the JSON, "passwordRule.minLength") and why. The
/// words for staff are `portals.problem.<reason>` in the catalogue.
package struct ProfileProblem: Sendable, Hashable {
    package enum Reason: String, Sendable, CaseIterable {
        case missing
        case unknownKey = "unknown_key"
        case unreadable
        case empty
        case outOfRange = "out_of_range"
        case malformed
        case twice
        case unknownIdentifier = "unknown_identifier"
        case unknownZone = "unknown_zone"
        case keyTaken = "key_taken"
        /// A second step by a channel that the login kind has no address for.
        case contradiction
    }

    package let field: String
    package let reason: Reason

    package init(_ field: String, _ reason: Reason) {
        self.field = field
        self.reason = reason
    }
}

/// A profile that is refused, with everything that is wrong with it; profiles hold no personal data.
package struct ProfileError: Error, Sendable, Hashable, CustomStringConvertible {
    package let problems: [ProfileProblem]

    package init(_ problems: [ProfileProblem]) {
        self.problems = problems
    }

    package var description: String {
        "portal profile: " + problems.map { "\($0.field): \($0.reason.rawValue)" }.joined(separator: ", ")
    }
}
