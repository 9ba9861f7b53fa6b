import Access
import DeskKit
import Portals
import Postgres
import TestKit

@testable import Requests

extension StepCase {
    /// Lays aside until a day that lies ahead of every reader.
    private struct SnoozeLong: RequestCommand {
        static let right = SnoozeRequest.right

        let request: ClientRequestID

        func run(_ office: Office, in session: Session) throws {
            guard let day = CivilDate(iso: "2126-01-01") else { throw RequestRefusal.snoozeDay }
            try SnoozeRequest(request: request, until: day, reason: "Warsztat oddzwoni").run(office, in: session)
        }
    }

    private static let later: @Sendable (House, PortalProfile) async throws -> ClientRequestID = { house, portal in
        let id = try await new(.complaint)(house, portal)
        try await house.test.sql(
            """
            UPDATE client_request SET held_by = NULL, held_at = NULL, effective_due = '2126-12-31' WHERE id = \(id)
            """
        )
        return id
    }

    static let snoozing = [
        StepCase(
            .snooze,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "assessment",
            action: "request.snoozed",
            late: .notThere(.assessment),
            at: later,
            SnoozeLong.init(request:)
        ),
        StepCase(
            .wake,
            by: House.ewa,
            House.anna,
            never: House.olga,
            state: "assessment",
            action: "request.woken",
            late: .notThere(.assessment),
            at: { house, portal in
                let id = try await later(house, portal)
                try await house.test.sql(
                    "UPDATE client_request SET snoozed_until = '2126-01-01', snooze_reason = 'x' WHERE id = \(id)"
                )
                return id
            },
            WakeRequest.init(request:)
        ),
        StepCase(
            .reopen,
            by: House.anna,
            House.jan,
            never: House.ewa,
            state: "assessment",
            action: "request.reopened",
            late: .notThere(.assessment),
            at: granted(.instalmentChange)
        ) { ReopenRequest(request: $0, note: "Zaległość") },
    ]
}
