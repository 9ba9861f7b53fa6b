import Access
import Audit
import DeskKit
import JobRunner
import Logging
import Portals
import Postgres
import TestKit
import Testing

@testable import DeskApp
@testable import Requests

/// The night as an operator starts it, `portaldesk jobs run requests.nightly`: the queue stands between schedule and
/// look.
@Suite struct NightRunTests {
    private func night(_ house: House) async throws {
        let registry = try JobRegistry(house.rooms.handlers)
        let queue = house.installation.queue
        let files = try JobFile.load(directory: Repository.path("jobs"), registry: registry)
        try await ScheduleSync(queue: queue).sync(files, database: house.test.workerDatabase)
        let hand = JobOperator(
            database: house.test.workerDatabase,
            registry: registry,
            queue: queue,
            audit: house.installation.desk.audit,
            previews: house.rooms.previews,
            configuration: WorkerConfiguration(host: "line", process: 1),
            logger: Logger(label: "test")
        )
        let reports = try await hand.run("requests.nightly", portal: "klientefl", on: nil)
        #expect(reports.map(\.state) == [.finished])
    }

    private func blocked(_ house: House, _ client: ClientID, _ portal: PortalProfile) async throws -> ClientRequestID {
        let id = try await house.takenIn(.accountDeletion, client, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        try await house.perform(BlockRequest(request: id), as: House.ewa, portal)
        return id
    }

    @Test func `a second night of one day moves a blocked deletion whose debt was paid in between`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        try await house.debt(client, portal)
        let id = try await blocked(house, client, portal)
        try await night(house)
        #expect(try await house.perform(LookAgain(request: id), as: House.ewa, portal) == 1)
        #expect(try await house.value("state", id) == "blocked")
        #expect(try await house.trail(id).last == "request.looked")
        try await house.pay(client, portal)
        try await night(house)
        #expect(try await house.value("state", id) == "assessment")
        #expect(try await house.trail(id).last == "request.unblocked")
    }

    @Test func `a complaint that is still open keeps it blocked though the debt is paid, and its page says so`()
        async throws
    {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        let complaint = try await house.takenIn(.complaint, client, portal)
        try await house.debt(client, portal)
        let id = try await blocked(house, client, portal)
        try await house.pay(client, portal)
        try await night(house)
        #expect(try await house.value("state", id) == "blocked")
        let seen = try await house.perform(ViewRequest(request: id), as: House.ewa, portal)
        #expect(seen.obstacles.map { "\($0.kind.rawValue) \($0.number)" } == ["request \(complaint)"])
        try await house.perform(AnswerRequest(request: complaint, answer: "Naprawione."), as: House.ewa, portal)
        try await night(house)
        #expect(try await house.value("state", id) == "assessment")
    }
}
