package import Audit
package import DeskKit
package import Portals
package import Postgres

/// The company code that goes before the logins of a company's users (M2, M3). Onboarding asks; Accounts keeps codes.
package protocol CompanyCodes: Sendable {
    /// Makes and keeps a new code for an application that was just approved. Asked once per application.
    func reserve(_ application: ApplicationID, portal: PortalID, in session: Session) throws

    /// The code in clear, for the one who holds the call task. Onboarding has written the audit row before it asks, in
    /// the same transaction, and shows nothing unless that commits.
    func reveal(_ application: ApplicationID, portal: PortalID, in session: Session) throws -> Redacted<String>
}

/// Makes the client of an approved application. Clients does it.
package protocol ActivatesClients: Sendable {
    /// Finds the client with this tax number (else register, else personal number) in the portal and adopts it, or
    /// creates a provisional one; its contacts become trusted, since they stand on a signed paper.
    func adoptOrCreate(_ client: ClientDraft, by actor: Actor, in session: Session) throws -> ClientID
}

/// Makes the portal users of an approved application. Accounts does it.
package protocol ActivatesAccounts: Sendable {
    /// Opens or finds the accounts, gives each its access to the client, binds the application's company code to the
    /// client where there is one, issues one first-sign-in code per new account and enqueues its message to the phone
    /// of the application (to the e-mail where there is no phone). All or nothing.
    /// Throws `ActivationRefusal` where the application has to be mended.
    func activate(
        _ users: [UserDraft],
        client: ClientID,
        application: ApplicationID,
        portal: PortalID,
        by actor: Actor,
        in session: Session
    ) throws -> [ActivatedAccount]
}

/// The client as the signed paper gives it; numbers and phones normalised and checked.
package struct ClientDraft: Hashable, Sendable {
    package struct Contact: Hashable, Sendable {
        package enum Kind: String, Codable, CaseIterable, Sendable { case phone, email }

        package let kind: Kind
        /// E.164 with its plus, or an address.
        package let value: String
    }

    package struct Number: Hashable, Sendable {
        package let kind: String
        package let value: String
    }

    package let portal: PortalID
    package let application: ApplicationID
    package let kind: ClientKind
    package let name: String
    /// ISO 3166-1 alpha-2.
    package let country: String
    /// BCP 47, one of the portal's.
    package let language: String
    /// All numbers of the paper by the words of `Identifiers`, in the order of the portal's profile.
    package let numbers: [Number]
    package let taxNumber: String?
    package let registerNumber: String?
    package let personalNumber: String?
    package let address: String?
    package let contacts: [Contact]
}

/// One portal user of the application.
package struct UserDraft: Hashable, Sendable {
    package enum ReminderChannel: String, Codable, CaseIterable, Sendable { case sms, email, none }

    /// By the portal's login kind: nine digits (K1), the user's login within the company (M3), or an e-mail (L3).
    package let login: String
    package let name: String
    /// E.164 with its plus; nil only where the portal signs in by e-mail.
    package let phone: String?
    package let email: String?
    package let rights: [UserRight]
    package let language: String
    /// The user's own number of days before a due date; nil leaves it to the portal's rule.
    package let remindDaysBefore: Int?
    package let remindBy: ReminderChannel
    /// M11: an SMS password may be sent to this user.
    package let smsPassword: Bool
}

/// What became of one user of the application, in the order given.
package struct ActivatedAccount: Hashable, Sendable {
    package let account: AccountID
    package let login: String
    /// False where the account was there before (L6) and only its access is new; then no code was sent.
    package let isNew: Bool

    package init(account: AccountID, login: String, isNew: Bool) {
        self.account = account
        self.login = login
        self.isNew = isNew
    }
}

/// Why the accounts cannot be made as the application says; `user` counts from 0.
package enum ActivationRefusal: Error, Hashable, Sendable {
    case loginTaken(user: Int)
    case phoneMissing(user: Int)
}
