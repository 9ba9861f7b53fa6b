import DeskKit
package import Postgres

/// The statements of `sql/queries/onboarding.sql`.
package enum OnboardingQueries {
    static let addApplication = Query<ApplicationID>("onboarding.add_application")
    static let findApplication = Query<ApplicationRow>("onboarding.find_application")
    static let lockApplication = Query<ApplicationID>("onboarding.lock_application")
    static let saveForm = Query<Int>("onboarding.save_form")
    static let noteTyping = Statement("onboarding.note_typing")
    static let settleTyping = Statement("onboarding.settle_typing")
    static let submitApplication = Statement("onboarding.submit_application")
    static let decideApplication = Statement("onboarding.decide_application")
    static let closeApplication = Statement("onboarding.close_application")
    static let activateApplication = Statement("onboarding.activate_application")
    static let listApplications = Query<ApplicationLine>("onboarding.list_applications")
    static let countApplications = Query<StateCount>("onboarding.count_applications")
    static let remarksOfApplication = Query<Remark>("onboarding.remarks_of_application")
    static let addRemark = Statement("onboarding.add_remark")
    static let settleRemarks = Statement("onboarding.settle_remarks")
    static let addCall = Statement("onboarding.add_call")
    static let findCall = Query<CallRow>("onboarding.find_call")
    static let lockCall = Query<CallID>("onboarding.lock_call")
    static let holdCall = Statement("onboarding.hold_call")
    static let nextTimeFits = Query<Bool>("onboarding.next_time_fits")
    static let putCallOff = Statement("onboarding.put_call_off")
    static let finishCall = Statement("onboarding.finish_call")
    static let addCallAttempt = Statement("onboarding.add_call_attempt")
    static let callAttempts = Query<CallAttempt>("onboarding.call_attempts")
    static let listCalls = Query<CallLine>("onboarding.list_calls")
    static let findDuplicates = Query<Duplicate>("onboarding.find_duplicates")
    static let countTodo = Query<TodoCounts>("onboarding.count_todo")
    static let hasApplications = Query<Bool>("onboarding.has_applications")

    package static let all: [any QueryDescribing] = [
        addApplication, findApplication, lockApplication, saveForm, noteTyping, settleTyping, submitApplication,
        decideApplication, closeApplication, activateApplication, listApplications, countApplications,
        remarksOfApplication, addRemark,
        settleRemarks, addCall, findCall, lockCall, holdCall, nextTimeFits, putCallOff, finishCall, addCallAttempt,
        callAttempts, listCalls, findDuplicates, countTodo, hasApplications,
    ]
}

/// Where an application stands; the database holds the moves to the same table.
enum ApplicationState: String, Codable, CaseIterable, Sendable, PostgresValue {
    case draft, submitted, returned, approved, activated, refused, withdrawn

    /// Whether its form may be typed into.
    var isOpen: Bool { self == .draft || self == .returned }
}

struct ApplicationLine: Decodable, Sendable {
    let portalID: PortalID
    let id: ApplicationID
    let kind: String
    let state: ApplicationState
    let clientName: String
    let openedByName: String
    let changedAt: CivilDateTime
    let hereAndNow: CivilDateTime
    let remarks: Int
}

struct StateCount: Decodable, Sendable {
    let state: ApplicationState
    let n: Int
}

/// What a second person found fault with; `field` is `application` for the whole.
struct Remark: Decodable, Sendable {
    let id: Int64
    let field: String
    let reason: String
    let note: String
    let madeBy: String
    let madeAt: CivilDateTime
    let isSettled: Bool
}

struct Duplicate: Decodable, Sendable {
    enum Kind: String, Codable, CaseIterable, Sendable { case client, account }

    let kind: Kind
    let id: Int64
    let name: String
    let since: CivilDateTime
}

struct TodoCounts: Decodable, Sendable {
    let submitted: Int
    let returned: Int
    let calls: Int
}
