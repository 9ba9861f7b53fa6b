@testable import Portals

/// A portal's profile; only its names matter here.
enum Profiles {
    static let poland = PortalProfile(
        id: Office.poland,
        version: 1,
        identity: PortalIdentity(
            key: "poland",
            name: "Poland",
            country: "PL",
            timeZone: "Europe/Warsaw",
            currency: "PLN",
            languages: ["pl"]
        ),
        rules: PortalRules(
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
            senders: Senders(sms: "Poland", emailName: "Poland", emailAddress: "a@poland.example"),
            support: [],
            transliteratesSMS: false,
            reminders: ReminderDefaults(paymentDaysBefore: 3, insuranceDaysBefore: [30], channel: .sms)
        )
    )
}
