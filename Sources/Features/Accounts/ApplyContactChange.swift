import Audit
import DeskKit
import FoundationEssentials
import Identifiers
import Identity
package import JobRunner
import Portals
import Postgres

/// Puts a change of contact into effect when its wait is over and nobody stopped it. Looks again whether the contact is
/// still free; codes on their way to the old one are void, sessions end.
package struct ApplyContactChange: JobHandler {
    package static let kind = "accounts.contact_change"

    struct Order: Codable, Sendable {
        let change: Int64
    }

    let portals: PortalDirectory
    let notices: AccountNotices
    let trail: AccountTrail

    package func run(_ job: JobContext) async throws -> JobOutcome {
        let order = try job.decode(Order.self)
        return try await job.transaction { session in
            guard let portal = try portals.find(job.portal, in: session) else { return .cancel(reason: "no_portal") }
            return try apply(order.change, portal, in: session)
        }
    }

    func apply(_ id: Int64, _ portal: PortalProfile, in session: Session) throws -> JobOutcome {
        let place: Parameters = ["portal": portal.id, "change": id]
        guard let change = try session.first(AccountsQueries.holdContact, place), change.state == .waiting else {
            return .cancel(reason: "settled")
        }
        let whom: Parameters = ["portal": portal.id, "account": change.accountID]
        let row = try session.first(AccountsQueries.hold, whom)
        let clients = try session.all(AccountsQueries.accessesOfAccount, whom).map(\.clientID)
        let login = change.kind.login(change.newValue, portal: portal)
        let isTaken = try session.one(
            AccountsQueries.contactIsInUse,
            whom.merging([
                "kind": change.kind, "value": change.newValue, "login": login ?? change.newValue,
            ]) { $1 }
        )
        guard let row, row.state != .closed, !isTaken else {
            try session.run(AccountsQueries.lapseContact, place)
            try record("account.contact_lapsed", change, clients, portal, in: session)
            if let row, row.state != .closed { try tellLapsed(change, row.holder(clients.first), portal, in: session) }
            return .cancel(reason: isTaken ? "in_use" : "closed")
        }
        guard try session.run(AccountsQueries.applyContact, place) == 1 else { return .delay(.seconds(60)) }
        try session.run(
            AccountsQueries.setContact,
            whom.merging(["kind": change.kind, "value": change.newValue, "login": login]) { $1 }
        )
        try session.run(AccountsQueries.dropAccountTerms, whom)
        try session.run(AccountsQueries.addAccountTerms, whom)
        try session.run(AccountsQueries.voidCodesOfOldContact, whom)
        try session.run(AccountsQueries.endSessionsOfAccount, whom)
        try record("account.contact_changed", change, clients, portal, in: session)
        let holder = AccountNotices.Holder(
            account: change.accountID,
            client: clients.first,
            login: login ?? row.login,
            language: row.language,
            phone: change.kind == .phone ? change.newValue : nil,
            email: change.kind == .email ? change.newValue : nil
        )
        for recipient in holder.everywhere {
            try notices.send(kind: "accounts.contact_changed", to: recipient, of: holder, portal: portal, in: session)
        }
        return .done
    }

    /// Where the change was announced; why it lapsed is not told, since that would tell of another account.
    private func tellLapsed(
        _ change: ContactRow,
        _ holder: AccountNotices.Holder,
        _ portal: PortalProfile,
        in session: Session
    ) throws {
        for recipient in holder.everywhere {
            try notices.send(
                kind: "accounts.contact_lapsed",
                to: recipient,
                of: holder,
                portal: portal,
                values: ["hint": change.kind.identifier.masked(change.newValue)],
                in: session
            )
        }
    }

    private func record(
        _ action: String,
        _ change: ContactRow,
        _ clients: [ClientID],
        _ portal: PortalProfile,
        in session: Session
    ) throws {
        try trail.record(
            action,
            of: change.accountID,
            clients: clients,
            portal: portal.id,
            by: .job(name: Self.kind),
            facts: ["kind": change.kind.rawValue],
            in: session
        )
    }
}
