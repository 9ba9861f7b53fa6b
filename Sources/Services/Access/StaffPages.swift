import DeskKit
import DeskWeb
import Portals

/// The list of staff.
struct StaffListPage: Page {
    static let template = "access/staff"

    struct Row: Sendable {
        let id: StaffID
        let name: String
        let login: String
        let state: TagView
        let roles: String
        let isDemo: Bool
    }

    let rows: [Row]
    let hasRows: Bool
    let pager: PagerView

    init(
        _ words: Words,
        _ slice: PageSlice<StaffRow>,
        _ roles: [StaffRoleRow],
        _ portals: [PortalProfile],
        pager: PagerView
    ) {
        let held = Dictionary(grouping: roles, by: \.staffID)
        rows = slice.rows.map { row in
            let here = portals.compactMap { portal -> String? in
                let names = (held[row.id] ?? []).filter { $0.portalID == portal.id }
                    .map { words("access.role.\($0.role.rawValue)") }
                return names.isEmpty ? nil : "\(portal.name): \(names.joined(separator: ", "))"
            }
            return Row(
                id: row.id,
                name: row.name,
                login: row.login,
                state: StaffForm.tag(row.state, words),
                roles: here.joined(separator: " · "),
                isDemo: row.demo
            )
        }
        hasRows = !rows.isEmpty
        self.pager = pager
    }
}

/// The form of a new member of staff.
struct AddStaffPage: Page {
    static let template = "access/staff-new"

    let problems: ProblemsView?
    let login: FieldView
    let name: FieldView
    let language: FieldView
    let roles: [RoleGroup]
    let rolesError: String?

    init(_ words: Words, _ portals: [PortalProfile], form: Form? = nil, errors: FieldErrors = FieldErrors()) {
        let fields = Fields(words, form: form, errors: errors)
        problems = fields.problems
        login = fields.text("login", "access.field.login", hint: "access.staff.login_hint", max: 80)
        name = fields.text("name", "access.field.name", max: 120)
        language = fields.options(
            "language",
            "access.field.language",
            Language.allCases.map { ($0.rawValue, words("desk.language.\($0.rawValue)")) },
            chosen: ["en"]
        )
        roles = StaffForm.fields(fields, portals, [:], words)
        rolesError = fields.text("roles", "access.field.roles").error
    }
}

/// The set-up link, shown once.
struct LinkPage: Page {
    static let template = "access/link"

    let name: String
    let path: String
    let back: String

    init(name: String, token: String, back: String) {
        self.name = name
        path = "/welcome/\(token)"
        self.back = back
    }
}

/// One member of staff: state, roles per portal, what can be done, history.
struct StaffDetailPage: Page {
    static let template = "access/staff-detail"

    let id: StaffID
    let name: String
    let login: String
    let state: TagView
    let isDemo: Bool
    let isSelf: Bool
    let problems: ProblemsView?
    let roles: [RoleGroup]
    let disable: ConfirmView?
    let reset: ConfirmView?
    let history: [TimelineEntry]

    init(
        _ words: Words,
        _ row: StaffRow,
        _ held: [PortalID: Set<Role>],
        _ portals: [PortalProfile],
        isSelf: Bool,
        history: [TimelineEntry],
        errors: FieldErrors
    ) {
        id = row.id
        name = row.name
        login = row.login
        state = StaffForm.tag(row.state, words)
        isDemo = row.demo
        self.isSelf = isSelf
        let fields = Fields(words, errors: errors)
        problems = fields.problems
        roles = StaffForm.fields(fields, portals, held, words)
        func confirm(_ verb: String, isDangerous: Bool) -> ConfirmView {
            ConfirmView(
                id: verb,
                action: "/access/staff/\(row.id)/\(verb)",
                question: words("access.staff.\(verb).question", ["name": .text(row.name)]),
                consequence: words("access.staff.\(verb).consequence"),
                button: words("access.staff.\(verb).button"),
                isDangerous: isDangerous
            )
        }
        disable = isSelf || row.state == .disabled ? nil : confirm("disable", isDangerous: true)
        reset = isSelf ? nil : confirm("reset", isDangerous: false)
        self.history = history
    }
}

/// Who may do what: each right with the roles that hold it.
struct RightsPage: Page {
    static let template = "access/rights"

    struct Row: Sendable {
        let right: String
        let text: String
        let cells: [Cell]
    }

    struct Cell: Sendable {
        /// "Yes" or a dash, so that no colour or sign stands alone.
        let text: String
    }

    let roles: [String]
    let rows: [Row]

    init(_ words: Words) {
        roles = Role.allCases.map { words("access.role.\($0.rawValue)") }
        rows = Roles.table.map { entry in
            Row(
                right: entry.right.name,
                text: words("access.right.\(entry.right.name)"),
                cells: Role.allCases.map { role in
                    Cell(text: words(entry.roles.contains(role) ? "access.rights.yes" : "access.rights.no"))
                }
            )
        }
    }
}

/// The checkboxes of one portal.
struct RoleGroup: Sendable {
    let portal: String
    let field: FieldView
}

/// Roles per portal as groups of checkboxes, `roles.<portal id>`.
enum StaffForm {
    static func fields(
        _ fields: Fields,
        _ portals: [PortalProfile],
        _ held: [PortalID: Set<Role>],
        _ words: Words
    ) -> [RoleGroup] {
        let options = Role.allCases.map { (value: $0.rawValue, text: words("access.role.\($0.rawValue)")) }
        return portals.map { portal in
            let field = fields.options(
                "roles.\(portal.id)",
                "access.field.roles",
                options,
                chosen: Set((held[portal.id] ?? []).map(\.rawValue)),
                isRequired: false
            )
            return RoleGroup(portal: portal.name, field: field)
        }
    }

    static func roles(_ read: inout FormReader, _ portals: [PortalProfile]) -> [PortalID: Set<Role>] {
        var roles: [PortalID: Set<Role>] = [:]
        for portal in portals { roles[portal.id] = Set(read.choices("roles.\(portal.id)", Role.self)) }
        return roles
    }

    static func tag(_ state: StaffState, _ words: Words) -> TagView {
        let tone: TagView.Tone =
            switch state {
            case .active: .good
            case .invited: .warn
            case .disabled: .plain
            }
        return TagView(tone, words("access.state.\(state.rawValue)"))
    }
}
