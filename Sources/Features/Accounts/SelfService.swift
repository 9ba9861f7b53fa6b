import Access
import Audit
import DeskKit
import Portals
import Postgres

/// What a signed-in client does without staff: own contact data and reminder settings (K19, A5, A6), and the company's
/// other users for whoever has the right (M4).
struct SelfService: Sendable {
    enum Refusal: Error, Sendable {
        case noSession
        /// The session waits for a password or a second step.
        case notNow
        /// Open payments keep this portal's clients from changing data without staff (A5).
        case arrears([OverdueItem])
        /// No contact of ours, or one that cannot be taken: which, is not told (L14).
        case contactRefused
        case contactPending
        /// No such user of this client, or not this user's to help.
        case noUser
        case userNotLocked
        case tooManyCodes
        /// The account acts for several clients, and none was named; or for none such.
        case chooseClient, noClient
        /// The user may not ask for this client.
        case noRight
        /// The portal has staff decide none of these; their names.
        case notOffered([String])
        case valueRefused([String])
    }

    struct ReminderSettings: Codable, Sendable {
        let remindBy: ReminderChannel
        let remindDaysBefore: Int?
    }

    enum ReminderChannel: String, Codable, CaseIterable, Sendable, PostgresValue {
        case sms, email, none
    }

    let room: AccountsRoom
    let sessions: AccountSessions
    let requests: any TakesDataChanges

    /// Another phone or e-mail: announced to the present contacts, in effect after the portal's wait. Throws `Refusal`.
    func changeContact(_ kind: ContactKind, _ typed: String, token: String, portal: PortalProfile) async throws {
        let command = room.contacts(portal)
        try await acting(token, portal) { row, session in
            try Self.refuseArrears(of: row.accountID, client: nil, portal, in: session)
            let today = try session.one(AccountsQueries.today, ["portal": portal.id])
            do {
                try command.askOneself(
                    .init(account: row.accountID, kind: kind, typed: typed, today: today),
                    in: session
                )
            } catch ContactRefusal.alreadyOpen {
                throw Refusal.contactPending
            } catch is ContactRefusal {
                throw Refusal.contactRefused
            }
        }
    }

    func settings(token: String, portal: PortalProfile) async throws -> ReminderSettings {
        try await acting(token, portal) { row, session in
            try session.one(AccountsQueries.reminderSettings, ["portal": portal.id, "account": row.accountID])
        }
    }

    /// Throws `Refusal`, `PostgresError`.
    func set(_ settings: ReminderSettings, token: String, portal: PortalProfile) async throws -> ReminderSettings {
        let trail = room.trail
        return try await acting(token, portal) { row, session in
            let whom: Parameters = ["portal": portal.id, "account": row.accountID]
            try session.run(
                AccountsQueries.setReminderSettings,
                whom.merging(["remind_by": settings.remindBy, "days": settings.remindDaysBefore]) { $1 }
            )
            try trail.record(
                "account.reminders_set",
                of: row.accountID,
                clients: try session.all(AccountsQueries.accessesOfAccount, whom).map(\.clientID),
                portal: portal.id,
                by: .account(row.accountID),
                facts: [
                    "channel": settings.remindBy.rawValue,
                    "days": settings.remindDaysBefore.map(String.init) ?? "–",
                ],
                in: session
            )
            return settings
        }
    }

    // MARK: the company's other users (M4)

    func users(token: String, portal: PortalProfile) async throws -> [CompanyUser] {
        try await acting(token, portal) { row, session in
            try session.all(AccountsQueries.companyUsers, ["portal": portal.id, "account": row.accountID])
        }
    }

    func unlock(_ user: AccountID, token: String, portal: PortalProfile) async throws {
        let (notices, trail) = (room.notices, room.trail)
        try await helping(user, token, portal) { row, held, clients, session in
            let whom: Parameters = ["portal": portal.id, "account": user]
            // A threat is staff's to end, and what staff locked stays locked.
            guard held.state == .locked, held.lockReason == "wrong_sign_ins",
                try session.run(AccountsQueries.unlock, whom) == 1
            else { throw Refusal.userNotLocked }
            try session.run(AccountsQueries.forgiveDevices, whom)
            try trail.record(
                "account.unlocked",
                of: user,
                clients: clients,
                portal: portal.id,
                by: .account(row.accountID),
                facts: ["reason": "company"],
                in: session
            )
            let holder = held.holder(clients.first)
            if let recipient = holder.recipient {
                try notices.send(kind: "accounts.unlocked", to: recipient, of: holder, portal: portal, in: session)
            }
        }
    }

    func sendTemporaryPassword(_ user: AccountID, token: String, portal: PortalProfile) async throws {
        let (letters, trail) = (room.letters, room.trail)
        try await helping(user, token, portal) { row, held, clients, session in
            let holder = held.holder(clients.first)
            guard held.state == .active || held.state == .invited, let recipient = holder.recipient else {
                throw Refusal.noUser
            }
            guard try letters.send(.temporaryPassword, to: recipient, of: holder, portal: portal, in: session) else {
                throw Refusal.tooManyCodes
            }
            try trail.record(
                "account.temporary_password",
                of: user,
                clients: clients,
                portal: portal.id,
                by: .account(row.accountID),
                facts: ["reason": "company", "channel": recipient.channel.rawValue],
                in: session
            )
        }
    }

    private func helping(
        _ user: AccountID,
        _ token: String,
        _ portal: PortalProfile,
        _ body: @escaping @Sendable (AccountSessionRow, HeldAccount, [ClientID], Session) throws -> Void
    ) async throws {
        try await acting(token, portal) { row, session in
            let known = try session.all(
                AccountsQueries.companyUsers,
                ["portal": portal.id, "account": row.accountID]
            )
            let whom: Parameters = ["portal": portal.id, "account": user]
            guard known.contains(where: { $0.id == user }),
                let held = try session.first(AccountsQueries.hold, whom)
            else { throw Refusal.noUser }
            let clients = try session.all(AccountsQueries.accessesOfAccount, whom).map(\.clientID)
            try body(row, held, clients, session)
        }
    }

    func acting<T: Sendable>(
        _ token: String,
        _ portal: PortalProfile,
        _ body: @escaping @Sendable (AccountSessionRow, Session) throws -> T
    ) async throws -> T {
        let sessions = sessions
        return try await room.desk.database.transaction(.portal(portal.id)) { session in
            guard let row = try sessions.use(token, portal: portal.id, in: session) else { throw Refusal.noSession }
            guard row.step == .full else { throw Refusal.notNow }
            return try body(row, session)
        }
    }
}

struct CompanyUser: Decodable, Sendable {
    let id: AccountID
    let login: String
    let personName: String
    let state: AccountState
}
