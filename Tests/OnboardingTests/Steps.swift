import Access
import DeskKit
import Portals

@testable import Documents
@testable import Onboarding

extension Desktop {
    /// What an account manager types for a complete application.
    static let complete: [String: String] = [
        "client.name": "Łódzka Spółka \"Transport\" 🚚", "client.address": "Piotrkowska 1\nŁódź",
        "client.number.pl_nip": "999-000-00-20", "signatory.1.name": "Joanna Kowalska",
        "signatory.1.paper_number": "AAA 300001", "signatory.1.paper_expiry": "11.03.2036",
        "witness.name": "Anna Nowak", "witness.place": "Łódź", "witness.date": "19.03.2026",
        "user.1.login": "joanna.k", "user.1.name": "Joanna Kowalska", "user.1.phone": "500 000 127",
        "seen.signed_application": "1", "seen.identity_document": "1",
    ]

    static let office: [String: String] = complete.merging(
        [
            "client.phone": "500 000 127", "office.founded": "2011-05-02", "office.contact": "Joanna Kowalska",
            "office.certificate": "Z/1/2026", "office.account": "04 9990 0009 0000 0000 0000 0000",
            "seen.questionnaire": "1",
        ]) { $1 }

    func opened(
        _ kind: ApplicationKind = .portalUsers,
        _ portal: PortalProfile = Desktop.portal()
    ) async throws
        -> ApplicationID
    {
        try await perform(OpenApplication(kind: kind), as: Self.anna, portal)
    }

    @discardableResult
    func type(
        _ values: [String: String],
        into id: ApplicationID,
        as staff: StaffContext = Desktop.anna,
        was: [String: String] = [:],
        _ portal: PortalProfile = Desktop.portal()
    ) async throws -> SaveDraft.Outcome {
        let changes = values.sorted { $0.key < $1.key }.map {
            SaveDraft.Change(field: $0.key, was: was[$0.key] ?? "", now: $0.value)
        }
        return try await perform(SaveDraft(application: id, changes: changes), as: staff, portal)
    }

    static let scan = PreparedScan(
        mediaType: "image/png",
        original: [1, 2, 3],
        pages: [PageImage(width: 1, height: 1, bytes: [4, 5, 6])]
    )

    func filled(
        _ kind: ApplicationKind = .portalUsers,
        _ portal: PortalProfile = Desktop.portal()
    ) async throws
        -> ApplicationID
    {
        let id = try await opened(kind, portal)
        try await type(kind == .office ? Self.office : Self.complete, into: id, portal)
        _ = try await perform(UploadScan(application: id, scan: Self.scan), as: Self.anna, portal)
        return id
    }

    func submitted(_ kind: ApplicationKind = .portalUsers) async throws -> ApplicationID {
        let id = try await filled(kind)
        try await perform(SubmitApplication(application: id), as: Self.anna)
        return id
    }

    func approved(_ kind: ApplicationKind = .portalUsers) async throws -> ApplicationID {
        let id = try await submitted(kind)
        try await perform(ApproveApplication(application: id), as: Self.piotr)
        return id
    }

    func taken() async throws -> ApplicationID {
        let id = try await approved()
        try await perform(TakeCall(application: id), as: Self.ewa)
        return id
    }
}
