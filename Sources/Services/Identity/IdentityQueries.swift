import DeskKit
import DeskWeb
import HTTPTypes
package import Postgres

/// The statements of `sql/queries/identity.sql`.
package enum IdentityQueries {
    static let subject = Query<SubjectRow>("identity.subject")
    static let changedLately = Query<Bool>("identity.changed_lately")
    static let people = Query<PersonRow>("identity.people")
    static let questions = Query<String>("identity.questions")
    static let isRight = Query<Bool>("identity.is_right")
    static let failuresLately = Query<Int>("identity.failures_lately")
    static let lapse = Statement("identity.lapse")
    static let open = Query<VerificationID>("identity.open")
    static let addStep = Statement("identity.add_step")
    static let cases = Query<CaseRow>("identity.cases")
    static let hold = Query<VerificationID>("identity.hold")
    static let openOf = Query<OpenCase>("identity.open_of")
    static let steps = Query<StepRow>("identity.steps")
    static let decideStep = Statement("identity.decide_step")
    static let close = Statement("identity.close")
    static let void = Statement("identity.void")
    static let standing = Query<Standing>("identity.standing")

    package static let all: [any QueryDescribing] = [
        subject, changedLately, people, questions, isRight, failuresLately, lapse, open, addStep, cases, hold, openOf,
        steps, decideStep, close, void, standing,
    ]
}

/// Whom a case is about, as the record knows them.
struct SubjectRow: Decodable, Sendable {
    let clientName: String
    let personName: String?
    let login: String?
    /// The number on file, E.164.
    let phone: String?
    /// The law alone keeps these data: there is nobody left to verify.
    let isRestricted: Bool

    /// Throws `PageError` 403 for whom the law alone keeps data of; whoever may read those asks on the client's page.
    func shown() throws -> SubjectRow {
        if isRestricted { throw PageError(.forbidden, "identity.refusal.erased") }
        return self
    }
}

struct PersonRow: Decodable, Sendable {
    let id: AccountID
    let personName: String
    let login: String
}

struct CaseRow: Decodable, Sendable {
    let id: VerificationID
    let clientID: ClientID
    let accountID: AccountID?
    let channel: String
    let strength: String
    let state: CaseState
    let validMinutes: Int
    let openedBy: String
    /// Its time is over, whether or not it was closed for that.
    let isLate: Bool
    let opened: CivilDateTime
    let expires: CivilDateTime
    let closed: CivilDateTime?
    let validUntil: CivilDateTime?
    let today: CivilDate

    static func find(_ id: VerificationID, portal: PortalID, in session: Session) throws -> CaseRow? {
        try session.all(
            IdentityQueries.cases,
            ["portal": portal, "verification": id, "client": ClientID?.none?.rawValue]
        ).first
    }

    /// The newest first.
    static func all(of client: ClientID, portal: PortalID, in session: Session) throws -> [CaseRow] {
        try session.all(
            IdentityQueries.cases,
            ["portal": portal, "verification": VerificationID?.none?.rawValue, "client": client]
        )
    }
}

/// Somebody's case that keeps another from being opened.
struct OpenCase: Decodable, Sendable {
    let id: VerificationID
    let openedBy: String
}

struct StepRow: Decodable, Sendable {
    let position: Int
    let kind: String
    let question: String?
    let result: StepResult?
}
