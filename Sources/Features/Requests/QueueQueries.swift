package import DeskKit
import Messaging
import Postgres

/// The statements of `sql/queries/requests_queue.sql`.
enum QueueQueries {
    static let listOpen = Query<QueueLine>("requests_queue.list_open")
    static let listEnded = Query<QueueLine>("requests_queue.list_ended")
    static let countViews = Query<ViewCounts>("requests_queue.count_views")
    static let requestsOfClient = Query<ClientRequestLine>("requests_queue.requests_of_client")
    static let lettersOfRequest = Query<LetterLine>("requests_queue.letters_of_request")
    static let findPrint = Query<PrintRow>("requests_queue.find_print")
    static let changesOfRequest = Query<ChangeRow>("requests_queue.changes_of_request")
    static let contractsOfClient = Query<ContractChoice>("requests_queue.contracts_of_client")
    static let mainSystemTasks = Query<MainSystemTask>("requests_queue.main_system_tasks")
    static let viewsOfStaff = Query<SavedView>("requests_queue.views_of_staff")
    static let addView = Query<Int64>("requests_queue.add_view")
    static let removeView = Statement("requests_queue.remove_view")
    static let clientsWithEmail = Query<ClientCard>("requests_queue.clients_with_email")
    static let pendingChanges = Query<PendingChange>("requests_queue.pending_changes")

    static let all: [any QueryDescribing] = [
        listOpen, listEnded, countViews, requestsOfClient, lettersOfRequest, findPrint, changesOfRequest,
        contractsOfClient, pendingChanges, mainSystemTasks, clientsWithEmail, viewsOfStaff, addView, removeView,
    ]
}

struct QueueLine: Decodable, Sendable {
    let portalID: PortalID
    let id: ClientRequestID
    let kind: RequestKind
    let state: RequestState
    let clientID: ClientID?
    let clientName: String?
    let requesterName: String
    let effectiveDue: CivilDate
    let internalDue: CivilDate
    let heldBy: StaffID?
    let heldByName: String?
    let snoozedUntil: CivilDate?
    let today: CivilDate

    /// How urgent it is; it follows from the date alone, so that the list stays in one order.
    enum Severity: String, CaseIterable, Sendable {
        case overdue, soon, later
        /// For the client, or for something to end.
        case waiting
    }

    var severity: Severity {
        if [.waitingClient, .blocked, .coolingOff].contains(state) { return .waiting }
        return switch today.days(to: effectiveDue) {
        case ..<0: .overdue
        case 0...3: .soon
        default: .later
        }
    }
}

struct ViewCounts: Decodable, Sendable {
    let everything: Int
    let mine: Int
    let unassigned: Int
    let waiting: Int
    let second: Int
    let overdue: Int
    let running: Int
    let snoozed: Int
}

/// What the queue shows; the URL says it.
enum QueueView: String, CaseIterable, Sendable {
    case all, mine, unassigned, waiting, second, overdue, snoozed, running, ended

    func count(_ counts: ViewCounts) -> Int? {
        switch self {
        case .all: counts.everything
        case .mine: counts.mine
        case .unassigned: counts.unassigned
        case .waiting: counts.waiting
        case .second: counts.second
        case .overdue: counts.overdue
        case .snoozed: counts.snoozed
        case .running: counts.running
        case .ended: nil
        }
    }
}

/// A view of the queue that somebody keeps under a name.
struct SavedView: Decodable, Sendable {
    let id: Int64
    let name: String
    let view: String
    let kind: String?

    /// A view that this version knows no more shows everything.
    var filter: QueueFilter {
        QueueFilter(view: QueueView(rawValue: view) ?? .all, kind: kind.flatMap { RequestKind(rawValue: $0) })
    }
}

/// One value that the main system is to be told of.
struct MainSystemTask: Decodable, Sendable {
    let portalID: PortalID
    let requestID: ClientRequestID
    let field: ChangeField
    let contractNumber: String?
    let clientID: ClientID
    let clientName: String
    let since: CivilDate
    let today: CivilDate
}

/// A request as the client's page lists it.
package struct ClientRequestLine: Decodable, Sendable {
    package let id: ClientRequestID
    package let kind: RequestKind
    package let state: RequestState
    package let receivedOn: CivilDate
    package let effectiveDue: CivilDate
    package let isOpen: Bool
    package let today: CivilDate
}

struct LetterLine: Decodable, Sendable {
    let id: Int64
    let kind: LetterKind
    let isPrinted: Bool
    let recipientHint: String?
    let messageState: MessageState?
    let madeAt: CivilDateTime
    let madeBy: String?
}

struct PrintRow: Decodable, Sendable {
    let keySubjectKind: String
    let keySubjectID: Int64
    let printed: [UInt8]?
}

struct ChangeRow: Decodable, Sendable {
    let field: ChangeField
    let oldValue: String?
    let newValue: String
    let contractNumber: String?
    let isInForce: Bool
    let isConfirmed: Bool
}

struct ContractChoice: Decodable, Sendable {
    let id: ContractID
    let number: String
}
