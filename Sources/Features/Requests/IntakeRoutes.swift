import Access
import DeskKit
import DeskWeb
import Documents
import Hummingbird
import Portals
import Postgres

/// A request taken in by staff: which kind, then its form, which an e-mail file may fill in.
struct IntakeRoutes: Sendable {
    let feature: RequestsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/requests/{portal}/new") { request, context in try await open(request, context) }
        router.post("/requests/{portal}/new") { _, context in try await takeIn(context) }
        router.post("/requests/{portal}/new/email") { request, context in try await read(request, context) }
    }

    /// What the URL or the form says beside the fields.
    private struct Asked {
        let kind: RequestKind?
        let lane: ChangeLane?
        let client: ClientID?

        init(_ value: (String) -> String?) {
            kind = value("kind").flatMap { RequestKind(rawValue: $0) }
            lane = kind == .dataChange ? value("lane").flatMap { ChangeLane(rawValue: $0) } ?? .record : nil
            client = value("client").flatMap { ClientID($0) }
        }
    }

    private func open(_ request: Request, _ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        try office.staff.require(.requestsHandle, office.portal.id)
        let asked = Asked { request.query($0) }
        guard asked.kind != nil else { return try await kinds(asked, office, context) }
        let form = try await form(asked, office)
        return try context.render(form.page(context.words, typed: nil, errors: FieldErrors()))
    }

    private func kinds(_ asked: Asked, _ office: Office, _ context: DeskContext) async throws -> Response {
        let card = try await card(asked.client, office)
        let words = context.words
        let all = RequestKind.allCases.filter { card != nil || PlainRules(kind: $0).isForAnybody }
        let client = card.map { "&client=\($0.id)" } ?? ""
        let page = KindsPage(
            client: card?.name,
            portal: office.portal.name,
            choices: all.flatMap { kind in
                let lanes: [ChangeLane?] = kind == .dataChange ? [.record, .contract] : [nil]
                return lanes.map { lane in
                    let name = words("requests.kind.\(kind.rawValue)")
                    return KindsPage.Choice(
                        text: lane.map { Self.title(name, of: $0, words) } ?? name,
                        detail: words("requests.kind_text.\(lane?.rawValue ?? kind.rawValue)"),
                        href: "/requests/\(office.portal.key)/new?kind=\(kind.rawValue)"
                            + (lane.map { "&lane=\($0.rawValue)" } ?? "") + client
                    )
                }
            }
        )
        return try context.render(page)
    }

    private static func title(_ kind: String, of lane: ChangeLane, _ words: Words) -> String {
        let way = words("requests.lane.\(lane.rawValue)")
        return "\(kind): \(way)"
    }

    private func card(_ client: ClientID?, _ office: Office) async throws -> ClientCard? {
        guard let client else { return nil }
        let scope = try office.staff.scope(.requestsHandle, office.portal.id)
        let portal = office.portal.id
        let (card, kept) = try await feature.desk.database.read(scope) { session in
            (
                try session.first(RequestsQueries.clientCard, ["portal": portal, "client": client]),
                try ErasureFeature.restriction(of: client, portal: portal, in: session)
            )
        }
        guard let card else { throw PageError.notFound }
        // What the law keeps of somebody is shown to nobody here.
        guard kept == nil else { throw PageError(.conflict, "requests.refusal.restricted") }
        return card
    }

    private func form(_ asked: Asked, _ office: Office) async throws -> IntakeForm {
        guard let kind = asked.kind else { throw PageError.notFound }
        let card = try await card(asked.client, office)
        guard card != nil || PlainRules(kind: kind).isForAnybody else { throw PageError.notFound }
        let scope = try office.staff.scope(.requestsHandle, office.portal.id)
        let portal = office.portal.id
        let client = card?.id
        let (contracts, today) = try await feature.desk.database.read(scope) { session in
            (
                try session.all(QueueQueries.contractsOfClient, ["portal": portal, "client": client]),
                try session.one(RequestsQueries.today, ["portal": portal])
            )
        }
        return IntakeForm(
            portal: office.portal,
            kind: kind,
            lane: asked.lane,
            client: card,
            contracts: contracts,
            today: today
        )
    }

    private func takeIn(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        try office.staff.require(.requestsHandle, office.portal.id)
        let typed: Form
        var errors = FieldErrors()
        do {
            typed = try context.form()
        } catch let expired as ExpiredForm {
            typed = expired.form
            errors.add(expired.message)
        }
        let intake = try await form(Asked { typed[$0].isEmpty ? nil : typed[$0] }, office)
        var read = FormReader(typed)
        guard errors.isEmpty, let draft = intake.read(&read) else {
            let wrong = errors.isEmpty ? read.errors : errors
            return try context.render(
                intake.page(context.words, typed: typed, errors: wrong),
                status: .unprocessableContent
            )
        }
        do {
            let made = try await feature.perform(TakeInOnce(draft: draft, key: typed.key), office)
            let flash: Flash = made.isRepeat ? .good("desk.form.used") : .good("requests.done.received")
            return context.redirect(to: made.path, flash: flash)
        } catch let refusal as TakeIn.Refusal {
            read.errors.add(refusal.field, refusal.key)
            return try context.render(
                intake.page(context.words, typed: typed, errors: read.errors),
                status: .unprocessableContent
            )
        }
    }

    /// Fills the form from an e-mail file; nothing is kept yet.
    private func read(_ request: Request, _ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        try office.staff.require(.requestsHandle, office.portal.id)
        let typed = try context.form()
        let intake = try await form(Asked { typed[$0].isEmpty ? nil : typed[$0] }, office)
        do throws(any Error) {
            let file = try await feature.documents.files(of: request, most: AddEvidence.limit).first ?? []
            let email = try await feature.documents.read(email: file)
            return try context.render(
                intake.page(context.words, typed: nil, errors: FieldErrors(), known: ReadEmail(email))
            )
        } catch is ScanRefusal {
            var errors = FieldErrors()
            errors.add("requests.refusal.email_file")
            return try context.render(
                intake.page(context.words, typed: nil, errors: errors),
                status: .unprocessableContent
            )
        }
    }
}

/// Takes a request in once per form, however often the button was pressed; answers where it stands.
struct TakeInOnce: RequestCommand {
    static let right = TakeIn.right

    let draft: RequestDraft
    let key: FormKey?

    func run(_ office: Office, in session: Session) throws -> FormKeys.Result {
        try FormKeys.consume(key, by: office.staff.id, in: session) {
            let id = try TakeIn(draft: draft).run(office, in: session)
            return "/requests/\(office.portal.key)/\(id)"
        }
    }
}

extension TakeIn.Refusal {
    /// The field at which it is said.
    var field: String {
        switch self {
        case .tooOld, .inFuture: "received_on"
        case .nothingChanges: "new.name"
        case .noSuchContract: "contract"
        case .noSuchClient, .clientMissing, .restricted: "requester_name"
        }
    }

    var key: String {
        switch self {
        case .tooOld: "requests.refusal.too_old"
        case .inFuture: "requests.refusal.in_future"
        case .nothingChanges: "requests.refusal.nothing_changes"
        case .noSuchContract: "desk.field.choice"
        case .noSuchClient, .clientMissing: "requests.refusal.client_missing"
        case .restricted: "requests.refusal.restricted"
        }
    }
}

extension PlainRules {
    /// Whether somebody who is no client may ask for it.
    var isForAnybody: Bool { [.complaint, .faultReport, .contact, .other].contains(kind) }
}
