package import DeskKit
import FoundationEssentials
package import Postgres
import Secrets

/// Takes back the consent that a kind of message needs. Texts answers it; DeskApp fits it in.
package protocol TakesBackConsent: Sendable {
    /// Whether there was something to take back; the same `once` twice takes back once. Throws `PostgresError`.
    func takeBack(
        _ kind: String,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        once: String,
        in session: Session
    ) throws -> Bool
}

/// How the reader of an e-mail that needs consent takes it back: by one click (RFC 8058) where this installation is
/// reached over TLS, else by a mail to the sender (RFC 2369).
struct UnsubscribeAddress: Sendable {
    private let token: AddressToken
    private let base: String?

    init(keyRing: KeyRing, base: String?) {
        token = AddressToken(keyRing: keyRing, "unsubscribe")
        self.base = base
    }

    func headers(portal: PortalID, reference: UUID, sender: String) -> [(name: String, value: String)] {
        guard let base, base.hasPrefix("https://") else {
            return [("List-Unsubscribe", "<mailto:\(sender)?subject=unsubscribe>")]
        }
        return [
            ("List-Unsubscribe", "<\(base)\(path(portal, reference))>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    }

    func path(_ portal: PortalID, _ reference: UUID) -> String {
        let number = reference.uuidString.lowercased()
        return "/api/unsubscribe/\(portal)/\(number)/\(token.text(portal, number))"
    }

    func admits(_ given: String, _ portal: PortalID, _ reference: UUID) -> Bool {
        token.admits(given, portal, reference.uuidString.lowercased())
    }
}

/// The secret part of an address that somebody outside calls without signing in.
struct AddressToken: Sendable {
    private let hash: LookupHash

    init(keyRing: KeyRing, _ purpose: String) {
        hash = keyRing.lookup(LookupPurpose(purpose))
    }

    func text(_ portal: PortalID, _ of: String) -> String {
        Self.text(hash.hash(of, scope: "\(portal)"))
    }

    /// Whether a caller knows it, in constant time; one of an older key is still known.
    func admits(_ given: String, _ portal: PortalID, _ of: String) -> Bool {
        hash.candidates(of, scope: "\(portal)").reduce(false) { $0 || Self.areEqual(given, Self.text($1)) }
    }

    private static func text(_ hash: [UInt8]) -> String {
        hash.prefix(20).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    private static func areEqual(_ given: String, _ right: String) -> Bool {
        let (given, right) = (Array(given.utf8), Array(right.utf8))
        guard given.count == right.count else { return false }
        return zip(given, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
