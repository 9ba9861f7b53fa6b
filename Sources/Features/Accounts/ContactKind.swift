import DeskKit
import Identifiers
import Portals
import Postgres

/// Which contact of an account is meant.
enum ContactKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    case phone, email

    /// The form to store, nil for what is no mobile phone of the portal's country, or no address.
    func normalized(_ typed: String, portal: PortalProfile, today: CivilDate) -> String? {
        let country = IdentifierCountry(rawValue: portal.country)
        let verdict =
            self == .phone
            ? try? IdentifierKind.phoneSMS.check(typed, country: country, today: today)
            : try? IdentifierKind.email.check(typed, today: today)
        return verdict?.normalized
    }

    /// What is signed in with after the change, where that is the contact itself (K1, L3).
    func login(_ value: String, portal: PortalProfile) -> String? {
        switch (portal.rules.loginKind, self) {
        case (.phone, .phone): String(value.filter(\.isNumber).suffix(9))
        case (.email, .email): value
        default: nil
        }
    }

    var identifier: IdentifierKind { self == .phone ? .e164 : .email }
}

/// What keeps a change of contact from going on.
enum ContactRefusal: Error, Hashable, Sendable {
    case gone, closed
    case malformed
    case same
    /// Another account bears it, or signs in with it.
    case inUse
    case alreadyOpen
    /// A threat is suspected: whoever asks may be the one who is suspected.
    case incidentOpen
    case notVerified(VerificationStrength)
    /// Whoever asked may not approve.
    case ownWork
    /// Decided, stopped or in effect meanwhile.
    case settled

    var code: String {
        switch self {
        case .gone: "gone"
        case .closed: "closed"
        case .malformed: "malformed"
        case .same: "same"
        case .inUse: "in_use"
        case .alreadyOpen: "already_open"
        case .incidentOpen: "incident_open"
        case .notVerified: "not_verified"
        case .ownWork: "own_work"
        case .settled: "settled"
        }
    }
}
