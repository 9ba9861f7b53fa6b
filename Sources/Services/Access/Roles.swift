import Postgres

/// What a member of staff is at a portal.
package enum Role: String, Codable, CaseIterable, Sendable, PostgresValue {
    case helpdesk
    case accountManager = "account_manager"
    case verifier
    case privacyOfficer = "privacy_officer"
    case scheduler
    case auditor
    case administrator
}

/// Which role has which rights: the one place that says so.
package enum Roles {
    /// Every right with the roles that hold it, room by room.
    package static let table: [(right: Right, roles: Set<Role>)] = [
        (.clientsView, Set(Role.allCases)),
        (.clientsReveal, [.helpdesk, .accountManager, .verifier, .privacyOfficer]),
        (.clientsImport, [.administrator]),
        (.onboardingView, [.helpdesk, .accountManager, .verifier, .auditor]),
        (.onboardingPrepare, [.accountManager]),
        (.onboardingApprove, [.verifier]),
        (.onboardingCall, [.helpdesk, .accountManager]),
        (.accountsView, [.helpdesk, .accountManager, .verifier, .privacyOfficer, .auditor]),
        (.accountsLock, [.helpdesk, .accountManager]),
        (.accountsUnlock, [.helpdesk, .accountManager]),
        (.accountsPassword, [.helpdesk]),
        (.accountsSessions, [.helpdesk, .accountManager]),
        (.accountsContact, [.helpdesk, .accountManager]),
        (.accountsContactApprove, [.verifier, .accountManager]),
        (.accountsAccess, [.accountManager]),
        (.accountsDeactivate, [.accountManager]),
        (.accountsThreat, [.helpdesk, .accountManager, .privacyOfficer]),
        (.identityVerify, [.helpdesk, .accountManager, .verifier, .privacyOfficer]),
        (.requestsErase, [.privacyOfficer]),
        (.requestsApproveErasure, [.verifier, .privacyOfficer]),
        (.requestsRetained, [.privacyOfficer]),
        (.requestsView, [.helpdesk, .accountManager, .verifier, .privacyOfficer, .auditor]),
        (.requestsHandle, [.helpdesk, .accountManager, .privacyOfficer]),
        (.requestsDecide, [.verifier, .privacyOfficer]),
        (.requestsExecute, [.accountManager, .privacyOfficer]),
        (.remindersView, [.scheduler, .auditor, .helpdesk, .accountManager, .verifier]),
        (.remindersRules, [.scheduler]),
        (.remindersApprove, [.scheduler, .verifier]),
        (.messagingView, [.helpdesk, .accountManager, .scheduler, .auditor, .privacyOfficer]),
        (.messagingDecide, [.scheduler, .helpdesk]),
        (.messagingResend, [.helpdesk]),
        (.messagingInbox, Set(Role.allCases)),
        (.messagingProviders, [.administrator]),
        (.messagingTemplates, [.scheduler]),
        (.messagingHours, [.scheduler]),
        (.operationsView, [.scheduler, .auditor, .administrator]),
        (.operationsJobs, [.scheduler]),
        (.operationsSending, [.scheduler, .administrator]),
        (.textsView, [.privacyOfficer, .verifier, .auditor, .administrator, .helpdesk, .accountManager]),
        (.textsWrite, [.privacyOfficer]),
        (.textsApprove, [.verifier, .privacyOfficer]),
        (.textsConsents, [.privacyOfficer, .helpdesk, .accountManager]),
        (.auditView, [.auditor, .administrator, .privacyOfficer]),
        (.accessStaff, [.administrator]),
        (.portalsEdit, [.administrator]),
        (.calendarsView, [.administrator, .scheduler, .privacyOfficer, .auditor]),
        (.calendarsEdit, [.administrator]),
    ]

    /// Everything that somebody with these roles may do.
    package static func rights(of roles: Set<Role>) -> Set<Right> {
        Set(table.lazy.filter { !$0.roles.isDisjoint(with: roles) }.map(\.right))
    }
}
