import DeskKit
import Foundation
import JobRunner
import Logging
import Portals
import Postgres
import TestKit
import Testing

@testable import Audit
@testable import DeskApp
@testable import Requests

/// Letters on their way to a real mail server.
@Suite struct LetterMailTests {
    private func smtp(_ house: House, _ portal: PortalProfile) async throws -> Peer {
        let peer = try await Peer.smtp()
        try await house.test.sql(
            """
            INSERT INTO provider (portal_id, name, channel, kind, settings)
            VALUES (\(portal.id), 'peer', 'email', 'smtp',
                '{"host": "127.0.0.1", "port": \(peer.port), "encryption": "none", "user": ""}')
            """
        )
        return peer
    }

    private func work(_ house: House, process: Int32 = 1) async throws {
        let worker = Worker(
            database: house.test.workerDatabase,
            registry: try JobRegistry(house.rooms.handlers),
            configuration: WorkerConfiguration(host: "test", process: process),
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        )
        _ = try await worker.workThrough()
    }

    /// The print that the page of the newest letter gives.
    private func kept(_ id: ClientRequestID, _ house: House, _ portal: PortalProfile) async throws -> Data {
        let newest = try await house.test.value("SELECT max(id) FROM request_letter WHERE request_id = \(id)")
        let letter = try #require(newest.flatMap { Int64($0) })
        return Data(try await house.perform(ViewPrint(request: id, letter: letter), as: House.ewa, portal))
    }

    @Test(arguments: [("klientefl", "Odmowa"), ("legitimo", "Elutasítás")])
    func `a decision arrives in the client's language with the kept letter as PDF, once`(
        key: String,
        word: String
    ) async throws {
        let house = try await House.make()
        let portal = try await house.portal(key)
        let id = try await house.takenIn(.accessCopy, try await house.client(portal), portal)
        try await work(house)
        let peer = try await smtp(house, portal)
        try await house.test.sql("DELETE FROM job; UPDATE message SET state = 'cancelled' WHERE state = 'planned'")
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        let (reason, text) = (DecisionReason.identityUnproven, "Żółta karta — ő")
        try await house.perform(
            ProposeRequest(request: id, outcome: .refused, reason: reason, note: ""),
            as: House.ewa,
            portal
        )
        _ = try await house.perform(
            DecideRequest(request: id, outcome: .refused, reason: reason, text: text),
            as: House.piotr,
            portal
        )
        async let one: Void = work(house)
        async let two: Void = work(house, process: 2)
        _ = try await (one, two)
        try await work(house)
        let received = try await peer.next("message")
        let file = try #require(received.files?.first)
        #expect(received.recipients == ["maria@example.pl"] && received.files?.count == 1)
        #expect(file.name == "\(word) \(id).pdf" && file.type == "application/pdf")
        #expect(file.content.starts(with: Data("%PDF-".utf8)))
        #expect(try await kept(id, house, portal) == file.content)
        #expect(await peer.rest().count { $0.event == "message" } == 0)
        let states = try await house.test.value("SELECT string_agg(state, ' ' ORDER BY id) FROM message")
        #expect(states == "cancelled confirmed")
        #expect(try await house.trail(id).contains("request.decided"))
    }

    @Test func `a confirmation goes with the same print to the old and the new address`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        var draft = try await house.draft(.dataChange, client, portal)
        draft.changes = [ChangeDraft(field: .email, newValue: "nowa@example.pl")]
        let id = try await house.perform(TakeIn(draft: draft), as: House.ewa, portal)
        try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
        let proposal = ProposeRequest(request: id, outcome: .granted, reason: .proven, note: "")
        try await house.perform(proposal, as: House.ewa, portal)
        let decision = DecideRequest(request: id, outcome: .granted, reason: .proven, text: "")
        _ = try await house.perform(decision, as: House.piotr, portal)
        try await house.test.sql("DELETE FROM job; UPDATE message SET state = 'cancelled' WHERE state = 'planned'")
        try await house.perform(ExecuteRequest(request: id), as: House.jan, portal)
        let peer = try await smtp(house, portal)
        try await work(house)
        let received = await peer.rest().filter { $0.event == "message" }
        #expect(Set(received.flatMap { $0.recipients ?? [] }) == ["maria@example.pl", "nowa@example.pl"])
        let print = try await kept(id, house, portal)
        #expect(received.map { $0.files?.first?.content } == [print, print])
    }

    @Test func `a letter without an address is printed and sent to nobody`() async throws {
        let house = try await House.make()
        let portal = try await house.portal()
        let client = try await house.client(portal)
        try await house.test.sql("DELETE FROM contact")
        let id = try await house.takenIn(.accessCopy, client, portal)
        try await work(house)
        #expect(try await kept(id, house, portal).starts(with: Data("%PDF-".utf8)))
        #expect(try await house.test.value("SELECT count(*) FROM message") == "0")
    }
}
