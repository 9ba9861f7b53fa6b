package import DeskKit

/// One client portal as the console knows it: what stands in the columns of table `portal`, and its rules.
package struct PortalProfile: Sendable, Hashable {
    package let id: PortalID
    /// Rises with every change; a save carries the version it began with.
    package let version: Int
    package var identity: PortalIdentity
    package var rules: PortalRules

    package init(id: PortalID, version: Int, identity: PortalIdentity, rules: PortalRules) {
        self.id = id
        self.version = version
        self.identity = identity
        self.rules = rules
    }

    /// The word in URLs and commands, "ebok-millennium"; it never changes.
    package var key: String { identity.key }
    package var name: String { identity.name }
    /// ISO 3166 alpha-2.
    package var country: String { identity.country }
    /// An IANA zone that PostgreSQL knows.
    package var timeZone: String { identity.timeZone }
    /// ISO 4217.
    package var currency: String { identity.currency }
    /// BCP 47 tags of the languages its clients are written to in; the first is the one used when none is chosen.
    package var languages: [String] { identity.languages }
    package var defaultLanguage: String { identity.languages.first ?? "en" }
}

/// Who a portal is and where.
package struct PortalIdentity: Sendable, Hashable, Codable {
    package var key: String
    package var name: String
    package var country: String
    package var timeZone: String
    package var currency: String
    package var languages: [String]

    package init(
        key: String,
        name: String,
        country: String,
        timeZone: String,
        currency: String,
        languages: [String]
    ) {
        self.key = key
        self.name = name
        self.country = country
        self.timeZone = timeZone
        self.currency = currency
        self.languages = languages
    }
}
