/// What kind of a client somebody is; it decides which numbers and documents are asked for.
package enum ClientKind: String, Codable, CaseIterable, Sendable {
    case company
    /// A person in business under the own name.
    case soleTrader = "sole_trader"
    case person
}

/// A datum of a client's record or contract that staff change on request; its name is
/// `portals.client_datum.<raw value>`.
package enum ClientDatum: String, Codable, CaseIterable, Sendable {
    case name, address
    case identityDocument = "identity_document"
    case lessee
    case garageAddress = "garage_address"
    case annex
}

/// The identifiers asked of each kind of client, by the words of `Identifiers` ("pl_nip"); the first is required and is
/// what a provisional client is adopted by. A kind without identifiers is no client of this portal.
package struct ClientIdentifiers: Sendable, Hashable, Codable {
    package var company: [String]
    package var soleTrader: [String]
    package var person: [String]

    package init(company: [String], soleTrader: [String], person: [String]) {
        self.company = company
        self.soleTrader = soleTrader
        self.person = person
    }

    package subscript(kind: ClientKind) -> [String] {
        switch kind {
        case .company: company
        case .soleTrader: soleTrader
        case .person: person
        }
    }
}

/// Which documents must have been seen before an application of each kind is submitted.
package struct DocumentChecklists: Sendable, Hashable, Codable {
    package var portalUsers: [DocumentKind]
    package var office: [DocumentKind]

    package init(portalUsers: [DocumentKind], office: [DocumentKind]) {
        self.portalUsers = portalUsers
        self.office = office
    }

    package subscript(kind: ApplicationKind) -> [DocumentKind] {
        switch kind {
        case .portalUsers: portalUsers
        case .office: office
        }
    }
}

/// A document that staff see and tick off; its name is `portals.document.<raw value>` in the catalogue.
package enum DocumentKind: String, Codable, CaseIterable, Sendable {
    case signedApplication = "signed_application"
    case identityDocument = "identity_document"
    case registerExtract = "register_extract"
    case taxCertificate = "tax_certificate"
    case soleTraderCertificate = "sole_trader_certificate"
    case powerOfAttorney = "power_of_attorney"
    case questionnaire
    case consentToData = "consent_to_data"
}

/// Within what a portal answers what no law gives a date (L10), and how long a decided deletion may be taken back.
package struct RequestDeadlines: Sendable, Hashable, Codable {
    package var complaint: Deadline
    package var fault: Deadline
    /// Days from the decision on.
    package var coolingOffDays: Int

    package init(complaint: Deadline, fault: Deadline, coolingOffDays: Int) {
        self.complaint = complaint
        self.fault = fault
        self.coolingOffDays = coolingOffDays
    }
}

extension PortalRules {
    /// What holds: the profile's own, or the contact's deadline for each and seven days.
    package var deadlines: RequestDeadlines {
        requestDeadlines
            ?? RequestDeadlines(complaint: contactDeadline, fault: contactDeadline, coolingOffDays: 7)
    }
}

/// In whose name messages go out.
package struct Senders: Sendable, Hashable, Codable {
    /// The name or number that a phone shows: at most 11 letters and digits, or digits.
    package var sms: String
    package var emailName: String
    package var emailAddress: String

    package init(sms: String, emailName: String, emailAddress: String) {
        self.sms = sms
        self.emailName = emailName
        self.emailAddress = emailAddress
    }
}

/// Where clients turn with a topic (M13). Hours are managed words, shown as written.
package struct SupportLine: Sendable, Hashable, Codable {
    package enum Topic: String, Codable, CaseIterable, Sendable {
        case signIn = "sign_in"
        case contracts, general
    }

    package var topic: Topic
    package var phone: String
    package var email: String?
    package var hours: String

    package init(topic: Topic, phone: String, email: String?, hours: String) {
        self.topic = topic
        self.phone = phone
        self.email = email
        self.hours = hours
    }
}

/// What the portal's first reminder rules are made of, and what a new account gets unless its application says more.
package struct ReminderDefaults: Sendable, Hashable, Codable {
    /// Days before the due date of an instalment; an account's own number wins.
    package var paymentDaysBefore: Int
    /// Days before a policy ends, a reminder each, largest first.
    package var insuranceDaysBefore: [Int]
    package var channel: Channel

    package init(paymentDaysBefore: Int, insuranceDaysBefore: [Int], channel: Channel) {
        self.paymentDaysBefore = paymentDaysBefore
        self.insuranceDaysBefore = insuranceDaysBefore
        self.channel = channel
    }
}
