import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

/// `/reminders/{portal}/why/{client}?due=DATE`: why a client was reminded of what is due that day, or not. Without a
/// date it lists the days to ask about.
struct WhyRoutes: Sendable {
    let desk: Desk

    func show(_ request: Request, _ context: DeskContext) async throws -> Response {
        let portal = try context.portal(try context.parameters.require("portal"), .remindersView)
        let client = try context.parameters.require("client", as: ClientID.self)
        let staff = try context.signedIn()
        var read = FormReader(Form([("due", request.query("due") ?? "")]))
        let due = request.query("due").flatMap { _ in read.date("due") }
        let content = try await desk.database.read(try staff.scope(.remindersView, portal.id)) { session in
            try WhyPage.Content(client, due, portal.id, in: session)
        }
        guard let content else { throw PageError.notFound }
        let page = WhyPage(
            content,
            client,
            portal,
            opens: (staff.may(.messagingView, portal.id), staff.may(.operationsView, portal.id)),
            Fields(context.words, form: read.form, errors: read.errors),
            context.words
        )
        return try context.render(page, status: read.errors.isEmpty ? .ok : .unprocessableContent)
    }
}

/// The whole story of one client and one due date.
struct WhyPage: Page {
    static let template = "reminders/why"

    struct Content: Sendable {
        let client: String
        let due: CivilDate?
        let story: [StoryRow]
        let dates: [DueDateRow]

        /// Nil when there is no such client.
        init?(_ client: ClientID, _ due: CivilDate?, _ portal: PortalID, in session: Session) throws {
            let place: Postgres.Parameters = ["portal": portal, "client": client]
            guard let name = try session.first(WhyQueries.clientName, place) else { return nil }
            self.client = name
            self.due = due
            story = try due.map { try session.all(WhyQueries.story, place.merging(["due": $0]) { $1 }) } ?? []
            dates = try session.all(WhyQueries.dueDates, place)
        }
    }

    struct DueDay: Sendable {
        let href: String
        let date: String
        let what: String
        let isShown: Bool
    }

    let client: String
    let clientHref: String
    let portal: String
    let action: String
    let problems: ProblemsView?
    let due: FieldView
    let heading: String?
    let stories: [WhyStory]
    let nothing: EmptyView?
    let dates: [DueDay]
    let hasDates: Bool

    init(
        _ content: Content,
        _ id: ClientID,
        _ profile: PortalProfile,
        opens: (messages: Bool, runs: Bool),
        _ fields: Fields,
        _ words: Words
    ) {
        client = content.client
        clientHref = "/clients/\(profile.key)/\(id)"
        portal = profile.name
        let path = "/reminders/\(profile.key)/why/\(id)"
        action = path
        problems = fields.problems
        due = fields.date("due", "reminders.why.field", content.due, hint: "reminders.why.hint")
        heading = content.due.map { words("reminders.why.heading", ["date": .text(words.fullDate($0))]) }
        let logins = profile.rules.loginKind
        stories = content.story.map { WhyStory($0, portal: profile.key, logins: logins, opens: opens, words) }
        nothing =
            content.due != nil && content.story.isEmpty
            ? EmptyView(title: words("reminders.why.empty"), text: words("reminders.why.empty_help")) : nil
        dates = content.dates.map {
            DueDay(
                href: "\(path)?due=\($0.day.iso)",
                date: words.fullDate($0.day),
                what: words("reminders.why.due_\($0.kind.rawValue)", ["n": .number($0.number)]),
                isShown: $0.day == content.due
            )
        }
        hasDates = !dates.isEmpty
    }
}
