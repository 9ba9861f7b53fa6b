import Access
import Audit
import DeskKit
import HTTPTypes
import Hummingbird
import Portals
import Postgres

/// The part of the portal API with which clients help themselves: recovery, links, own data, the company's other users.
struct PortalAPIHelp: Sendable {
    let room: AccountsRoom
    let sessions: AccountSessions
    let recover: Recover
    let selfService: SelfService

    func addRoutes(to group: RouterGroup<DeskContext>, _ api: PortalAPI) {
        group.post("recovery") { try await api.answering($0, $1, recovery) }
        group.post("links/redeem") { try await api.answering($0, $1, redeemLink) }
        group.post("contact-changes") { try await api.answering($0, $1, changeContact) }
        group.post("contact-changes/stop") { try await api.answering($0, $1, stopContact) }
        group.post("data-changes") { try await api.answering($0, $1, changeData) }
        group.get("reminders") { try await api.answering($0, $1, reminders) }
        group.put("reminders") { try await api.answering($0, $1, setReminders) }
        group.get("users") { try await api.answering($0, $1, users) }
        group.post("users/{user}/unlock") { request, context in
            try await api.answering(request, context) { try await unlock($0, context) }
        }
        group.post("users/{user}/temporary-password") { request, context in
            try await api.answering(request, context) { try await temporaryPassword($0, context) }
        }
    }

    private func recovery(_ call: APICall) async throws -> APIAnswer {
        do {
            try await recover(try call.body(), portal: call.portal)
            return .message("accounts.api.recovery_sent", .accepted)
        } catch is Recover.ByStaffOnly {
            throw APIProblem(.conflict, "recovery_by_staff")
        }
    }

    private func redeemLink(_ call: APICall) async throws -> APIAnswer {
        struct Body: Decodable { let token: String }
        let body: Body = try call.body()
        let portal = call.portal.id
        let opened = try await room.desk.database.transaction(.portal(portal)) { session -> OpenedSession? in
            guard let row = try room.letters.codes.redeemLink(body.token, portal: portal, in: session) else {
                return nil
            }
            try room.trail.record(
                "account.link_used",
                of: row.accountID,
                clients: try session.all(
                    AccountsQueries.accessesOfAccount,
                    ["portal": portal, "account": row.accountID]
                ).map(\.clientID),
                portal: portal,
                by: .account(row.accountID),
                in: session
            )
            return try sessions.open(.setPassword, for: row.accountID, portal: portal, in: session)
        }
        guard let opened else { throw APIProblem(.unauthorized, "link_used") }
        return .session(opened, .created)
    }

    private func changeContact(_ call: APICall) async throws -> APIAnswer {
        struct Body: Decodable {
            let kind: ContactKind
            let value: String
        }
        let body: Body = try call.body()
        let token = try call.token()
        try await refusing {
            try await selfService.changeContact(body.kind, body.value, token: token, portal: call.portal)
        }
        return .message("accounts.api.contact_asked", .accepted)
    }

    private func changeData(_ call: APICall) async throws -> APIAnswer {
        let form: SelfService.DataChangeForm = try call.body()
        let token = try call.token()
        do {
            return .taken(
                try await refusing { try await selfService.changeData(form, token: token, portal: call.portal) }
            )
        } catch let refusal as DataChangeRefusal {
            throw APIProblem(refusal == .pending ? .conflict : .unprocessableContent, refusal.rawValue)
        }
    }

    private func stopContact(_ call: APICall) async throws -> APIAnswer {
        struct Body: Decodable { let token: String }
        let body: Body = try call.body()
        let command = room.contacts(call.portal)
        let stopped = try await room.desk.database.transaction(.portal(call.portal.id)) {
            try command.stop(token: body.token, in: $0)
        }
        guard stopped else { throw APIProblem(.unauthorized, "link_used") }
        return .message("accounts.api.contact_stopped", .ok)
    }

    private func reminders(_ call: APICall) async throws -> APIAnswer {
        let token = try call.token()
        return .reminders(try await refusing { try await selfService.settings(token: token, portal: call.portal) })
    }

    private func setReminders(_ call: APICall) async throws -> APIAnswer {
        let body: SelfService.ReminderSettings = try call.body()
        guard body.remindDaysBefore.map({ (0...60).contains($0) }) ?? true else {
            throw APIProblem(.unprocessableContent, "out_of_range", lacks: ["remindDaysBefore"])
        }
        let token = try call.token()
        return .reminders(try await refusing { try await selfService.set(body, token: token, portal: call.portal) })
    }

    private func users(_ call: APICall) async throws -> APIAnswer {
        let token = try call.token()
        return .users(try await refusing { try await selfService.users(token: token, portal: call.portal) })
    }

    private func unlock(_ call: APICall, _ context: DeskContext) async throws -> APIAnswer {
        let (user, token) = (try user(context), try call.token())
        try await refusing { try await selfService.unlock(user, token: token, portal: call.portal) }
        return .message("accounts.api.user_unlocked", .ok)
    }

    private func temporaryPassword(_ call: APICall, _ context: DeskContext) async throws -> APIAnswer {
        let (user, token) = (try user(context), try call.token())
        try await refusing { try await selfService.sendTemporaryPassword(user, token: token, portal: call.portal) }
        return .message("accounts.api.password_sent", .accepted)
    }

    private func user(_ context: DeskContext) throws -> AccountID {
        guard let id = context.parameters.get("user").flatMap({ AccountID($0) }) else {
            throw APIProblem(.notFound, "no_user")
        }
        return id
    }

    private func refusing<T>(_ body: () async throws -> T) async throws -> T {
        do {
            return try await body()
        } catch let refusal as SelfService.Refusal {
            switch refusal {
            case .noSession: throw APIProblem(.unauthorized, "no_session")
            case .notNow: throw APIProblem(.conflict, "not_signed_in")
            case .arrears(let open): throw APIProblem(.conflict, "arrears", open: open)
            case .contactRefused: throw APIProblem(.unprocessableContent, "contact_refused", lacks: ["value"])
            case .contactPending: throw APIProblem(.conflict, "contact_pending")
            case .noUser: throw APIProblem(.notFound, "no_user")
            case .userNotLocked: throw APIProblem(.conflict, "user_not_locked")
            case .tooManyCodes: throw APIProblem(.tooManyRequests, "too_many_codes")
            case .chooseClient: throw APIProblem(.unprocessableContent, "choose_client", lacks: ["client"])
            case .noClient: throw APIProblem(.notFound, "no_client")
            case .noRight: throw APIProblem(.forbidden, "no_right")
            case .notOffered(let fields): throw APIProblem(.unprocessableContent, "not_offered", lacks: fields)
            case .valueRefused(let fields): throw APIProblem(.unprocessableContent, "value_refused", lacks: fields)
            }
        }
    }
}
