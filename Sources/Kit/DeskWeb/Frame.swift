/// What layouts and components find under `desk`: everything around the page itself.
struct Frame {
    struct Entry {
        let text: String
        let href: String
        let isCurrent: Bool
        let badge: String?
        let late: String?
    }

    struct Choice {
        let value: String
        let text: String
        let isCurrent: Bool
    }

    struct Staff {
        let name: String
        let roles: String
    }

    let language: String
    let theme: String
    let csrf: String
    let formKey: String
    let path: String
    let hasShortcuts: Bool
    let shortcutsSetting: String
    let staff: Staff?
    let navigation: [Entry]
    let hasPortals: Bool
    let portals: [Choice]
    let languages: [Choice]
    let themes: [Choice]
    let flash: [FlashView]

    init(_ state: PageState, _ site: DeskSite) {
        let words = state.words
        language = state.language.rawValue
        theme = state.theme.rawValue
        csrf = state.csrf
        formKey = FormKey.issue().rawValue
        path = state.path
        hasShortcuts = state.hasShortcuts
        shortcutsSetting = state.hasShortcuts ? "on" : "off"
        staff = state.staff.map { Staff(name: $0.name, roles: $0.roles) }
        navigation = state.navigation.map { entry in
            Entry(
                text: words(entry.key),
                href: entry.href,
                isCurrent: Self.leads(entry.href, to: state.path),
                badge: entry.badge.map { words.count($0) },
                late: entry.lateBadge.map { words("desk.nav.late", ["count": .text(words.count($0))]) }
            )
        }
        hasPortals = state.portals.count > 1
        portals =
            [Choice(value: "", text: words("desk.portal.all"), isCurrent: state.portal == nil)]
            + state.portals.map { Choice(value: "\($0.id)", text: $0.name, isCurrent: $0.id == state.portal) }
        languages = Language.allCases.map { language in
            Choice(
                value: language.rawValue,
                text: words("desk.language.\(language.rawValue)"),
                isCurrent: language == state.language
            )
        }
        themes = Theme.allCases.map { theme in
            Choice(
                value: theme.rawValue,
                text: words("desk.theme.\(theme.rawValue)"),
                isCurrent: theme == state.theme
            )
        }
        flash = state.flash.map { FlashView($0, words) }
    }

    private static func leads(_ href: String, to path: String) -> Bool {
        let path = path.prefix { $0 != "?" }
        return path == href || path.hasPrefix(href + "/")
    }
}
