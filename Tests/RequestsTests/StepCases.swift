import DeskKit
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

/// One step of the shell: where it may be taken, by whom, and what it leaves behind.
struct StepCase: Sendable, CustomTestStringConvertible {
    let step: Step
    /// Two who may take it, and one who may not.
    let one: House.Who
    let other: House.Who
    let stranger: House.Who
    /// A request at which it may be taken.
    let prepare: @Sendable (House, PortalProfile) async throws -> ClientRequestID
    let take: @Sendable (House, ClientRequestID, House.Who, PortalProfile) async throws -> Void
    /// Where the request stands then, and the last line of its trail.
    let state: String
    let action: String
    /// What the second of two hears; nil where there is nothing left to do and nothing to tell.
    let late: RequestRefusal?

    var testDescription: String { step.rawValue }

    init<Command: RequestCommand>(
        _ step: Step,
        by one: House.Who,
        _ other: House.Who,
        never stranger: House.Who,
        state: String,
        action: String,
        late: RequestRefusal?,
        at prepare: @escaping @Sendable (House, PortalProfile) async throws -> ClientRequestID,
        _ command: @escaping @Sendable (ClientRequestID) -> Command
    ) {
        self.step = step
        self.one = one
        self.other = other
        self.stranger = stranger
        self.state = state
        self.action = action
        self.late = late
        self.prepare = prepare
        take = { house, id, who, portal in _ = try await house.perform(command(id), as: who, portal) }
    }

    static let all = holding + handling + waiting + deciding + snoozing

    static func new(_ kind: RequestKind) -> @Sendable (House, PortalProfile) async throws -> ClientRequestID {
        { house, portal in try await house.takenIn(kind, try await house.client(portal), portal) }
    }

    static func proposed(
        _ kind: RequestKind
    ) -> @Sendable (House, PortalProfile) async throws -> ClientRequestID {
        { house, portal in try await house.proposed(kind, try await house.client(portal), portal) }
    }

    static func granted(
        _ kind: RequestKind
    ) -> @Sendable (House, PortalProfile) async throws -> ClientRequestID {
        { house, portal in
            let id = try await house.proposed(kind, try await house.client(portal), portal)
            _ = try await house.grant(id, portal)
            return id
        }
    }

    static func assessed(
        _ kind: RequestKind,
        debt: Bool = false
    ) -> @Sendable (House, PortalProfile) async throws -> ClientRequestID {
        { house, portal in
            let client = try await house.client(portal)
            if debt { try await house.debt(client, portal) }
            let id = try await house.takenIn(kind, client, portal)
            try await house.perform(ConfirmIdentity(request: id, method: .callBack), as: House.ewa, portal)
            return id
        }
    }

    private static let holding = [
        StepCase(
            .take,
            by: House.anna,
            House.anna,
            never: House.olga,
            state: "assessment",
            action: "request.taken",
            late: nil,
            at: { house, portal in
                let id = try await new(.complaint)(house, portal)
                try await house.test.sql("UPDATE client_request SET held_by = NULL, held_at = NULL")
                return id
            },
            TakeRequest.init(request:)
        ),
        StepCase(
            .release,
            by: House.anna,
            House.jan,
            never: House.olga,
            state: "assessment",
            action: "request.released",
            late: nil,
            at: new(.complaint),
            ReleaseRequest.init(request:)
        ),
    ]

    private static let handling = [
        StepCase(
            .identity,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "assessment",
            action: "request.identity_confirmed",
            late: .notThere(.assessment),
            at: new(.dataChange)
        ) { ConfirmIdentity(request: $0, method: .callBack) },
        StepCase(
            .propose,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "decision",
            action: "request.proposed",
            late: .notThere(.decision),
            at: assessed(.instalmentChange)
        ) { ProposeRequest(request: $0, outcome: .granted, reason: .goodwill, note: "") },
        StepCase(
            .answer,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "closed",
            action: "request.answered",
            late: .notThere(.closed),
            at: new(.faultReport)
        ) { AnswerRequest(request: $0, answer: "Naprawione.") },
        StepCase(
            .block,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "blocked",
            action: "request.blocked",
            late: .notThere(.blocked),
            at: assessed(.accountDeletion, debt: true),
            BlockRequest.init(request:)
        ),
        StepCase(
            .look,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "assessment",
            action: "request.unblocked",
            late: .notThere(.assessment),
            at: { house, portal in
                let id = try await assessed(.accountDeletion, debt: true)(house, portal)
                try await house.perform(BlockRequest(request: id), as: House.ewa, portal)
                try await house.test.sql("UPDATE instalment SET amount_minor = 0")
                return id
            },
            LookAgain.init(request:)
        ),
    ]

    private static let waiting = [
        StepCase(
            .pause,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "waiting_client",
            action: "request.paused",
            late: .notThere(.waitingClient),
            at: new(.complaint)
        ) { PauseRequest(request: $0, reason: .clarification, question: "Kiedy?") },
        StepCase(
            .resume,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "assessment",
            action: "request.resumed",
            late: .notThere(.assessment),
            at: paused,
            ResumeRequest.init(request:)
        ),
        StepCase(
            .extend,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "identity",
            action: "request.extended",
            late: .extendedBefore,
            at: new(.erasure)
        ) { ExtendRequest(request: $0, reason: .complex, text: "Wiele umów.") },
        StepCase(
            .withdraw,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "withdrawn",
            action: "request.withdrawn",
            late: .notThere(.withdrawn),
            at: paused,
            WithdrawRequest.init(request:)
        ),
        StepCase(
            .duplicate,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "duplicate",
            action: "request.duplicate",
            late: .notThere(.duplicate),
            at: { house, portal in
                let id = try await paused(house, portal)
                let client = ClientID(Int64(try await house.value("client_id", id) ?? "") ?? 0)
                let original = try await house.takenIn(.complaint, client, portal)
                #expect(original == ClientRequestID(2))
                return id
            },
            { MarkDuplicate(request: $0, original: ClientRequestID(2)) }
        ),
    ]

    private static let paused: @Sendable (House, PortalProfile) async throws -> ClientRequestID = { house, portal in
        let id = try await new(.complaint)(house, portal)
        try await house.perform(
            PauseRequest(request: id, reason: .clarification, question: "Kiedy?"),
            as: House.ewa,
            portal
        )
        return id
    }

    private static let deciding = [
        StepCase(
            .decide,
            by: House.piotr,
            House.jan,
            never: House.anna,
            state: "executing",
            action: "request.decided",
            late: .notThere(.executing),
            at: proposed(.instalmentChange)
        ) { DecideRequest(request: $0, outcome: .granted, reason: .goodwill, text: "") },
        StepCase(
            .return,
            by: House.piotr,
            House.jan,
            never: House.anna,
            state: "assessment",
            action: "request.returned",
            late: .notThere(.assessment),
            at: proposed(.instalmentChange)
        ) { ReturnRequest(request: $0, note: "Które raty?") },
        StepCase(
            .execute,
            by: House.anna,
            House.jan,
            never: House.ewa,
            state: "closed",
            action: "request.executed",
            late: .notThere(.closed),
            at: granted(.instalmentChange),
            ExecuteRequest.init(request:)
        ),
        StepCase(
            .confirm,
            by: House.anna,
            House.jan,
            never: House.ewa,
            state: "closed",
            action: "request.confirmed",
            late: .notThere(.closed),
            at: { house, portal in
                let id = try await granted(.dataChange)(house, portal)
                try await house.perform(ExecuteRequest(request: id), as: House.anna, portal)
                return id
            },
            ConfirmChanges.init(request:)
        ),
    ]
}
