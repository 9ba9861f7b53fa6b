import Audit
import DeskKit
import DeskWeb

/// The trail with its filters.
struct AuditPage: Page {
    static let template = "operations/audit"
    let who: FieldView
    let action: FieldView
    let client: FieldView
    let on: FieldView
    let problems: ProblemsView?
    let lines: [AuditRowView]
    let hasLines: Bool
    let pager: PagerView
}

/// One line of the trail.
struct AuditRowView: Sendable {
    let at: String
    let who: String
    let portal: String
    let text: String
    let href: String?

    init(_ line: AuditLine, portals: [PortalID: (key: String, name: String)], audit: AuditWords, _ words: Words) {
        at = "\(words.shortDate(line.at.date)), \(words.exactTime(line.at))"
        who = line.actorName.isEmpty ? words("operations.actor.\(line.actorKind)") : line.actorName
        let owner = portals[line.portal]
        portal = owner?.name ?? words("operations.installation")
        text = audit.text(of: line, in: words.language)
        href = line.client.flatMap { client in owner.map { "/clients/\($0.key)/\(client)" } }
    }
}
