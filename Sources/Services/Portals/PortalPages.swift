package import DeskWeb

/// The list of portals.
package struct PortalListPage: Page {
    package static let template = "portals/list"

    struct Row: Sendable {
        let key: String
        let name: String
        let country: String
        let languages: String
        let loginKind: String
        let secondStep: String
    }

    let rows: [Row]
    let hasRows: Bool

    package init(_ words: Words, _ portals: [PortalProfile]) {
        rows = portals.map { portal in
            Row(
                key: portal.key,
                name: portal.name,
                country: portal.country,
                languages: portal.languages.joined(separator: ", "),
                loginKind: words("portals.login_kind.\(portal.rules.loginKind.rawValue)"),
                secondStep: words("portals.second_step.\(portal.rules.secondStep.rawValue)")
            )
        }
        hasRows = !rows.isEmpty
    }
}

/// A portal's profile as a form, with its history.
package struct PortalEditPage: Page {
    package static let template = "portals/edit"

    let key: String
    let name: String
    let version: Int
    let problems: ProblemsView?
    let sections: [PortalSection]
    /// What somebody else changed in the meantime; saving again overwrites it.
    let conflict: ConflictView?
    let history: [TimelineEntry]

    package init(
        _ words: Words,
        _ portal: PortalProfile,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        conflict: ConflictView? = nil,
        history: [TimelineEntry]
    ) {
        key = portal.key
        name = portal.name
        version = portal.version
        problems = Fields(words, form: form, errors: errors).problems
        sections = PortalForm.sections(portal, words, form: form, errors: errors)
        self.conflict = conflict
        self.history = history
    }
}

/// Two people edited the same profile: the fields in which what stands now differs from what was typed.
package struct ConflictView: Sendable {
    struct Row: Sendable {
        let field: String
        let stored: String
        let typed: String
    }

    let rows: [Row]

    /// `typed` is what the reader wants to save over `stored`.
    package init(
        _ words: Words,
        stored: PortalProfile,
        identity: PortalIdentity,
        rules: PortalRules
    ) {
        let typed = PortalProfile(id: stored.id, version: stored.version, identity: identity, rules: rules)
        let before = Self.values(stored, words)
        let after = Self.values(typed, words)
        rows = zip(before, after).compactMap { before, after in
            before.text == after.text ? nil : Row(field: before.label, stored: before.text, typed: after.text)
        }
    }

    private static func values(_ portal: PortalProfile, _ words: Words) -> [(label: String, text: String)] {
        PortalForm.sections(portal, words).flatMap(\.items).map { item in
            if let view = item.field { return (view.label, view.value) }
            if let view = item.check { return (view.label, words(view.isChosen ? "portals.yes" : "portals.no")) }
            let view = item.select ?? item.choices
            let chosen = (view?.options ?? []).filter(\.isChosen).map(\.text)
            return (view?.label ?? "", chosen.joined(separator: ", "))
        }
    }
}
