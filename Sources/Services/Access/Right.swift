/// A task that somebody may be entitled to at a portal, `module.task`. `Roles` says which role has which.
package struct Right: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package var description: String { name }
    /// The room it belongs to, "accounts".
    package var module: Substring { name.prefix { $0 != "." } }

    package static func < (left: Right, right: Right) -> Bool { left.name < right.name }
}

extension Right {
    package static let clientsView = Right("clients.view")
    package static let clientsReveal = Right("clients.reveal")
    package static let clientsImport = Right("clients.import")
    package static let onboardingView = Right("onboarding.view")
    package static let onboardingPrepare = Right("onboarding.prepare")
    package static let onboardingApprove = Right("onboarding.approve")
    package static let onboardingCall = Right("onboarding.call")
    package static let accountsView = Right("accounts.view")
    package static let accountsLock = Right("accounts.lock")
    package static let accountsUnlock = Right("accounts.unlock")
    package static let accountsPassword = Right("accounts.password")
    package static let accountsSessions = Right("accounts.sessions")
    package static let accountsContact = Right("accounts.contact")
    package static let accountsContactApprove = Right("accounts.contact_approve")
    package static let accountsAccess = Right("accounts.access")
    package static let accountsDeactivate = Right("accounts.deactivate")
    package static let accountsThreat = Right("accounts.threat")
    package static let identityVerify = Right("identity.verify")
    package static let requestsErase = Right("requests.erase")
    package static let requestsApproveErasure = Right("requests.approve_erasure")
    package static let requestsRetained = Right("requests.retained")
    package static let requestsView = Right("requests.view")
    package static let requestsHandle = Right("requests.handle")
    package static let requestsDecide = Right("requests.decide")
    package static let requestsExecute = Right("requests.execute")
    package static let remindersView = Right("reminders.view")
    package static let remindersRules = Right("reminders.rules")
    package static let remindersApprove = Right("reminders.approve")
    package static let operationsView = Right("operations.view")
    package static let operationsJobs = Right("operations.jobs")
    package static let operationsSending = Right("operations.sending")
    package static let messagingView = Right("messaging.view")
    package static let messagingDecide = Right("messaging.decide")
    package static let messagingResend = Right("messaging.resend")
    package static let messagingInbox = Right("messaging.inbox")
    package static let messagingProviders = Right("messaging.providers")
    package static let messagingTemplates = Right("messaging.templates")
    package static let messagingHours = Right("messaging.hours")
    package static let textsView = Right("texts.view")
    package static let textsWrite = Right("texts.write")
    package static let textsApprove = Right("texts.approve")
    package static let textsConsents = Right("texts.consents")
    package static let auditView = Right("audit.view")
    package static let accessStaff = Right("access.staff")
    package static let portalsEdit = Right("portals.edit")
    package static let calendarsView = Right("calendars.view")
    package static let calendarsEdit = Right("calendars.edit")
}
