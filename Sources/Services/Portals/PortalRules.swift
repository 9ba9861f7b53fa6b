import Identifiers
import Postgres

/// How a portal works: column `portal.profile`, in JSON under the same names.
package struct PortalRules: Sendable, Hashable, Codable {
    // Signing in.
    package var loginKind: LoginKind
    package var secondStep: SecondStep
    package var passwordRule: PasswordRule
    /// How long a second-step code is good for, and how many tries a code stands before it is void.
    package var codeMinutes: Int
    package var codeTries: Int
    /// Where the one-use code for the first sign-in goes, and for how long it is good.
    package var firstCodeChannel: Channel
    package var firstCodeHours: Int
    /// How long a temporary password is good for (K2).
    package var temporaryPasswordMinutes: Int
    /// How many wrong sign-ins in a row lock an account.
    package var lockAfter: Int
    // What a client sees and does.
    /// Days of access after the last contract ended (K12); nil leaves access open.
    package var accessWindowDays: Int?
    /// Days for which an ended contract is still shown, read-only (L7); nil shows it for ever.
    package var endedContractsVisibleDays: Int?
    /// Whether a client with arrears is kept from changing data without staff (A5).
    package var arrearsBlockSelfService: Bool
    /// What clients ask to be changed through the portal and staff decide (A5). Phone and e-mail are not among it: they
    /// are changed by the client's own hand after the portal's wait (K19).
    package var staffDecides: [ClientDatum]?
    /// The rights that an application can give a user.
    package var userRights: [UserRight]
    // Taking in a paper application.
    package var applicationKinds: [ApplicationKind]
    package var regulationsVersion: String
    package var identifiers: ClientIdentifiers
    package var documents: DocumentChecklists
    // Being in touch.
    package var contactDeadline: Deadline
    /// Nil where the portal answers complaints and fault reports as it answers a contact.
    package var requestDeadlines: RequestDeadlines?
    package var senders: Senders
    package var support: [SupportLine]
    /// Whether text messages are written without diacritics, so that they fit into fewer parts.
    package var transliteratesSMS: Bool
    package var reminders: ReminderDefaults
    // Being called.
    package var callers: CallerRules?
}

/// What a client types to say who they are.
package enum LoginKind: String, Codable, CaseIterable, Sendable {
    /// The registered mobile number (K1).
    case phone
    /// The company's code and the user's login (M3).
    case companyCode
    /// The contract's e-mail (L3).
    case email

    /// A login as pages show it: masked where it is a phone or an address.
    package func masked(_ login: String) -> String {
        switch self {
        case .phone: IdentifierKind.phone.masked(login)
        case .email: IdentifierKind.email.masked(login)
        case .companyCode: login
        }
    }
}

/// What is asked for after the password.
package enum SecondStep: String, Codable, CaseIterable, Sendable {
    case none
    /// A code by SMS at the first sign-in only.
    case smsFirst
    /// A code by SMS at every sign-in.
    case smsEach
    /// A code by e-mail at every sign-in (L3).
    case emailEach
}

/// A portal's rule for its clients' own passwords (K4).
package struct PasswordRule: Sendable, Hashable, Codable {
    package var minLength: Int
    package var needsLetters: Bool
    package var needsDigits: Bool

    package init(minLength: Int, needsLetters: Bool, needsDigits: Bool) {
        self.minLength = minLength
        self.needsLetters = needsLetters
        self.needsDigits = needsDigits
    }
}

/// How a message goes out.
package enum Channel: String, Codable, CaseIterable, Sendable, PostgresValue {
    case sms, email
}

/// Which signed forms a portal takes.
package enum ApplicationKind: String, Codable, CaseIterable, Sendable {
    /// Users of a company: approval, call with the company code, activation (M1, M2).
    case portalUsers = "portal_users"
    /// The client is at the counter: activation after approval, on the spot (A1).
    case office
}

/// What an account may do for a client.
package enum UserRight: String, Codable, CaseIterable, Sendable {
    case contracts, invoices, insurance, requests
    /// Unlocks, resets and registers the company's other users (M4, A13).
    case users
    /// Sees the own car only (A13).
    case driver
}

/// A term that counts days of the calendar or working days of the portal's country (L10).
package struct Deadline: Sendable, Hashable, Codable {
    package enum Unit: String, Codable, CaseIterable, Sendable {
        case calendar, working
    }

    package var number: Int
    package var unit: Unit

    package init(number: Int, unit: Unit) {
        self.number = number
        self.unit = unit
    }
}
