package import Access
import DeskKit
import DeskWeb
package import Documents
package import Hummingbird
import Portals
package import Postgres

/// The way from a signed paper to portal users: drafts beside the page images, a second person's decision, the call
/// with the company code, activation. Tables: `application`, `application_remark`, `call_task`, `call_attempt`.
/// Rights: `onboarding.view`, `.prepare`, `.approve`, `.call`.
package struct OnboardingFeature: Sendable {
    let desk: Desk
    let neighbours: Office.Neighbours

    package init(
        desk: Desk,
        documents: DocumentsService,
        codes: any CompanyCodes,
        clients: any ActivatesClients,
        accounts: any ActivatesAccounts
    ) {
        self.desk = desk
        neighbours = Office.Neighbours(
            audit: desk.audit,
            documents: documents,
            codes: codes,
            clients: clients,
            accounts: accounts
        )
    }

    package static let queries = OnboardingQueries.all

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        ListRoutes(feature: self).add(to: router)
        FormRoutes(feature: self).add(to: router)
        ScanRoutes(feature: self).add(to: router)
        DecisionRoutes(feature: self).add(to: router)
        CallRoutes(feature: self).add(to: router)
    }
}

extension OnboardingFeature {
    /// Who acts, and at which portal. A portal of which the reader is no part, or that does not exist, answers 404.
    func office(_ context: DeskContext) throws -> Office {
        try office(context, portal: try context.parameters.require("portal"))
    }

    func office(_ context: DeskContext, portal key: String) throws -> Office {
        let staff = try context.signedIn()
        guard let portal = context.portals.first(where: { $0.key == key }) else { throw PageError.notFound }
        return Office(portal: portal, staff: staff, neighbours: neighbours, reference: context.page.reference)
    }

    func application(_ context: DeskContext) throws -> ApplicationID {
        guard let id = context.parameters.get("id").flatMap({ ApplicationID($0) }) else { throw PageError.notFound }
        return id
    }

    /// Runs a command; what does not exist is answered 404.
    func perform<Command: OnboardingCommand>(_ command: Command, _ office: Office) async throws -> Command.Outcome {
        do {
            return try await office.perform(command, desk.database)
        } catch is NoSuchApplication {
            throw PageError.notFound
        }
    }
}

extension OnboardingFeature: CountsWaiting {
    /// Applications that wait for the reader as the second person, or came back to whoever prepares them; calls due.
    package func waiting(for staff: StaffContext, in session: Session) throws -> [String: Waiting] {
        let counts = try session.one(
            OnboardingQueries.countTodo,
            [
                "approve": staff.portals(with: .onboardingApprove),
                "prepare": staff.portals(with: .onboardingPrepare), "call": staff.portals(with: .onboardingCall),
            ]
        )
        return [
            "/onboarding": Waiting(count: counts.submitted + counts.returned),
            "/onboarding/calls": Waiting(count: counts.calls),
        ]
    }
}
