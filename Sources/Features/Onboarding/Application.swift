import DeskKit
import Portals
import Postgres

/// A row of `application` with the names of those who acted; times are the portal's.
struct ApplicationRow: Decodable, Sendable {
    let id: ApplicationID
    let portalID: PortalID
    let kind: String
    let state: ApplicationState
    let form: String
    let clientName: String
    let clientID: ClientID?
    let version: Int
    let openedBy: StaffID
    let openedByName: String
    let openedAt: CivilDateTime
    let changedByName: String
    let changedAt: CivilDateTime
    let submittedBy: StaffID?
    /// Who opened, typed, submitted or attached a scan.
    let workedBy: [Int64]
    let submittedByName: String?
    let decidedByName: String?
    /// Who types into the draft, since when, and what changed that has no line of the trail yet.
    let typedBy: StaffID?
    let typedByName: String?
    let typedLately: Bool
    let typedFields: [String]
    let today: CivilDate
    let hereAndNow: CivilDateTime
}

/// An application with its form read and its portal's rules beside it.
struct PaperApplication: Sendable {
    let row: ApplicationRow
    let plan: FormPlan

    init(row: ApplicationRow, portal: PortalProfile) throws {
        self.row = row
        let answers = try Answers(json: row.form)
        plan = FormPlan(portal: portal, kind: ApplicationKind(rawValue: row.kind) ?? .portalUsers, answers: answers)
    }

    private init(row: ApplicationRow, plan: FormPlan) {
        self.row = row
        self.plan = plan
    }

    var id: ApplicationID { row.id }
    var state: ApplicationState { row.state }
    var kind: ApplicationKind { plan.kind }
    var answers: Answers { plan.answers }
    var check: FormCheck { FormCheck(plan: plan, today: row.today) }

    /// The same application as if this had been typed.
    func with(_ answers: Answers) -> PaperApplication {
        PaperApplication(row: row, plan: FormPlan(portal: plan.portal, kind: plan.kind, answers: answers))
    }

    /// Whoever worked on an application does not decide on it.
    func isOwnWork(of staff: StaffID) -> Bool {
        row.workedBy.contains(staff.rawValue)
    }
}
