import DeskKit
package import Postgres

/// The statements of `sql/queries/access.sql`.
package enum AccessQueries {
    static let useSession = Query<SessionRow>("access.use_session")
    static let rolesOfStaff = Query<RoleRow>("access.roles_of_staff")
    static let findForSignIn = Query<SignInRow>("access.find_for_sign_in")
    static let spendBudget = Query<BudgetRow>("access.spend_budget")
    static let forgiveBudget = Statement("access.forgive_budget")
    static let returnBudget = Statement("access.return_budget")
    static let openSession = Statement("access.open_session")
    static let spendCodeTry = Query<CodeTryRow>("access.spend_code_try")
    static let pendingExists = Query<Bool>("access.pending_exists")
    static let useTOTPStep = Statement("access.use_totp_step")
    static let useRecoveryCode = Statement("access.use_recovery_code")
    static let countRecoveryCodes = Query<Int>("access.count_recovery_codes")
    static let endSession = Query<EndedRow>("access.end_session")
    static let endSessionsOfStaff = Statement("access.end_sessions_of_staff")
    static let ownSecrets = Query<OwnSecretsRow>("access.own_secrets")
    static let ownSessions = Query<OwnSessionRow>("access.own_sessions")
    static let endOtherSessions = Statement("access.end_other_sessions")
    static let changePassword = Statement("access.change_password")
    static let rememberDevice = Statement("access.remember_device")
    static let forgetDevices = Statement("access.forget_devices")
    static let storePassword = Statement("access.store_password")
    static let setLanguage = Statement("access.set_language")
    static let useFormKey = Statement("access.use_form_key")
    static let settleFormKey = Statement("access.settle_form_key")
    static let resultOfFormKey = Query<String>("access.result_of_form_key")
    static let queueForStaff = Query<Bool>("access.queue_for_staff")
    static let findStaff = Query<StaffRow>("access.find_staff")
    static let findStaffByLogin = Query<StaffRow>("access.find_staff_by_login")
    static let listStaff = Query<StaffRow>("access.list_staff")
    static let rolesOfMany = Query<StaffRoleRow>("access.roles_of_many")
    static let addStaff = Query<StaffID>("access.add_staff")
    static let addRole = Statement("access.add_role")
    static let removeRole = Statement("access.remove_role")
    static let portalsOnlyAdministeredBy = Query<PortalID>("access.portals_only_administered_by")
    static let disableStaff = Statement("access.disable_staff")
    static let resetStaff = Statement("access.reset_staff")
    static let voidLinks = Statement("access.void_links")
    static let addLink = Statement("access.add_link")
    static let findLink = Query<LinkRow>("access.find_link")
    static let useLink = Statement("access.use_link")
    static let activateStaff = Statement("access.activate_staff")
    static let forgetRecoveryCodes = Statement("access.forget_recovery_codes")
    static let addRecoveryCodes = Statement("access.add_recovery_codes")
    static let keyIDsInUse = Query<String>("access.key_ids_in_use")
    static let demoStaffExist = Query<Bool>("access.demo_staff_exist")
    static let sweepSessions = Statement("access.sweep_sessions")
    static let sweepBudgets = Statement("access.sweep_budgets")
    static let sweepFormKeys = Statement("access.sweep_form_keys")
    static let today = Query<CivilDate>("access.today")

    package static let all: [any QueryDescribing] = [
        useSession, rolesOfStaff, findForSignIn, spendBudget, forgiveBudget, returnBudget, openSession, spendCodeTry,
        pendingExists, useTOTPStep, useRecoveryCode, countRecoveryCodes, endSession, endSessionsOfStaff,
        ownSecrets, ownSessions, endOtherSessions, changePassword, rememberDevice, forgetDevices, storePassword,
        setLanguage, useFormKey, settleFormKey, resultOfFormKey, queueForStaff, findStaff, findStaffByLogin, listStaff,
        rolesOfMany, addStaff, addRole, removeRole,
        portalsOnlyAdministeredBy, disableStaff, resetStaff, voidLinks, addLink, findLink, useLink, activateStaff,
        forgetRecoveryCodes, addRecoveryCodes, keyIDsInUse, demoStaffExist, sweepSessions, sweepBudgets,
        sweepFormKeys, today,
    ]
}

/// Where a member of staff stands: `invited` until the set-up link was used.
package enum StaffState: String, Codable, CaseIterable, Sendable {
    case invited, active, disabled
}

struct SessionRow: Decodable, Sendable {
    let tokenHash: [UInt8]
    let id: StaffID
    let login: String
    let name: String
    let language: String
    let scope: String
}

struct RoleRow: Decodable, Sendable {
    let portalID: PortalID
    let role: Role
}

struct StaffRoleRow: Decodable, Sendable {
    let staffID: StaffID
    let portalID: PortalID
    let role: Role
}

struct SignInRow: Decodable, Sendable {
    let id: StaffID
    let state: StaffState
    let passwordHash: String?
    let knowsDevice: Bool
}

struct BudgetRow: Decodable, Sendable {
    let bucket: [UInt8]
    let spent: Int
}

struct CodeTryRow: Decodable, Sendable {
    let tokenHash: [UInt8]
    let id: StaffID
    let login: String
    let name: String
    let totpSecret: [UInt8]?
    let totpKeyID: String?
    let totpLastStep: Int64
    let knowsDevice: Bool
}

struct OwnSecretsRow: Decodable, Sendable {
    let id: StaffID
    let login: String
    let name: String
    let passwordHash: String?
    let totpSecret: [UInt8]?
    let totpKeyID: String?
    let totpLastStep: Int64
}

struct OwnSessionRow: Decodable, Sendable {
    let browser: String
    let isMine: Bool
    let began: CivilDateTime
    let seen: CivilDateTime
    let today: CivilDate
}

struct EndedRow: Decodable, Sendable {
    let id: StaffID
    let name: String
}

struct StaffRow: Decodable, Sendable {
    let id: StaffID
    let login: String
    let name: String
    let email: String?
    let language: String
    let state: StaffState
    let demo: Bool
    let version: Int
    let createdAt: CivilDateTime
}

struct LinkRow: Decodable, Sendable {
    let tokenHash: [UInt8]
    let id: StaffID
    let login: String
    let name: String
    let totpSecret: [UInt8]
    let totpKeyID: String
}
