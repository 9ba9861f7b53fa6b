import DeskKit
package import Postgres

/// The statements of `sql/queries/requests.sql`.
package enum RequestsQueries {
    static let clockRule = Query<ClockRule>("requests.clock_rule")
    static let termEnd = Query<CivilDate>("requests.term_end")
    static let addRequest = Query<ClientRequestID>("requests.add_request")
    static let findRequest = Query<ClientRequest>("requests.find_request")
    static let lockRequest = Query<ClientRequestID>("requests.lock_request")
    static let moveRequest = Statement("requests.move_request")
    static let holdRequest = Statement("requests.hold_request")
    static let snoozeRequest = Statement("requests.snooze_request")
    static let takeNext = Query<RequestPlace>("requests.take_next")
    static let confirmIdentity = Statement("requests.confirm_identity")
    static let proposeRequest = Statement("requests.propose_request")
    static let decideRequest = Statement("requests.decide_request")
    static let executeRequest = Statement("requests.execute_request")
    static let pauseRequest = Statement("requests.pause_request")
    static let addPause = Statement("requests.add_pause")
    static let endPause = Query<PauseLength>("requests.end_pause")
    static let reopenRequest = Statement("requests.reopen_request")
    static let openPause = Query<PauseRow>("requests.open_pause")
    static let setDue = Statement("requests.set_due")
    static let extendRequest = Statement("requests.extend_request")
    static let markDuplicate = Statement("requests.mark_duplicate")
    static let addLetter = Query<Int64>("requests.add_letter")

    static let findLetter = Query<LetterRow>("requests.find_letter")
    static let keepPrint = Statement("requests.keep_print")
    static let today = Query<CivilDate>("requests.today")
    static let clientCard = Query<ClientCard>("requests.client_card")
    static let emailOfClient = Query<String>("requests.email_of_client")
    static let contractOfClient = Query<ContractID>("requests.contract_of_client")
    static let contractOfNumber = Query<ContractID>("requests.contract_of_number")
    static let openChange = Query<ClientRequestID>("requests_changes.open_change")
    static let addChange = Statement("requests_changes.add_change")
    static let openItems = Query<Obstacle>("requests_changes.open_items")
    static let unfinished = Query<Obstacle>("requests_changes.unfinished")
    static let dueTonight = Query<ClientRequestID>("requests_changes.due_tonight")
    static let lapsePause = Statement("requests_changes.lapse_pause")
    static let putInForce = Statement("requests_changes.put_in_force")
    static let confirmByPerson = Statement("requests_changes.confirm_by_person")
    static let confirmByBook = Statement("requests_changes.confirm_by_book")
    static let unconfirmed = Query<Int>("requests_changes.unconfirmed")

    package static let all: [any QueryDescribing] = [
        clockRule, termEnd, addRequest, findRequest, lockRequest, moveRequest, holdRequest, snoozeRequest,
        takeNext, confirmIdentity,
        proposeRequest, decideRequest, executeRequest, pauseRequest, addPause, endPause, openPause, setDue,
        extendRequest, markDuplicate, addLetter, findLetter, keepPrint, today, clientCard, emailOfClient,
        contractOfClient, addChange, openItems, unfinished, dueTonight, lapsePause, putInForce, confirmByPerson,
        confirmByBook, unconfirmed, contractOfNumber, openChange, reopenRequest,
    ]
}

/// The pause that is on; its letter went out on the day it began.
struct PauseRow: Decodable, Sendable {
    let id: Int64
    let reason: PauseReason
    let startedOn: CivilDate
    /// Whether its letter is on its way, or was posted: only then does the silence count.
    let hasLeft: Bool
}

/// For how long a pause stopped the clock; not at all where its letter never left.
struct PauseLength: Decodable, Sendable {
    let days: Int
    let workingDays: Int
}

/// The client as forms and letters need it.
struct ClientCard: Decodable, Sendable {
    let id: ClientID
    let name: String
    let kind: String
    let language: String
    let address: String?
    let email: String?
}

/// Which request of which portal.
struct RequestPlace: Decodable, Sendable {
    let portalID: PortalID
    let id: ClientRequestID
}
