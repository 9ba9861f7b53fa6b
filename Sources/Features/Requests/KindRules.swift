package import Audit
package import DeskKit
import DeskWeb
package import Portals
package import Postgres

/// What one kind of request adds to the shell: which steps it takes, what stands against it, and what is done.
package protocol KindRules: Sendable {
    var kind: RequestKind { get }
    /// Whether somebody must have proved to be the client before the request is assessed.
    var needsIdentity: Bool { get }
    /// Whether a second person decides; without it an answer closes the request.
    var needsDecision: Bool { get }

    /// What keeps it from being granted now, read in the session of whoever asks.
    func obstacles(to request: ClientRequest, in session: Session) throws -> [Obstacle]

    /// Where a granted request goes, and until when the client may take it back.
    func afterGrant(
        _ request: ClientRequest,
        _ portal: PortalProfile
    ) -> (state: RequestState, coolingUntil: CivilDate?)

    /// Does what was decided, in the transaction that says so; answers where the request stands then. Throws
    /// `ExecutionStopped` when it cannot be done now.
    func execute(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws -> RequestState
}

extension KindRules {
    package func obstacles(to request: ClientRequest, in session: Session) throws -> [Obstacle] { [] }

    package func afterGrant(
        _ request: ClientRequest,
        _ portal: PortalProfile
    ) -> (state: RequestState, coolingUntil: CivilDate?) {
        (.executing, nil)
    }
}

/// Who carries out a request, and where.
package struct RequestAct: Sendable {
    package let portal: PortalProfile
    package let actor: Audit.Actor
    let book: RequestBook
    package let reference: String?

    /// Nil where a job or the client acts.
    var staff: StaffID? {
        if case .staff(let id, _) = actor { id } else { nil }
    }
}

/// Why a decided request was not carried out; nothing of it was written.
package struct ExecutionStopped: Error, Equatable, Sendable {
    package let obstacles: [Obstacle]

    package init(obstacles: [Obstacle]) {
        self.obstacles = obstacles
    }
}

/// One thing that stands against a request.
package struct Obstacle: Decodable, Hashable, Sendable {
    package enum Kind: String, Codable, CaseIterable, Sendable {
        /// A contract that has not ended.
        case contract
        /// A thing of an ended contract that was not given back or bought.
        case asset
        /// An amount to be paid, due or not.
        case invoice, instalment
        /// Another request of the client that is still open.
        case request
        /// The client's data were erased already, all or but for what is kept.
        case erasure
    }

    package let kind: Kind
    /// The contract's, invoice's or request's number, as the client knows it.
    package let number: String
    package let dueOn: CivilDate?
    package let amountMinor: Int64?
    package let currency: String?
}

/// The rules of all kinds. A kind without rules of its own is answered like a question.
struct RequestKinds: Sendable {
    private let rules: [RequestKind: any KindRules]

    init(_ rules: [any KindRules]) {
        self.rules = Dictionary(uniqueKeysWithValues: rules.map { ($0.kind, $0) })
    }

    subscript(kind: RequestKind) -> any KindRules {
        rules[kind] ?? PlainRules(kind: kind)
    }
}

/// Complaint, fault report and contact are answered by one person; the rest needs an identity and a second person.
struct PlainRules: KindRules {
    let kind: RequestKind

    var needsIdentity: Bool {
        switch kind {
        case .complaint, .faultReport, .contact, .other: false
        case .dataChange, .accountDeletion, .erasure, .accessCopy, .instalmentChange: true
        }
    }

    var needsDecision: Bool {
        switch kind {
        case .complaint, .faultReport, .contact: false
        case .dataChange, .accountDeletion, .erasure, .accessCopy, .instalmentChange, .other: true
        }
    }

    /// Tells the client what was decided, with what the decision's letter is to say.
    func execute(_ request: ClientRequest, _ act: RequestAct, in session: Session) throws -> RequestState {
        let draft = try act.book.draft(.granted, about: request, act.portal, in: session)
        try act.book.letters.send(draft, about: request, act.portal, by: act.staff, in: session)
        return .closed
    }
}
