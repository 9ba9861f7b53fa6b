import Access
import DeskKit
import Portals
import Postgres

/// Why a second person cannot decide; the database refuses the same.
enum DecisionRefusal: Error, Equatable {
    case notSubmitted(ApplicationState)
    case ownWork
    case noRemark
    case noteMissing(field: String)

    static func decide(_ application: PaperApplication, by staff: StaffID) throws(DecisionRefusal) {
        guard application.state == .submitted else { throw .notSubmitted(application.state) }
        guard !application.isOwnWork(of: staff) else { throw .ownWork }
    }
}

/// What a second person says about a field.
struct RemarkDraft: Equatable, Sendable {
    let field: String
    let reason: ReturnReason
    let note: String
}

/// Why a field or the whole comes back. The client's letter has its own words: suspicion is never disclosed.
enum ReturnReason: String, CaseIterable, Codable, Sendable {
    case unreadable
    case mismatch
    case documentExpired = "document_expired"
    case wrongDocument = "wrong_document"
    case suspect
    case signatureMissing = "signature_missing"
    case signatureMismatch = "signature_mismatch"
    case noAuthority = "no_authority"
    case jointSignature = "joint_signature"
    case formVersion = "form_version"
    case formAltered = "form_altered"
    case pageMissing = "page_missing"
    case duplicate
    case contactUnconfirmed = "contact_unconfirmed"
    /// Says nothing without a note.
    case other
}

/// A second person confirms an application; it opens the call, or waits for the client at the counter.
struct ApproveApplication: OnboardingCommand {
    static let right = Right.onboardingApprove

    let application: ApplicationID

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(application, in: session)
        try DecisionRefusal.decide(found, by: office.staff.id)
        let place: Parameters = ["portal": office.portal.id, "id": application]
        try session.run(
            OnboardingQueries.decideApplication,
            place.merging(["state": ApplicationState.approved, "staff": office.staff.id]) { $1 }
        )
        try office.record("application.approved", on: application, in: session)
        guard found.kind == .portalUsers else { return }
        if office.portal.rules.loginKind == .companyCode {
            try office.neighbours.codes.reserve(application, portal: office.portal.id, in: session)
        }
        try session.run(OnboardingQueries.addCall, place)
    }
}

/// A second person sends an application back with reasons at its fields.
struct ReturnApplication: OnboardingCommand {
    static let right = Right.onboardingApprove

    let application: ApplicationID
    let remarks: [RemarkDraft]

    static func decide(
        _ application: PaperApplication,
        _ remarks: [RemarkDraft],
        by staff: StaffID
    ) throws(DecisionRefusal) {
        try DecisionRefusal.decide(application, by: staff)
        guard !remarks.isEmpty else { throw .noRemark }
        if let bare = remarks.first(where: { $0.reason == .other && $0.note.isEmpty }) {
            throw .noteMissing(field: bare.field)
        }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(application, in: session)
        try Self.decide(found, remarks, by: office.staff.id)
        try office.close(found, as: .returned, remarks, in: session)
    }
}

/// A second person refuses an application for good.
struct RefuseApplication: OnboardingCommand {
    static let right = Right.onboardingApprove

    let application: ApplicationID
    let reason: ReturnReason
    let note: String

    func run(_ office: Office, in session: Session) throws {
        let remark = RemarkDraft(field: "application", reason: reason, note: note)
        let found = try office.lock(application, in: session)
        try ReturnApplication.decide(found, [remark], by: office.staff.id)
        try office.close(found, as: .refused, [remark], in: session)
    }
}

extension Office {
    fileprivate func close(
        _ application: PaperApplication,
        as state: ApplicationState,
        _ remarks: [RemarkDraft],
        in session: Session
    ) throws {
        let place: Parameters = ["portal": portal.id, "id": application.id, "staff": staff.id]
        try session.run(OnboardingQueries.decideApplication, place.merging(["state": state]) { $1 })
        for remark in remarks {
            try session.run(
                OnboardingQueries.addRemark,
                place.merging(["field": remark.field, "reason": remark.reason.rawValue, "note": remark.note]) { $1 }
            )
        }
        let reasons = Set(remarks.map(\.reason.rawValue)).sorted().joined(separator: ", ")
        try record(
            "application.\(state.rawValue)",
            on: application.id,
            facts: ["reasons": reasons, "n": "\(remarks.count)"],
            in: session
        )
    }
}
