package import Access
import Audit
import DeskKit
import DeskWeb
package import Documents
package import Hummingbird
import Identity
package import JobRunner
package import Messaging
import Portals
package import Postgres

/// What clients ask for: data change, account deletion, erasure, complaint and the like, from the intake to the letter,
/// with their clocks. Tables: `clock_rule`, `client_request`, `request_letter`, `request_pause`, `data_change`,
/// `request_view`. Rights: `requests.view`, `.handle`, `.decide`, `.execute`.
package struct RequestsFeature: Sendable {
    let desk: Desk
    let book: RequestBook
    let documents: DocumentsService
    let queue: JobQueue

    package init(
        desk: Desk,
        documents: DocumentsService,
        outbox: Outbox,
        queue: JobQueue,
        accounts: any ClosesAccounts
    ) {
        self.desk = desk
        self.documents = documents
        self.queue = queue
        book = RequestBook(
            audit: desk.audit,
            identity: IdentityService(desk: desk),
            letters: RequestLetters(audit: desk.audit, outbox: outbox, queue: queue, catalog: desk.site.catalog),
            clocks: Clocks(),
            kinds: RequestKinds([DataChangeRules(), DeletionRules(accounts: accounts), ErasureRules()])
        )
    }

    package static let queries: [any QueryDescribing] = RequestsQueries.all + QueueQueries.all

    /// The handlers, for the worker.
    package var jobs: [any JobHandler] {
        [
            PrintLetter(audit: desk.audit, documents: documents, outbox: book.letters.outbox),
            NightlyRequests(queue: queue), LookAtRequest(book: book, portals: desk.portals),
        ]
    }

    package func addRoutes(to router: some RouterMethods<DeskContext>) {
        QueueRoutes(feature: self).add(to: router)
        IntakeRoutes(feature: self).add(to: router)
        EvidenceRoutes(feature: self).add(to: router)
        LetterRoutes(feature: self).add(to: router)
        DetailRoutes(feature: self).add(to: router)
    }
}

extension RequestsFeature {
    /// Who acts, and at which portal. A portal of which the reader is no part, or that does not exist, answers 404.
    func office(_ context: DeskContext) throws -> Office {
        try office(context, portal: try context.parameters.require("portal"))
    }

    func office(_ context: DeskContext, portal key: String) throws -> Office {
        let staff = try context.signedIn()
        guard let portal = context.portals.first(where: { $0.key == key }) else { throw PageError.notFound }
        return Office(
            portal: portal,
            staff: staff,
            book: book,
            documents: documents,
            reference: context.page.reference
        )
    }

    func request(_ context: DeskContext) throws -> ClientRequestID {
        guard let id = context.parameters.get("id").flatMap({ ClientRequestID($0) }) else { throw PageError.notFound }
        return id
    }

    /// Runs a command; what does not exist is answered 404.
    func perform<Command: RequestCommand>(_ command: Command, _ office: Office) async throws -> Command.Outcome {
        do {
            return try await office.perform(command, desk.database)
        } catch is NoSuchRequest {
            throw PageError.notFound
        }
    }
}
