import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// The list of applications with its filters, and the opening of a new one.
struct ListRoutes: Sendable {
    let feature: OnboardingFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/onboarding") { request, context in
            try await show(request, context, error: nil, status: .ok)
        }
        router.post("/onboarding") { request, context in
            try await open(request, context)
        }
        router.get("/onboarding/calls") { request, context in
            try await calls(request, context)
        }
    }

    private var desk: Desk { feature.desk }

    private func show(
        _ request: Request,
        _ context: DeskContext,
        error: String?,
        status: HTTPResponse.Status
    ) async throws -> Response {
        let staff = try context.signedIn()
        let portals = try context.portals(with: .onboardingView)
        let state = request.query("state").flatMap { ApplicationState(rawValue: $0) }
        let ask = request.pageRequest(parts: 2)
        let ids = portals.map(\.id)
        let (rows, counts) = try await desk.database.read(.portals(ids, staff: staff.id)) { session in
            (
                try session.all(OnboardingQueries.listApplications, Self.parameters(ids, state, ask)),
                try session.all(OnboardingQueries.countApplications, ["portals": ids])
            )
        }
        let slice = PageSlice(fetched: rows, request: ask) { PageKey("\($0.id)", "\($0.portalID)") }
        let words = context.words
        let page = ApplicationsPage(
            chips: Self.chips(counts, state, words),
            hasRows: !slice.rows.isEmpty,
            rows: slice.rows.compactMap { line in
                portals.first { $0.id == line.portalID }.map { ApplicationRowView(line, $0, words) }
            },
            empty: slice.rows.isEmpty ? Self.empty(state, words) : nil,
            pager: PagerView(slice, request),
            opening: Self.opening(portals.filter { staff.may(.onboardingPrepare, $0.id) }, words),
            error: error
        )
        return try context.render(page, status: status)
    }

    private static func parameters(
        _ portals: [PortalID],
        _ state: ApplicationState?,
        _ ask: PageRequest
    ) -> Postgres.Parameters {
        let id = ask.key.flatMap { Int64($0.parts[0]) }
        let portal = ask.key.flatMap { Int16($0.parts[1]) }
        return [
            "portals": portals, "states": state.map { [$0.rawValue] },
            "before": ask.isBackward ? nil : id, "before_portal": ask.isBackward ? nil : portal,
            "after": ask.isBackward ? id : nil, "after_portal": ask.isBackward ? portal : nil, "limit": ask.limit,
        ]
    }

    private static func chips(_ counts: [StateCount], _ chosen: ApplicationState?, _ words: Words) -> [ChipView] {
        let all = ChipView(text: words("onboarding.list.all"), href: "/onboarding", isCurrent: chosen == nil)
        return [all]
            + counts.map { count in
                ChipView(
                    text: "\(words("onboarding.state.\(count.state.rawValue)")) \(words.count(CappedCount(count.n)))",
                    href: "/onboarding?state=\(count.state.rawValue)",
                    isCurrent: chosen == count.state
                )
            }
    }

    private static func empty(_ state: ApplicationState?, _ words: Words) -> EmptyView {
        state == nil
            ? EmptyView(title: words("onboarding.empty.none"), text: words("onboarding.empty.none_text"))
            : EmptyView(
                title: words("onboarding.empty.state"),
                text: words("onboarding.empty.state_text"),
                href: "/onboarding",
                action: words("onboarding.list.all")
            )
    }

    private static func opening(_ portals: [PortalProfile], _ words: Words) -> FieldView? {
        let choices = portals.flatMap { portal in
            portal.rules.applicationKinds.map { kind in
                (
                    value: "\(portal.key)/\(kind.rawValue)",
                    text: "\(portal.name) – \(words("onboarding.kind.\(kind.rawValue)"))"
                )
            }
        }
        guard let first = choices.first else { return nil }
        return Fields(words, prefix: "new").options(
            "what",
            "onboarding.list.what",
            choices,
            chosen: choices.count == 1 ? [first.value] : []
        )
    }

    private func open(_ request: Request, _ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let what = form["what"].split(separator: "/").map(String.init)
        guard what.count == 2, let kind = ApplicationKind(rawValue: what[1]) else {
            let error = context.words("onboarding.list.choose_first")
            return try await show(request, context, error: error, status: .unprocessableContent)
        }
        let office = try feature.office(context, portal: what[0])
        let command = OpenOnce(kind: kind, key: form.key)
        do {
            let opened = try await feature.perform(command, office)
            return context.redirect(to: opened.path, flash: opened.isRepeat ? .good("desk.form.used") : nil)
        } catch OpenApplication.Refusal.kindNotOffered {
            throw PageError.badRequest
        }
    }

    private func calls(_ request: Request, _ context: DeskContext) async throws -> Response {
        let staff = try context.signedIn()
        let portals = try context.portals(with: .onboardingCall)
        let ids = portals.map(\.id)
        let key = request.pageRequest(parts: 2).key
        let size = 50
        let rows = try await desk.database.read(.portals(ids, staff: staff.id)) { session in
            try session.all(
                OnboardingQueries.listCalls,
                [
                    "portals": ids, "after_at": key?.parts[0], "after": key.flatMap { Int64($0.parts[1]) },
                    "limit": size + 1,
                ]
            )
        }
        let words = context.words
        let last = rows.count > size ? rows[size - 1] : nil
        let page = CallsPage(
            hasRows: !rows.isEmpty,
            rows: rows.prefix(size).compactMap { line in
                portals.first { $0.id == line.portalID }.map { CallRowView(line, $0, words) }
            },
            empty: rows.isEmpty
                ? EmptyView(title: words("onboarding.empty.calls"), text: words("onboarding.empty.calls_text")) : nil,
            after: last.map { request.link(setting: ["after": PageKey($0.edge, "\($0.id)").text]) }
        )
        return try context.render(page)
    }
}
