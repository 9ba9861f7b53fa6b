import Access
import DeskKit
import Documents
import Portals
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Onboarding

@Suite struct DraftTests {
    @Test func `a draft is opened with what the portal knows`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        let form = try await desk.test.value("SELECT form ->> 'witness.regulations' FROM application WHERE id = \(id)")
        #expect(form == "2026-03")
        #expect(try await desk.trail(id) == ["application.opened"])
    }

    @Test func `a kind that the portal does not take is refused`() async throws {
        let desk = try await Desktop.make()
        await #expect(throws: OpenApplication.Refusal.kindNotOffered) {
            _ = try await desk.opened(.office, Desktop.portal(kinds: [.portalUsers]))
        }
    }

    @Test func `only who prepares applications opens, types, uploads and submits`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        for staff in [Desktop.ewa, Desktop.olga] {
            await #expect(throws: AccessDenied.self) {
                _ = try await desk.perform(OpenApplication(kind: .office), as: staff)
            }
            await #expect(throws: AccessDenied.self) { try await desk.type(["client.name": "A"], into: id, as: staff) }
            await #expect(throws: AccessDenied.self) {
                _ = try await desk.perform(UploadScan(application: id, scan: Desktop.scan), as: staff)
            }
            await #expect(throws: AccessDenied.self) {
                try await desk.perform(SubmitApplication(application: id), as: staff)
            }
        }
        #expect(try await desk.trail(id) == ["application.opened"])
    }

    @Test func `hostile text is kept as it is`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        let text = "O'Neil \"<b>\" ; DROP TABLE -- \u{202E}שלום 🚚 {{x}}"
        let saved = try await desk.type(["client.name": text], into: id)
        #expect(saved.saved == ["client.name"])
        #expect(try await desk.test.value("SELECT client_name FROM application") == text)
        #expect(try await desk.trail(id) == ["application.opened", "application.changed"])
    }

    /// What a page saves by itself while somebody types.
    private func typing(
        _ desk: Desktop,
        _ field: String,
        _ text: String,
        _ id: ApplicationID,
        as staff: StaffContext = Desktop.anna
    ) async throws {
        let was = try await desk.test.value("SELECT form ->> '\(field)' FROM application WHERE id = \(id)") ?? ""
        let change = SaveDraft.Change(field: field, was: was, now: text)
        _ = try await desk.perform(SaveDraft(application: id, changes: [change], isByItself: true), as: staff)
    }

    private func lines(_ desk: Desktop) async throws -> [String] {
        try await desk.test.sql(
            "SELECT concat_ws(' ', actor_name, action, facts ->> 'fields') FROM audit_event"
                + " WHERE action IN ('application.typed', 'application.changed') ORDER BY id"
        ).compactMap { $0.first ?? nil }
    }

    @Test func `what one person types in some minutes is one line that names every field`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        for text in ["Ł", "Łódź", "Łódź Sp."] { try await typing(desk, "client.name", text, id) }
        try await typing(desk, "client.address", "Piotrkowska 1", id)
        #expect(try await lines(desk) == ["Anna Nowak application.typed"])
        try await desk.type(["witness.place": "Łódź"], into: id)
        #expect(
            try await lines(desk) == [
                "Anna Nowak application.typed", "Anna Nowak application.changed client.address, client.name",
                "Anna Nowak application.changed witness.place",
            ]
        )
    }

    @Test func `another typist, ten minutes and a decision end the line`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        try await typing(desk, "client.name", "A", id)
        try await typing(desk, "client.address", "B", id, as: Desktop.piotr)
        try await desk.test.sql("UPDATE application SET typed_since = now() - interval '11 minutes'")
        try await typing(desk, "witness.name", "C", id, as: Desktop.piotr)
        try await desk.perform(WithdrawApplication(application: id), as: Desktop.anna)
        #expect(
            try await lines(desk) == [
                "Anna Nowak application.typed", "Anna Nowak application.changed client.name",
                "Piotr Lis application.typed", "Piotr Lis application.changed client.address",
                "Piotr Lis application.typed", "Piotr Lis application.changed witness.name",
            ]
        )
        #expect(try await desk.trail(id).last == "application.withdrawn")
    }

    @Test func `edits of different fields merge and edits of one field meet`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        try await desk.type(["client.name": "First"], into: id)
        try await desk.type(["client.address": "Elsewhere"], into: id, as: Desktop.piotr)
        let met = try await desk.type(["client.name": "Second"], into: id, as: Desktop.piotr)
        #expect(met.conflicts == [SaveDraft.Conflict(field: "client.name", theirs: "First", yours: "Second")])
        #expect(try await desk.test.value("SELECT form ->> 'client.name' FROM application") == "First")
        let decided = try await desk.type(["client.name": "Second"], into: id, was: ["client.name": "First"])
        #expect(decided.conflicts.isEmpty)
        #expect(decided.application.answers["client.address"] == "Elsewhere")
    }

    @Test func `two saves of one field at once keep one and tell the other`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        async let one = desk.type(["client.name": "One"], into: id)
        async let two = desk.type(["client.name": "Two"], into: id, as: Desktop.piotr)
        let conflicts = try await [one.conflicts.count, two.conflicts.count]
        #expect(conflicts.sorted() == [0, 1])
    }

    @Test func `names that the form does not have and values too long for it are not saved`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        let saved = try await desk.type(["users": "1,2,3", "client.zzz": "x", "user.9.login": "x"], into: id)
        #expect(saved.saved.isEmpty)
        await #expect(throws: SaveDraft.Refusal.tooLong(field: "client.name")) {
            try await desk.type(["client.name": String(repeating: "x", count: 4001)], into: id)
        }
        #expect(try await desk.trail(id) == ["application.opened"])
    }

    @Test func `users come and go, and numbers are never given twice`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        try await desk.perform(ChangeParts(application: id, change: .add(.user)), as: Desktop.anna)
        try await desk.perform(ChangeParts(application: id, change: .remove(.user, 2)), as: Desktop.anna)
        try await desk.perform(ChangeParts(application: id, change: .add(.user)), as: Desktop.anna)
        #expect(try await desk.test.value("SELECT form ->> 'users' FROM application") == "1,3")
        await #expect(throws: ChangeParts.Refusal.notPossible) {
            try await desk.perform(ChangeParts(application: id, change: .remove(.signatory, 1)), as: Desktop.anna)
        }
    }

    @Test func `a scan is uploaded, looked at and removed, each with its line`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        let scan = try await desk.perform(UploadScan(application: id, scan: Desktop.scan), as: Desktop.anna)
        for _ in 1...2 {
            let image = try await desk.perform(ViewPage(application: id, scan: scan, page: 1), as: Desktop.olga)
            #expect(image.bytes == [4, 5, 6])
        }
        await #expect(throws: NoSuchApplication.self) {
            _ = try await desk.perform(ViewPage(application: id, scan: scan, page: 0), as: Desktop.olga)
        }
        try await desk.perform(RemoveScan(application: id, scan: scan), as: Desktop.anna)
        await #expect(throws: RemoveScan.Refusal.noSuchScan) {
            try await desk.perform(RemoveScan(application: id, scan: scan), as: Desktop.anna)
        }
        #expect(
            try await desk.trail(id) == [
                "application.opened", "application.scan_added", "application.scan_viewed", "application.scan_removed",
            ]
        )
    }

    @Test func `another portal's application does not exist`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        let stranger = StaffContext(
            id: StaffID(5),
            login: "o",
            name: "Olga",
            language: "en",
            roles: [PortalID(2): [.accountManager, .verifier, .helpdesk]]
        )
        let portal = Desktop.portal(id: 2)
        await #expect(throws: NoSuchApplication.self) {
            _ = try await desk.perform(ViewApplication(application: id, withHistory: true), as: stranger, portal)
        }
        await #expect(throws: NoSuchApplication.self) {
            try await desk.perform(ApproveApplication(application: id), as: stranger, portal)
        }
        await #expect(throws: AccessDenied.self) {
            _ = try await desk.perform(ViewApplication(application: id, withHistory: true), as: stranger)
        }
    }

    @Test func `looking at an application is recorded once in a visit`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        for _ in 1...3 {
            _ = try await desk.perform(ViewApplication(application: id, withHistory: true), as: Desktop.olga)
        }
        _ = try await desk.perform(ViewApplication(application: id, withHistory: false), as: Desktop.ewa)
        #expect(try await desk.trail(id) == ["application.opened", "application.viewed", "application.viewed"])
    }
}
