import DeskKit
import FoundationEssentials
package import Postgres

/// The statements of `sql/queries/accounts_actions.sql`, `accounts_contacts.sql` and `accounts_lists.sql`.
extension AccountsQueries {
    static let openChanges = Query<OpenChangeLine>("accounts_lists.open_changes")
    static let incidents = Query<IncidentLine>("accounts_lists.incidents")
    static let hold = Query<HeldAccount>("accounts_actions.hold")
    static let lock = Statement("accounts_actions.lock")
    static let unlock = Statement("accounts_actions.unlock")
    static let markThreat = Statement("accounts_actions.mark_threat")
    static let touch = Statement("accounts_actions.touch")
    static let close = Statement("accounts_actions.close")
    static let voidAllCodes = Statement("accounts_actions.void_all_codes")
    static let forgiveDevices = Statement("accounts_actions.forgive_devices")
    static let forgetDevices = Statement("accounts_actions.forget_devices")
    static let endAccesses = Statement("accounts_actions.end_accesses")
    static let endAccess = Statement("accounts_actions.end_access")
    static let hasAccess = Query<Bool>("accounts_actions.has_access")
    static let clientOfNumber = Query<NamedClient>("accounts_actions.client_of_number")
    static let contactOfClient = Query<ClientContact>("accounts_actions.contact_of_client")
    static let clientName = Query<String>("accounts_actions.client_name")
    static let openIncident = Query<Int64>("accounts_actions.open_incident")
    static let closeIncident = Statement("accounts_actions.close_incident")
    static let incidentOfAccount = Query<IncidentRow>("accounts_actions.incident_of_account")
    static let standings = Query<StandingRow>("accounts_actions.standings")
    static let useLink = Query<LinkRow>("accounts_actions.use_link")
    static let contactIsInUse = Query<Bool>("accounts_contacts.is_in_use")
    static let askContact = Query<Int64>("accounts_contacts.ask")
    static let approveContact = Query<Date>("accounts_contacts.approve")
    static let askContactOneself = Query<AskedContact>("accounts_contacts.ask_oneself")
    static let declineContact = Statement("accounts_contacts.decline")
    static let stopContact = Statement("accounts_contacts.stop")
    static let stopAllChanges = Statement("accounts_contacts.stop_all")
    static let contactOfStopLink = Query<ContactRow>("accounts_contacts.of_stop_link")
    static let holdContact = Query<ContactRow>("accounts_contacts.hold_change")
    static let openContacts = Query<OpenContact>("accounts_contacts.open_of_account")
    static let contactEffective = Query<CivilDateTime>("accounts_contacts.effective")
    static let applyContact = Statement("accounts_contacts.apply")
    static let lapseContact = Statement("accounts_contacts.lapse")
    static let setContact = Statement("accounts_contacts.set_contact")
    static let dropAccountTerms = Statement("accounts_contacts.drop_terms")
    static let voidCodesOfOldContact = Statement("accounts_contacts.void_codes_of_old_contact")
    static let accessesToWarn = Query<WindowRow>("accounts_window.to_warn")
    static let noteWarning = Statement("accounts_window.note_warning")
    static let accessesToEnd = Query<WindowRow>("accounts_window.to_end")
    static let endAccessByWindow = Statement("accounts_window.end_access")
    static let spendDevice = Statement("accounts_self.spend_device")
    static let seeDevice = Statement("accounts_self.see_device")
    static let addDevice = Statement("accounts_self.add_device")
    static let overdueItems = Query<OverdueItem>("accounts_self.overdue_items")
    static let reminderSettings = Query<SelfService.ReminderSettings>("accounts_self.reminder_settings")
    static let setReminderSettings = Statement("accounts_self.set_reminder_settings")
    static let companyUsers = Query<CompanyUser>("accounts_self.company_users")
    static let today = Query<CivilDate>("accounts_contacts.today")

    package static let actions: [any QueryDescribing] = [
        openChanges, incidents,
        hold, lock, unlock, markThreat, touch, close, voidAllCodes, forgiveDevices, forgetDevices, endAccesses,
        endAccess, hasAccess, clientOfNumber, contactOfClient, clientName, openIncident, closeIncident,
        incidentOfAccount, standings, useLink, contactIsInUse, askContact, approveContact, askContactOneself,
        declineContact, stopContact, stopAllChanges, contactOfStopLink, holdContact, openContacts, contactEffective,
        applyContact, lapseContact,
        setContact, dropAccountTerms, voidCodesOfOldContact, today, accessesToWarn,
        spendDevice,
        seeDevice, addDevice, overdueItems, reminderSettings, setReminderSettings, companyUsers, noteWarning,
        accessesToEnd, endAccessByWindow,
    ]
}

/// An account, held until the end of the transaction that decides about it.
struct HeldAccount: Decodable, Sendable {
    let id: AccountID
    let version: Int
    let state: AccountState
    let lockReason: String?
    let login: String
    let personName: String
    let phone: String?
    let email: String?
    let language: String
    let smsPassword: Bool
    let realm: Int64
    /// After wrong sign-ins no password is looked at for a while.
    let isWaiting: Bool
    let hasIncident: Bool

    func holder(_ client: ClientID?) -> AccountNotices.Holder {
        AccountNotices.Holder(
            account: id,
            client: client,
            login: login,
            language: language,
            phone: phone,
            email: email
        )
    }
}

struct NamedClient: Decodable, Sendable {
    let clientID: ClientID
    let name: String
}

struct ClientContact: Decodable, Sendable {
    let language: String
    let phone: String?
    let email: String?
}

struct LinkRow: Decodable, Sendable {
    let accountID: AccountID
    let purpose: String
}

struct IncidentRow: Decodable, Sendable {
    let id: Int64
    let reason: String
    let sessionsEnded: Int
    let codesVoided: Int
    let openedBy: String
    let opened: CivilDateTime
}

/// Everything that may keep somebody from signing in.
struct StandingRow: Decodable, Sendable {
    let id: AccountID
    let version: Int
    let state: AccountState
    let lockReason: String?
    let login: String
    let personName: String
    let wrongSignIns: Int
    let smsPassword: Bool
    let phone: String?
    let email: String?
    let locked: CivilDateTime?
    let waitUntil: CivilDateTime?
    let lastSignIn: CivilDateTime?
    let hasAccess: Bool
    let codeUntil: CivilDateTime?
    let messageID: MessageID?
    let messageKind: String?
    let messageState: String?
    let sessions: Int
    let devices: Int
    let hasIncident: Bool
    let today: CivilDate

    static func find(_ account: AccountID, portal: PortalID, in session: Session) throws -> StandingRow? {
        try session.all(
            AccountsQueries.standings,
            ["portal": portal, "account": account, "client": ClientID?.none?.rawValue]
        ).first
    }

    static func all(of client: ClientID, portal: PortalID, in session: Session) throws -> [StandingRow] {
        try session.all(
            AccountsQueries.standings,
            ["portal": portal, "account": AccountID?.none?.rawValue, "client": client]
        )
    }
}

enum ContactState: String, Codable, CaseIterable, Sendable {
    case asked, waiting, applied, stopped, declined, lapsed
}

struct ContactRow: Decodable, Sendable {
    let id: Int64
    let accountID: AccountID
    let clientID: ClientID?
    let kind: ContactKind
    let oldValue: String?
    let newValue: String
    let askedBy: StaffID?
    let state: ContactState
}

struct AskedContact: Decodable, Sendable {
    let id: Int64
    let effectiveAt: Date
}

/// A change that is not settled, as the account's page shows it.
struct OpenContact: Decodable, Sendable {
    let id: Int64
    let kind: ContactKind
    let oldValue: String?
    let newValue: String
    let reason: String
    let state: ContactState
    let askedBy: StaffID?
    let askedByName: String?
    let asked: CivilDateTime
    let effective: CivilDateTime?
}
