package import Access
package import DeskWeb
package import Hummingbird
package import JobRunner
package import Messaging
package import Postgres

/// From due date to reminder: the rules of each portal, the day's plan, the letters, and why somebody got none.
/// Tables: `rule`, `reminder`. Rights: `reminders.view`, `reminders.rules`. Jobs: `reminders.payments` and
/// `reminders.insurance` plan a day, `reminders.send` writes what was planned.
package struct RemindersFeature: Sendable {
    let desk: Desk

    package init(desk: Desk) {
        self.desk = desk
    }

    package static let queries: [any QueryDescribing] = RemindersQueries.all

    package static let navigation = [NavigationEntry(key: "reminders.title", href: "/reminders")]

    /// The handlers, for the worker; letters are written in the words of the catalogue.
    package static func jobs(queue: JobQueue, outbox: Outbox, catalog: Catalog) -> [any JobHandler] {
        [
            RemindPayments(queue: queue), RemindInsurance(queue: queue),
            SendReminders(outbox: outbox, catalog: catalog),
        ]
    }

    /// What Operations asks about runs of a day, before and after.
    package static let previews: [any PreviewsRun] = RuleSubject.allCases.map { ReminderPreview(subject: $0) }
    package static let recipients: [any ListsRunRecipients] = RuleSubject.allCases.map {
        ReminderRecipients(subject: $0)
    }

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        let routes = RemindersRoutes(desk: desk)
        router.get("/reminders") { request, context in try await routes.list(request, context) }
        router.post("/reminders/{portal}/rules") { _, context in try await routes.install(context) }
        router.get("/reminders/{portal}/rules/{rule}") { _, context in try await routes.show(context) }
        router.post("/reminders/{portal}/rules/{rule}") { _, context in try await routes.change(context) }
        let why = WhyRoutes(desk: desk)
        router.get("/reminders/{portal}/why/{client}") { request, context in try await why.show(request, context) }
    }
}
