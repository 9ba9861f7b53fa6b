import Access
import Audit
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/audit`: the trail, newest first, by member of staff, action, client and day.
struct AuditRoutes: Sendable {
    private let desk: Desk
    private let audit: AuditWords

    init(desk: Desk) {
        self.desk = desk
        audit = AuditWords(catalog: desk.site.catalog)
    }

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/audit") { request, context in try await list(request, context) }
    }

    private struct Asked: Sendable {
        var who: String?
        var action: String?
        var client: String?
        var day: CivilDate?
    }

    private func list(_ request: Request, _ context: DeskContext) async throws -> Response {
        let profiles = try context.portals(with: .auditView)
        let portals = profiles.map(\.id)
        let staff = try context.signedIn()
        let form = Form(["who", "action", "client", "on"].map { (name: $0, value: request.query($0) ?? "") })
        var read = FormReader(form)
        let asked = Asked(
            who: read.optionalText("who"),
            action: read.optionalText("action"),
            client: read.optionalText("client"),
            day: read.optionalDate("on")
        )
        let ask = request.pageRequest(parts: 1)
        let zone = profiles.first?.timeZone ?? "UTC"
        let (trail, isFiltered) = (desk.audit, read.errors.isEmpty)
        let found = try await desk.database.read(.portals(portals, staff: staff.id)) { session in
            var filter = AuditFilter(
                portals: [.installation] + portals,
                action: asked.action,
                actorName: asked.who,
                on: asked.day,
                zone: zone
            )
            var isKnown = true
            if let number = asked.client {
                let key: Postgres.Parameters = ["portals": portals, "number": number]
                filter.client = try session.first(OperationsQueries.clientOfNumber, key)
                isKnown = filter.client != nil
            }
            let lines = isKnown && isFiltered ? try trail.events(filter, ask, in: session) : []
            return (lines, isKnown, try session.all(OperationsQueries.members, ["portals": portals]))
        }
        if !found.1 { read.errors.add("client", "operations.refused.unknown_client") }
        return try render(found.0, found.2, profiles, ask, read, request, context)
    }

    private func render(
        _ lines: [AuditLine],
        _ members: [String],
        _ profiles: [PortalProfile],
        _ ask: PageRequest,
        _ read: FormReader,
        _ request: Request,
        _ context: DeskContext
    ) throws -> Response {
        let words = context.words
        let fields = Fields(words, form: read.form, errors: read.errors)
        let slice = PageSlice(fetched: lines, request: ask) { PageKey("\($0.id)") }
        let names = Dictionary(uniqueKeysWithValues: profiles.map { ($0.id, (key: $0.key, name: $0.name)) })
        let actions = audit.actions.map { (value: $0, text: audit.label(of: $0, in: words.language)) }
            .sorted { $0.text < $1.text }
        let page = AuditPage(
            who: fields.options(
                "who",
                "operations.field.who",
                members.map { (value: $0, text: $0) },
                isRequired: false
            ),
            action: fields.options("action", "operations.field.action", actions, isRequired: false),
            client: fields.text("client", "operations.field.client", isRequired: false, max: 60),
            on: fields.date("on", "operations.field.day", isRequired: false),
            problems: fields.problems,
            lines: slice.rows.map { AuditRowView($0, portals: names, audit: audit, words) },
            hasLines: !slice.rows.isEmpty,
            pager: PagerView(slice, request)
        )
        return try context.render(page, status: read.errors.isEmpty ? .ok : .unprocessableContent)
    }
}
