import Access
import DeskKit
import Documents
import Portals
import Postgres
import Synchronization
import TestKit
import Testing

@testable import Onboarding

@Suite struct DecisionTests {
    @Test func `a complete application is submitted`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.submitted()
        #expect(try await desk.state(id) == "submitted")
        #expect(try await desk.trail(id).last == "application.submitted")
    }

    @Test func `nothing is submitted without scan, checklist and valid fields`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        try await desk.type(Desktop.complete, into: id)
        await #expect(throws: SubmitApplication.Refusal.noScan) {
            try await desk.perform(SubmitApplication(application: id), as: Desktop.anna)
        }
        _ = try await desk.perform(UploadScan(application: id, scan: Desktop.scan), as: Desktop.anna)
        try await desk.type(["seen.identity_document": ""], into: id, was: ["seen.identity_document": "1"])
        let unseen = FormCheck.Finding(
            field: "seen.identity_document",
            problem: FieldProblem("onboarding.problem.not_seen")
        )
        await #expect(throws: SubmitApplication.Refusal.incomplete([unseen])) {
            try await desk.perform(SubmitApplication(application: id), as: Desktop.anna)
        }
        #expect(try await desk.state(id) == "draft")
    }

    @Test func `nobody decides on their own work, in code and in the database`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        try await desk.type(Desktop.complete, into: id)
        _ = try await desk.perform(UploadScan(application: id, scan: Desktop.scan), as: Desktop.anna)
        try await desk.perform(SubmitApplication(application: id), as: Desktop.piotr)
        await #expect(throws: DecisionRefusal.ownWork) {
            try await desk.perform(ApproveApplication(application: id), as: Desktop.piotr)
        }
        for own in [1, 2] {
            await #expect(throws: (any Error).self) {
                try await desk.test.sql(
                    "UPDATE application SET state = 'approved', decided_by = \(own) WHERE id = \(id)"
                )
            }
        }
        try await desk.test.sql(
            "UPDATE application SET state = 'approved', decided_by = 3, decided_at = now() WHERE id = \(id)"
        )
    }

    @Test(arguments: ["typed", "scanned"])
    func `whoever typed or scanned does not decide, in code and in the database`(_ work: String) async throws {
        let desk = try await Desktop.make()
        let id = try await desk.opened()
        try await desk.type(Desktop.complete, into: id)
        let scans = work == "scanned"
        _ = try await desk.perform(
            UploadScan(application: id, scan: Desktop.scan),
            as: scans ? Desktop.piotr : Desktop.anna
        )
        if !scans {
            try await desk.test.sql(
                "UPDATE application SET form = form || '{\"note\": \"x\"}', changed_by = 2 WHERE id = \(id)"
            )
        }
        try await desk.perform(SubmitApplication(application: id), as: Desktop.anna)
        await #expect(throws: DecisionRefusal.ownWork) {
            try await desk.perform(ApproveApplication(application: id), as: Desktop.piotr)
        }
        for forged in ["decided_by = 2", "decided_by = 2, submitted_by = 3", "decided_by = 2, worked_by = '{1}'"] {
            await #expect(throws: (any Error).self) {
                try await desk.test.sql("UPDATE application SET state = 'approved', \(forged) WHERE id = \(id)")
            }
        }
    }

    @Test func `approval opens the call and reserves the code`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.approved()
        #expect(try await desk.test.value("SELECT state FROM call_task WHERE application_id = \(id)") == "open")
        #expect(desk.neighbours.record.withLock { $0.reserved } == [id])
        #expect(try await desk.trail(id).last == "application.approved")
    }

    @Test func `an application at the office is approved without call and code`() async throws {
        let desk = try await Desktop.make()
        _ = try await desk.approved(.office)
        #expect(try await desk.test.value("SELECT count(*) FROM call_task") == "0")
        #expect(desk.neighbours.record.withLock { $0.reserved }.isEmpty)
    }

    @Test func `only a verifier decides`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.submitted()
        for staff in [Desktop.anna, Desktop.ewa, Desktop.olga] {
            await #expect(throws: AccessDenied.self) {
                try await desk.perform(ApproveApplication(application: id), as: staff)
            }
        }
    }

    @Test func `two decisions at once are one success and one clear refusal`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.submitted()
        let other = Desktop.staff(5, "Olga Sowa", [.verifier])
        async let one = refusal(desk, id, Desktop.piotr)
        async let two = refusal(desk, id, other)
        let refusals = await [one, two].compactMap { $0 }
        #expect(refusals == [.notSubmitted(.approved)])
        #expect(try await desk.test.value("SELECT count(*) FROM call_task") == "1")
    }

    func refusal(_ desk: Desktop, _ id: ApplicationID, _ staff: StaffContext) async -> DecisionRefusal? {
        do {
            try await desk.perform(ApproveApplication(application: id), as: staff)
            return nil
        } catch {
            return error as? DecisionRefusal
        }
    }

    @Test func `returned with reasons it can be mended, and the remarks are settled`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.submitted()
        await #expect(throws: DecisionRefusal.noRemark) {
            try await desk.perform(ReturnApplication(application: id, remarks: []), as: Desktop.piotr)
        }
        let bare = RemarkDraft(field: "client.name", reason: .other, note: "")
        await #expect(throws: DecisionRefusal.noteMissing(field: "client.name")) {
            try await desk.perform(ReturnApplication(application: id, remarks: [bare]), as: Desktop.piotr)
        }
        let remark = RemarkDraft(field: "client.name", reason: .mismatch, note: "Page 1")
        try await desk.perform(ReturnApplication(application: id, remarks: [remark]), as: Desktop.piotr)
        let seen = try await desk.perform(ViewApplication(application: id, withHistory: false), as: Desktop.anna)
        #expect(seen.application.state == .returned)
        #expect(seen.remarks.map(\.field) == ["client.name"])
        try await desk.perform(SubmitApplication(application: id), as: Desktop.anna)
        #expect(try await desk.test.value("SELECT count(*) FROM application_remark WHERE settled_at IS NULL") == "0")
    }

    @Test func `a refused or withdrawn application is not touched again`() async throws {
        let desk = try await Desktop.make()
        let refused = try await desk.submitted()
        try await desk.perform(
            RefuseApplication(application: refused, reason: .suspect, note: ""),
            as: Desktop.piotr
        )
        await #expect(throws: SaveDraft.Refusal.notOpen(.refused)) {
            try await desk.type(["client.name": "B"], into: refused)
        }
        await #expect(throws: WithdrawApplication.Refusal.decided(.refused)) {
            try await desk.perform(WithdrawApplication(application: refused), as: Desktop.anna)
        }
        #expect(try await desk.trail(refused).last == "application.refused")
        let withdrawn = try await desk.opened()
        try await desk.perform(WithdrawApplication(application: withdrawn), as: Desktop.anna)
        await #expect(throws: UploadScan.Refusal.notOpen(.withdrawn)) {
            _ = try await desk.perform(UploadScan(application: withdrawn, scan: Desktop.scan), as: Desktop.anna)
        }
        #expect(try await desk.trail(withdrawn).last == "application.withdrawn")
    }

    @Test func `the database refuses moves and edits that the code refuses`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.submitted()
        for move in ["draft", "activated"] {
            await #expect(throws: (any Error).self) {
                try await desk.test.sql("UPDATE application SET state = '\(move)' WHERE id = \(id)")
            }
        }
        await #expect(throws: (any Error).self) {
            try await desk.test.sql("UPDATE application SET form = '{}' WHERE id = \(id)")
        }
    }

    @Test func `at the counter the client is activated at once, and only when present`() async throws {
        let desk = try await Desktop.make()
        let id = try await desk.approved(.office)
        await #expect(throws: ActivateAtCounter.Refusal.clientAbsent) {
            _ = try await desk.perform(ActivateAtCounter(application: id, isClientPresent: false), as: Desktop.anna)
        }
        await #expect(throws: AccessDenied.self) {
            _ = try await desk.perform(ActivateAtCounter(application: id, isClientPresent: true), as: Desktop.ewa)
        }
        let accounts = try await desk.perform(
            ActivateAtCounter(application: id, isClientPresent: true),
            as: Desktop.anna
        )
        #expect(accounts.map(\.login) == ["joanna.k"])
        #expect(try await desk.state(id) == "activated")
        #expect(try await desk.trail(id).last == "application.activated")
        await #expect(throws: ActivateAtCounter.Refusal.notApproved(.activated)) {
            _ = try await desk.perform(ActivateAtCounter(application: id, isClientPresent: true), as: Desktop.anna)
        }
        let paper = try await desk.approved()
        await #expect(throws: ActivateAtCounter.Refusal.otherKind) {
            _ = try await desk.perform(ActivateAtCounter(application: paper, isClientPresent: true), as: Desktop.anna)
        }
    }
}
