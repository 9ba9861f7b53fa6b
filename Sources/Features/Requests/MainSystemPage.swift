import DeskKit
import DeskWeb
import Portals

/// What was decided and the main system does not have yet: a task each, until an import or a person says it has it.
struct MainSystemPage: Page {
    static let template = "requests/main-system"

    struct Row: Sendable {
        let number: String
        let href: String
        let field: String
        let client: String
        let clientHref: String
        let portal: String
        let since: String
        let sinceDate: String
    }

    let rows: [Row]
    let hasRows: Bool
    let empty: EmptyView?
    let after: String?

    init(_ tasks: [MainSystemTask], _ portals: [PortalProfile], after: String?, _ words: Words) {
        rows = tasks.compactMap { task in
            guard let portal = portals.first(where: { $0.id == task.portalID }) else { return nil }
            let field = words("requests.field.\(task.field.rawValue)")
            return Row(
                number: words("requests.number_short", ["number": .text("\(task.requestID)")]),
                href: "/requests/\(portal.key)/\(task.requestID)",
                field: task.contractNumber.map { "\(field), \($0)" } ?? field,
                client: task.clientName,
                clientHref: "/clients/\(portal.key)/\(task.clientID)",
                portal: portal.name,
                since: words.relative(task.since, to: task.today),
                sinceDate: words.shortDate(task.since)
            )
        }
        hasRows = !rows.isEmpty
        empty =
            rows.isEmpty
            ? EmptyView(title: words("requests.main_system.none"), text: words("requests.main_system.none_text")) : nil
        self.after = after
    }
}
