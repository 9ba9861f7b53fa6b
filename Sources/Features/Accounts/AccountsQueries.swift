import DeskKit
package import Postgres

/// The statements of `sql/queries/accounts.sql`.
package enum AccountsQueries {
    static let reserveCompanyCode = Statement("accounts.reserve_company_code")
    static let findCompanyCode = Query<CompanyCodeRow>("accounts.find_company_code")
    static let companyCodeOfClient = Query<CompanyCodeRow>("accounts.company_code_of_client")
    static let bindCompanyCode = Statement("accounts.bind_company_code")
    static let clientOfCompanyCode = Query<ClientID?>("accounts.client_of_company_code")
    static let addAccount = Query<AccountID>("accounts.add_account")
    static let addAccess = Statement("accounts.add_access")
    static let addAccountTerms = Statement("accounts.add_account_terms")
    static let accountOfLogin = Query<AccountRow>("accounts.account_of_login")
    static let voidCodes = Statement("accounts.void_codes")
    static let addCode = Statement("accounts.add_code")
    static let codesLately = Query<Int>("accounts.codes_lately")
    static let spendTry = Query<CodeRow>("accounts.spend_try")
    static let useCode = Statement("accounts.use_code")
    static let spendSignIn = Query<Int>("accounts.spend_sign_in")
    static let hasLiveAccess = Query<Bool>("accounts.has_live_access")
    static let lockAfterWrongSignIns = Statement("accounts.lock_after_wrong_sign_ins")
    static let forgiveWrongSignIns = Statement("accounts.forgive_wrong_sign_ins")
    static let noteSignIn = Statement("accounts.note_sign_in")
    static let setPassword = Statement("accounts.set_password")
    static let openSession = Statement("accounts.open_session")
    static let useSession = Query<AccountSessionRow>("accounts.use_session")
    static let endSession = Statement("accounts.end_session")
    static let endSessionsOfAccount = Statement("accounts.end_sessions_of_account")
    static let accessesOfAccount = Query<AccessRow>("accounts.accesses_of_account")
    static let accountsOfClient = Query<ClientAccountRow>("accounts.accounts_of_client")
    static let accountDetail = Query<AccountDetailRow>("accounts.account_detail")
    static let findPortalKey = Query<Int64>("accounts.find_portal_key")
    static let addPortalKey = Query<Int64>("accounts.add_portal_key")
    static let revokePortalKey = Statement("accounts.revoke_portal_key")
    static let portalKeys = Query<PortalKeyRow>("accounts.portal_keys")
    static let keyIDsInUse = Query<String>("accounts.key_ids_in_use")
    static let accountsOfApplications = Query<OpenedRow>("accounts.accounts_of_applications")

    package static let all: [any QueryDescribing] = [
        accountsOfApplications,
        reserveCompanyCode, findCompanyCode, companyCodeOfClient, bindCompanyCode, clientOfCompanyCode, addAccount,
        addAccess, addAccountTerms, accountOfLogin, voidCodes, addCode, codesLately, spendTry, useCode, spendSignIn,
        lockAfterWrongSignIns, forgiveWrongSignIns, noteSignIn, setPassword, openSession, useSession, endSession,
        endSessionsOfAccount, accessesOfAccount, accountsOfClient, accountDetail, findPortalKey, addPortalKey,
        revokePortalKey, portalKeys, keyIDsInUse, hasLiveAccess,
    ]
}

/// What an account may be: `invited` until its first password, then `active`; `locked` keeps where it came from.
package enum AccountState: String, Codable, CaseIterable, Sendable {
    case invited, active, locked, closed
}

/// What a session of a client may do next.
enum SessionStep: String, Codable, CaseIterable, Sendable, PostgresValue {
    case setPassword = "set_password"
    case secondStep = "second_step"
    case full
}

/// What a one-use code is for.
enum CodePurpose: String, Sendable, PostgresValue {
    case firstSignIn = "first_sign_in"
    case secondStep = "second_step"
    case temporaryPassword = "temporary_password"
    case activationLink = "activation_link"
    case recoveryCode = "recovery_code"
    case recoveryLink = "recovery_link"
}

struct CompanyCodeRow: Decodable, Sendable {
    let sealed: [UInt8]
    let keyID: String
    let applicationID: ApplicationID
}

struct AccountRow: Decodable, Sendable {
    let id: AccountID
    let state: AccountState
    let login: String
    let personName: String
    let phone: String?
    let email: String?
    let language: String
    let smsPassword: Bool
    let passwordHash: String?
    let wrongSignIns: Int
    let realm: Int64
}

struct CodeRow: Decodable, Sendable {
    let id: Int64
    let codeHash: [UInt8]
}

struct AccountSessionRow: Decodable, Sendable {
    let accountID: AccountID
    let step: SessionStep
    let login: String
    let personName: String
    let language: String
    let state: AccountState
    let phone: String?
    let email: String?
    let passwordHash: String?
}

struct AccessRow: Decodable, Sendable {
    let clientID: ClientID
    let name: String
    let customerNumber: String?
    let rights: [String]
}

struct ClientAccountRow: Decodable, Sendable {
    let id: AccountID
    let login: String
    let personName: String
    let phone: String?
    let email: String?
    let state: AccountState
    let lockReason: String?
    let rights: [String]
    let lastSignIn: CivilDateTime?
    let codeUntil: CivilDateTime?
}

struct AccountDetailRow: Decodable, Sendable {
    let id: AccountID
    let realm: Int64
    let login: String
    let state: AccountState
    let personName: String
    let phone: String?
    let email: String?
    let language: String
    let smsPassword: Bool
    let wrongSignIns: Int
    let lockReason: String?
    let remindDaysBefore: Int?
    let remindBy: String
    let applicationID: ApplicationID?
    let locked: CivilDateTime?
    let lastSignIn: CivilDateTime?
    let created: CivilDateTime
}

struct PortalKeyRow: Decodable, Sendable {
    let id: Int64
    let name: String
    let created: CivilDateTime
    let revoked: CivilDateTime?
}

struct OpenedRow: Decodable, Sendable {
    let login: String
    let state: String
    let applicationID: ApplicationID
}
