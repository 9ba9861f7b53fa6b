import Access
import Audit
import DeskKit
import Documents
import Postgres
import Secrets
import Synchronization
import TestKit

@testable import Onboarding
@testable import Portals

/// A Polish portal with company codes, its staff, and neighbours that only write down what they are asked.
struct Desktop: Sendable {
    let test: TestDatabase
    let neighbours: RecordingNeighbours
    let documents: DocumentsService
    let audit: AuditTrail
    let keys: KeyRing

    static let anna = staff(1, "Anna Nowak", [.accountManager])
    static let piotr = staff(2, "Piotr Lis", [.verifier, .accountManager])
    static let ewa = staff(3, "Ewa Wilk", [.helpdesk])
    static let jan = staff(4, "Jan Kos", [.helpdesk])
    static let olga = staff(5, "Olga Sowa", [.auditor])

    static func staff(_ id: Int64, _ name: String, _ roles: Set<Role>) -> StaffContext {
        StaffContext(id: StaffID(id), login: "s\(id)", name: name, language: "en", roles: [PortalID(1): roles])
    }

    static func make() async throws -> Desktop {
        let test = try await TestDatabase.make()
        try await test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'ebok', 'eBOK', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', '{}'),
                (2, 'two', 'Two', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}');
            INSERT INTO staff (login, name) VALUES ('anna', 'Anna Nowak'), ('piotr', 'Piotr Lis'), ('ewa', 'Ewa Wilk'),
                ('jan', 'Jan Kos'), ('olga', 'Olga Sowa');
            INSERT INTO client (portal_id, kind, name, country, language) VALUES (1, 'company', 'Adopted', 'PL', 'pl');
            """
        )
        let keys = try KeyRing.ephemeral()
        return Desktop(
            test: test,
            neighbours: RecordingNeighbours(),
            documents: DocumentsService(keys: keys),
            audit: AuditTrail(keyRing: keys),
            keys: keys
        )
    }

    static func portal(
        _ login: LoginKind = .companyCode,
        kinds: [ApplicationKind] = [.portalUsers, .office],
        id: Int16 = 1
    ) -> PortalProfile {
        PortalProfile(
            id: PortalID(id),
            version: 1,
            identity: PortalIdentity(
                key: id == 1 ? "ebok" : "two",
                name: "eBOK",
                country: "PL",
                timeZone: "Europe/Warsaw",
                currency: "PLN",
                languages: ["pl", "en"]
            ),
            rules: rules(login, kinds)
        )
    }

    private static func rules(_ login: LoginKind, _ kinds: [ApplicationKind]) -> PortalRules {
        PortalRules(
            loginKind: login,
            secondStep: .smsFirst,
            passwordRule: PasswordRule(minLength: 8, needsLetters: true, needsDigits: true),
            codeMinutes: 5,
            codeTries: 5,
            firstCodeChannel: .sms,
            firstCodeHours: 72,
            temporaryPasswordMinutes: 60,
            lockAfter: 5,
            accessWindowDays: 90,
            endedContractsVisibleDays: nil,
            arrearsBlockSelfService: false,
            userRights: [.contracts, .invoices, .users],
            applicationKinds: kinds,
            regulationsVersion: "2026-03",
            identifiers: ClientIdentifiers(company: ["pl_nip", "pl_regon"], soleTrader: ["pl_nip"], person: []),
            documents: DocumentChecklists(
                portalUsers: [.signedApplication, .identityDocument],
                office: [.questionnaire]
            ),
            contactDeadline: Deadline(number: 2, unit: .calendar),
            senders: Senders(sms: "eBOK", emailName: "eBOK", emailAddress: "a@ebok.example"),
            support: [],
            transliteratesSMS: false,
            reminders: ReminderDefaults(paymentDaysBefore: 3, insuranceDaysBefore: [30], channel: .sms)
        )
    }

    func office(_ staff: StaffContext, _ portal: PortalProfile = Desktop.portal()) -> Office {
        Office(
            portal: portal,
            staff: staff,
            neighbours: Office.Neighbours(
                audit: audit,
                documents: documents,
                codes: neighbours,
                clients: neighbours,
                accounts: neighbours
            ),
            reference: nil
        )
    }

    func perform<Command: OnboardingCommand>(
        _ command: Command,
        as staff: StaffContext,
        _ portal: PortalProfile = Desktop.portal()
    ) async throws -> Command.Outcome {
        try await office(staff, portal).perform(command, test.database)
    }

    /// The actions of the trail about an application, oldest first.
    func trail(_ id: ApplicationID) async throws -> [String] {
        try await test.sql(
            "SELECT action FROM audit_event WHERE subject_kind = 'application' AND subject_id = \(id) ORDER BY id"
        ).compactMap { $0.first ?? nil }
    }

    func state(_ id: ApplicationID) async throws -> String? {
        try await test.value("SELECT state FROM application WHERE id = \(id)")
    }
}

/// A recording double, not the real rooms: it notes what Onboarding asks and refuses when told to.
final class RecordingNeighbours: CompanyCodes, ActivatesClients, ActivatesAccounts {
    struct Record {
        var reserved: [ApplicationID] = []
        var clients: [ClientDraft] = []
        var users: [UserDraft] = []
        var refusal: ActivationRefusal?
    }

    let record = Mutex(Record())

    func reserve(_ application: ApplicationID, portal: PortalID, in session: Session) throws {
        record.withLock { $0.reserved.append(application) }
    }

    func reveal(_ application: ApplicationID, portal: PortalID, in session: Session) throws -> Redacted<String> {
        Redacted("AB12CD34")
    }

    func adoptOrCreate(_ client: ClientDraft, by actor: Audit.Actor, in session: Session) throws -> ClientID {
        record.withLock { $0.clients.append(client) }
        return ClientID(1)
    }

    func activate(
        _ users: [UserDraft],
        client: ClientID,
        application: ApplicationID,
        portal: PortalID,
        by actor: Audit.Actor,
        in session: Session
    ) throws -> [ActivatedAccount] {
        try record.withLock { record in
            if let refusal = record.refusal { throw refusal }
            record.users = users
        }
        return users.enumerated().map {
            ActivatedAccount(account: AccountID(Int64($0 + 1)), login: $1.login, isNew: true)
        }
    }
}
