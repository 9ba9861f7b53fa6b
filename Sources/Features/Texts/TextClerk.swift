package import Access
import DeskKit
import DeskWeb

package import Portals
package import Postgres

/// What a portal begins with: its cookies, what it asks consent for, and its texts by their keys.
package struct TextPlan: Decodable, Sendable {
    struct Cookie: Decodable, Sendable {
        let name: String
        let storage: CookieStorage
        let party: CookieParty
        let provider: String
        let category: CookieCategory
        let minutes: Int?
        let purposes: [String: String]
    }

    struct Purpose: Decodable, Sendable {
        let key: String
        let kind: PurposeKind
        let category: CookieCategory?
        let covers: [String]
    }

    let cookies: [Cookie]
    let purposes: [Purpose]
    let texts: [String]
}

/// Two people without HTTP: one writes, the other approves. For the demo; each act is the command behind the page.
package struct TextClerk: Sendable {
    /// A text's words in one language.
    package struct Words: Sendable {
        let title: String
        let body: String

        package init(title: String, body: String) {
            self.title = title
            self.body = body
        }
    }

    private let feature: TextsFeature
    private let portal: PortalProfile
    private let writer: StaffContext
    private let approver: StaffContext

    package init(_ feature: TextsFeature, portal: PortalProfile, writer: StaffContext, approver: StaffContext) {
        self.feature = feature
        self.portal = portal
        self.writer = writer
        self.approver = approver
    }

    package func hasTexts(in session: Session) throws -> Bool {
        try !session.all(TextsQueries.listTexts, ["portals": [portal.id]]).isEmpty
    }

    /// Publishes everything, in force at once; `words` answers a text's words by key and language. Throws the
    /// commands' refusals.
    package func publish(
        _ plan: TextPlan,
        in session: Session,
        words: (_ key: String, _ locale: String) throws -> Words
    ) throws {
        for cookie in plan.cookies {
            let item = CookieItem(
                name: cookie.name,
                storage: cookie.storage,
                party: cookie.party,
                provider: cookie.provider.replacing("{portal}", with: portal.name),
                category: cookie.category,
                minutes: cookie.minutes,
                purposes: cookie.purposes,
                state: .declared
            )
            try SaveCookie(audit: feature.desk.audit).run(item, portal: portal.id, by: writer, in: session)
        }
        var keys = plan.texts
        for purpose in plan.purposes {
            let draft = AddPurpose.Draft(
                key: purpose.key,
                kind: purpose.kind,
                category: purpose.category,
                covers: purpose.covers
            )
            try AddPurpose(audit: feature.desk.audit).run(draft, portal: portal.id, by: writer, in: session)
            keys.append(purpose.kind == .declaration ? TextKind.declaration.key : "consent-\(purpose.key)")
        }
        for key in plan.texts {
            guard let kind = TextKind.allCases.first(where: { $0.key == key }) else { throw TextRefusal.exists }
            _ = try OpenText(audit: feature.desk.audit).run(kind, portal: portal.id, by: writer, in: session)
        }
        for key in keys { try publish(key, in: session, words: words) }
    }

    private func publish(
        _ key: String,
        in session: Session,
        words: (_ key: String, _ locale: String) throws -> Words
    ) throws {
        let audit = feature.desk.audit
        let place = VersionPlace(portal: portal.id, key: key, number: 1)
        for locale in portal.identity.languages {
            let words = try words(key, locale)
            let draft = SaveWords.Draft(
                title: words.title,
                body: words.body.replacing("{portal}", with: portal.name),
                fits: true,
                version: 0
            )
            try SaveWords(audit: audit).run(place, locale: locale, draft, portal: portal, by: writer, in: session)
        }
        let held = try place.hold(in: session)
        let draft = SubmitVersion.Draft(
            changeClass: .editorial,
            rationale: "First publication",
            day: held.today,
            version: held.version
        )
        try SubmitVersion(audit: audit).run(place, draft, portal: portal, by: writer, in: session)
        let catalog = feature.desk.site.catalog
        try ApproveVersion(audit: audit, catalog: catalog, jobs: feature.queue).run(
            place,
            .editorial,
            version: try place.hold(in: session).version,
            portal: portal,
            by: approver,
            in: session
        )
    }
}
