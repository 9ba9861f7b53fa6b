import DeskKit

@testable import Portals

/// Portals; of their rules only the days of the insurance reminders matter here.
enum Fixture {
    static let portal = PortalProfile(
        id: PortalID(1),
        version: 1,
        identity: PortalIdentity(
            key: "warsaw",
            name: "Warsaw",
            country: "PL",
            timeZone: "Europe/Warsaw",
            currency: "PLN",
            languages: ["pl"]
        ),
        rules: rules
    )
    static let other = PortalProfile(
        id: PortalID(2),
        version: 1,
        identity: PortalIdentity(
            key: "pecs",
            name: "Pécs",
            country: "HU",
            timeZone: "Europe/Budapest",
            currency: "HUF",
            languages: ["hu"]
        ),
        rules: rules
    )

    private static let rules = PortalRules(
        loginKind: .phone,
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
        userRights: [],
        applicationKinds: [.portalUsers],
        regulationsVersion: "1",
        identifiers: ClientIdentifiers(company: [], soleTrader: [], person: []),
        documents: DocumentChecklists(portalUsers: [], office: []),
        contactDeadline: Deadline(number: 2, unit: .calendar),
        senders: Senders(sms: "Warsaw", emailName: "Warsaw", emailAddress: "a@warsaw.example"),
        support: [],
        transliteratesSMS: false,
        reminders: ReminderDefaults(paymentDaysBefore: 3, insuranceDaysBefore: [30], channel: .sms)
    )
}
