import DeskKit
import Portals
import Postgres

/// A payment that is overdue, as the client is told of it.
struct OverdueItem: Decodable, Sendable {
    /// `invoice` or `instalment`.
    let kind: String
    let number: String
    let dueOn: CivilDate
    let amountMinor: Int64
    let currency: String
    /// Whether the user's rights let them see it.
    let isShown: Bool
}

extension SelfService {
    /// What a client asks to be changed; staff decide it (K19, A5).
    struct DataChangeForm: Decodable, Sendable {
        struct Change: Decodable, Sendable {
            let field: ClientDatum
            let value: String
        }

        /// Which client, for whoever acts for several.
        let client: Int64?
        let changes: [Change]
        let contract: String?
        let note: String?
    }

    /// So long may a value or a note be.
    static let longestValue = 500

    /// Takes the change in as a request. Throws `Refusal`, `DataChangeRefusal`, `PostgresError`.
    func changeData(_ form: DataChangeForm, token: String, portal: PortalProfile) async throws -> TakenRequest {
        let requests = requests
        return try await acting(token, portal) { row, session in
            let access = try Self.access(form.client, of: row.accountID, portal, in: session)
            let wish = try Self.decide(form, row, access, portal)
            try Self.refuseArrears(of: row.accountID, client: access.clientID, portal, in: session)
            return try requests.take(wish, portal: portal, in: session)
        }
    }

    /// The wish as it is taken in. Throws `Refusal`.
    static func decide(
        _ form: DataChangeForm,
        _ row: AccountSessionRow,
        _ access: AccessRow,
        _ portal: PortalProfile
    ) throws(Refusal) -> DataChangeWish {
        guard access.rights.contains(UserRight.requests.rawValue) else { throw .noRight }
        let fields = form.changes.map(\.field)
        guard !fields.isEmpty, Set(fields).count == fields.count else { throw .valueRefused(["changes"]) }
        let offered = portal.rules.staffDecides ?? []
        let strange = fields.filter { !offered.contains($0) }
        guard strange.isEmpty else { throw .notOffered(strange.map(\.rawValue)) }
        let values = form.changes.map { DataChangeWish.Change(datum: $0.field, value: $0.value.trimmingBlanks) }
        let wrong = values.filter { !isSound($0.value) || $0.value.isEmpty }.map(\.datum.rawValue)
        let others = [("contract", form.contract), ("note", form.note)].filter { !isSound($0.1 ?? "") }.map(\.0)
        guard wrong.isEmpty, others.isEmpty else { throw .valueRefused(wrong + others) }
        return DataChangeWish(
            account: row.accountID,
            client: access.clientID,
            personName: row.personName,
            language: row.language,
            changes: values,
            contract: form.contract?.trimmingBlanks,
            note: form.note?.trimmingBlanks ?? ""
        )
    }

    private static func isSound(_ text: String) -> Bool {
        text.count <= longestValue
            && text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control }
    }

    private static func access(
        _ client: Int64?,
        of account: AccountID,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> AccessRow {
        let held = try session.all(AccountsQueries.accessesOfAccount, ["portal": portal.id, "account": account])
        guard let client else {
            guard held.count == 1, let only = held.first else { throw Refusal.chooseClient }
            return only
        }
        guard let chosen = held.first(where: { $0.clientID.rawValue == client }) else { throw Refusal.noClient }
        return chosen
    }

    /// With `client` only that one's payments count. Throws `Refusal.arrears` with what the user may see of them.
    static func refuseArrears(
        of account: AccountID,
        client: ClientID?,
        _ portal: PortalProfile,
        in session: Session
    ) throws {
        guard portal.rules.arrearsBlockSelfService else { return }
        let overdue = try session.all(
            AccountsQueries.overdueItems,
            ["portal": portal.id, "account": account, "client": client]
        )
        guard overdue.isEmpty else { throw Refusal.arrears(overdue.filter(\.isShown)) }
    }
}
