import Audit
import DeskKit
import DeskWeb
package import JobRunner
import Messaging
import Portals
import Postgres

/// Ends accesses so many days after the client's last contract did, as the portal's profile says (K12), and warns
/// before. Whoever has a contract, signed or running, is spared. By `jobs/accounts.access_window.yml`.
package struct AccessWindow: JobHandler {
    package static let kind = "accounts.access_window"
    package static var timeout: Duration { .seconds(900) }
    /// So many accesses are handled in one transaction.
    static let chunk = 200

    let portals: PortalDirectory
    let notices: AccountNotices
    let trail: AccountTrail

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let order = try job.decode(RunOrder.self)
        var handled = Self.chunk
        while handled == Self.chunk {
            handled = try await job.transaction { session in
                guard let portal = try portals.find(job.portal, in: session) else { return 0 }
                return try step(portal, on: order.date, in: session)
            }
        }
        return .done
    }

    /// One chunk: ends first, then warnings; answers how many were handled. A portal without a window has none.
    func step(_ portal: PortalProfile, on today: CivilDate, in session: Session) throws -> Int {
        guard let days = portal.rules.accessWindowDays else { return 0 }
        let place: Parameters = ["portal": portal.id, "days": days, "today": today, "limit": Self.chunk]
        let ending = try session.all(AccountsQueries.accessesToEnd, place)
        for row in ending { try end(row, days, portal, in: session) }
        guard ending.count < Self.chunk else { return ending.count }
        let warn = place.merging(["warn": portal.rules.callerRules.accessWarnDays]) { $1 }
        let warning = try session.all(AccountsQueries.accessesToWarn, warn)
        for row in warning { try announce(row, portal, in: session) }
        return warning.count
    }

    private func end(_ row: WindowRow, _ days: Int, _ portal: PortalProfile, in session: Session) throws {
        let one: Parameters = [
            "portal": portal.id, "account": row.accountID, "client": row.clientID, "days": days,
            "ends_on": row.endsOn,
        ]
        guard try session.run(AccountsQueries.endAccessByWindow, one) == 1 else { return }
        let whom: Parameters = ["portal": portal.id, "account": row.accountID]
        if try !session.one(AccountsQueries.hasLiveAccess, whom) {
            try session.run(AccountsQueries.endSessionsOfAccount, whom)
        }
        try record(action: "access.window_ended", row, portal, in: session)
        try tell(kind: "accounts.access_ended", row, portal, in: session)
    }

    private func announce(_ row: WindowRow, _ portal: PortalProfile, in session: Session) throws {
        try session.run(
            AccountsQueries.noteWarning,
            [
                "portal": portal.id, "account": row.accountID, "client": row.clientID, "ends_on": row.endsOn,
                "announced_day": row.announcedDay,
            ]
        )
        try record(action: "account.access_ends", row, portal, in: session)
        try tell(kind: "accounts.access_ends", row, portal, in: session)
    }

    private func record(action: String, _ row: WindowRow, _ portal: PortalProfile, in session: Session) throws {
        try trail.record(
            action,
            of: row.accountID,
            clients: [row.clientID],
            portal: portal.id,
            by: .job(name: Self.kind),
            facts: ["day": row.announcedDay.iso],
            in: session
        )
    }

    private func tell(kind: String, _ row: WindowRow, _ portal: PortalProfile, in session: Session) throws {
        let holder = AccountNotices.Holder(
            account: row.accountID,
            client: row.clientID,
            login: row.login,
            language: row.language,
            phone: row.phone,
            email: row.email
        )
        guard let recipient = holder.recipient else { return }
        try notices.send(
            kind: kind,
            to: recipient,
            of: holder,
            portal: portal,
            values: ["day": notices.words(row.language).date(row.announcedDay)],
            in: session
        )
    }
}

/// An access near its end, or past it.
struct WindowRow: Decodable, Sendable {
    let accountID: AccountID
    let clientID: ClientID
    /// The day that follows from the contracts.
    let endsOn: CivilDate
    /// The day that the client was told, or is told now.
    let announcedDay: CivilDate
    let login: String
    let language: String
    let phone: String?
    let email: String?
}
