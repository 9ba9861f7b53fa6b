package import Access
package import DeskWeb
package import Hummingbird
package import JobRunner
package import Messaging
package import Postgres

/// From due date to reminder: the rules of each portal, the day's plan, the letters, and why somebody got none.
/// Tables: `rule`, `reminder`, `reminder_limit`, `run_approval`. Rights: `reminders.view`, `.rules`, `.approve`. Jobs:
/// `reminders.payments`, `.insurance`, `.invoices`, `.new_invoices` and `.access` plan a day, `.send` writes what was
/// planned.
package struct RemindersFeature: Sendable {
    let desk: Desk
    let queue: JobQueue

    package init(desk: Desk, queue: JobQueue) {
        self.desk = desk
        self.queue = queue
    }

    package static let queries: [any QueryDescribing] = RemindersQueries.all

    package static let navigation = [NavigationEntry(key: "reminders.title", href: "/reminders")]

    /// The handlers, for the worker; letters are written in the words of the catalogue.
    package static func jobs(queue: JobQueue, outbox: Outbox, catalog: Catalog) -> [any JobHandler] {
        [
            RemindPayments(queue: queue), RemindInsurance(queue: queue), RemindInvoices(queue: queue),
            RemindNewInvoices(queue: queue), RemindAccessEnds(queue: queue),
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
        router.get("/reminders/{portal}/rules/new") { request, context in try await routes.newForm(request, context) }
        router.post("/reminders/{portal}/rules/new") { _, context in try await routes.add(context) }
        let limits = LimitsRoutes(desk: desk, queue: queue)
        router.get("/reminders/limits") { _, context in try await limits.show(context) }
        router.post("/reminders/{portal}/limits") { _, context in try await limits.set(context) }
        router.post("/reminders/{portal}/runs/{run}/decide") { _, context in try await limits.decide(context) }
        let why = WhyRoutes(desk: desk)
        router.get("/reminders/{portal}/why/{client}") { request, context in try await why.show(request, context) }
    }
}
