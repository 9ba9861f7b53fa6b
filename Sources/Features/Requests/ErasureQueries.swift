import DeskKit
package import Postgres

/// The statements of `sql/queries/requests_erasure.sql`.
package enum ErasureQueries {
    static let installRegister = Query<Int>("requests_erasure.install_register")
    static let holdClient = Query<ClientID>("requests_erasure.hold_client")
    static let findErasure = Query<Erasure>("requests_erasure.find_erasure")
    static let lockErasure = Query<ErasureID>("requests_erasure.lock_erasure")
    static let addErasure = Query<ErasureID>("requests_erasure.add_erasure")
    static let renewErasure = Statement("requests_erasure.renew_erasure")
    static let clearLines = Statement("requests_erasure.clear_lines")
    static let addLines = Statement("requests_erasure.add_lines")
    static let setHash = Statement("requests_erasure.set_hash")
    static let liveHash = Query<String>("requests_erasure.live_hash")
    static let approveErasure = Statement("requests_erasure.approve_erasure")
    static let returnErasure = Statement("requests_erasure.return_erasure")
    static let dropErasure = Statement("requests_erasure.drop_erasure")
    static let eraseClient = Query<String>("requests_erasure.erase_client")
    static let continueErasure = Query<String>("requests_erasure.continue_erasure")
    static let replayErasure = Query<String>("requests_erasure.replay_erasure")
    static let earlierErasures = Query<Obstacle>("requests_erasure.earlier_erasures")
    static let openRequest = Query<ErasureRequest>("requests_erasure.open_request")
    static let leaveRequestPartial = Statement("requests_erasure.leave_request_partial")
    static let closePartialRequest = Statement("requests_erasure.close_partial_request")
    static let dueErasures = Query<DueErasure>("requests_erasure.due_erasures")
    static let linesOfErasure = Query<ErasureLine>("requests_erasure.lines_of_erasure")
    static let runningContracts = Query<String>("requests_erasure.running_contracts")
    static let holdsOfClient = Query<ErasureHold>("requests_erasure.holds_of_client")
    static let placeHold = Query<Int64>("requests_erasure.place_hold")
    static let releaseHold = Statement("requests_erasure.release_hold")
    static let restrictionOfClient = Query<ClientRestriction>("requests_erasure.restriction_of_client")
    static let subjectOfErasure = Query<ErasureSubject>("requests_erasure.subject_of_erasure")

    package static let all: [any QueryDescribing] = [
        earlierErasures,
        installRegister, holdClient, findErasure, lockErasure, addErasure, renewErasure, clearLines, addLines, setHash,
        liveHash, approveErasure, returnErasure, dropErasure, eraseClient, continueErasure, replayErasure, openRequest,
        leaveRequestPartial, closePartialRequest, dueErasures,
        linesOfErasure, runningContracts, holdsOfClient, placeHold, releaseHold, restrictionOfClient, subjectOfErasure,
    ]
}
