package import DeskKit

/// How the console is coloured: as the system says, or as the reader chose.
package enum Theme: String, CaseIterable, Sendable {
    case system, light, dark
}

/// What the middlewares know about a request before its handler runs; `Frame` shows it around the page.
package struct PageState: Sendable {
    package internal(set) var site: DeskSite?
    package var language: Language = .english
    package var theme: Theme = .system
    /// Whether single letters act as shortcuts; each reader can switch them off (WCAG 2.1.4).
    package var hasShortcuts = true
    /// The synchronizer token that every form of this session carries.
    package internal(set) var csrf = ""
    package internal(set) var flash: [Flash] = []
    /// The path and query asked for: where a switch of language or theme leads back to.
    package internal(set) var path = "/"
    /// The number under which this request stands in the log, shown on error pages.
    package internal(set) var reference = ""
    var submission: Submission = .none

    package var staff: StaffBadge?
    package var navigation: [NavigationEntry] = []
    package var portals: [PortalChoice] = []
    /// The portal chosen in the switcher; nil for all of the reader's portals.
    package var portal: PortalID?

    package init() {}

    /// Binds the forms of this request to a session: its token, never shown, is what the synchronizer token is made of.
    package mutating func bind(session token: String) {
        guard let site else { return }
        csrf = CSRF.token(for: token, site: site)
    }

    /// Whether the signed-in reader or the visitor asked with this.
    package var words: Words {
        Words(site?.catalog ?? Catalog(texts: [:]), language)
    }
}

/// What was posted, as far as `FormGate` has read and trusted it.
enum Submission: Sendable {
    case none
    case trusted(Form)
    case expired(Form)
}

/// Who is signed in, as the header shows it.
package struct StaffBadge: Sendable {
    package let name: String
    package let roles: String

    /// `roles` is already in the reader's language.
    package init(name: String, roles: String) {
        self.name = name
        self.roles = roles
    }
}

/// One entry of the sidebar; whoever sets it has already left out what the reader may not open.
package struct NavigationEntry: Sendable {
    package let key: String
    package let href: String
    package let badge: CappedCount?
    package let lateBadge: CappedCount?

    /// `key` is the text's key; a badge counts what waits, a late badge what is overdue.
    package init(key: String, href: String, badge: CappedCount? = nil, lateBadge: CappedCount? = nil) {
        self.key = key
        self.href = href
        self.badge = badge
        self.lateBadge = lateBadge
    }
}

/// One portal of the switcher.
package struct PortalChoice: Sendable {
    package let id: PortalID
    package let name: String

    package init(id: PortalID, name: String) {
        self.id = id
        self.name = name
    }
}
