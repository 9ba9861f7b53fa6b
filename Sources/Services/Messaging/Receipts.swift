import DeskKit
import FoundationEssentials
import Postgres
import Secrets

/// How a gateway's receipts are read: the names of its parameters and what its status words look like. Part of a
/// provider's settings.
struct ReceiptWords: Codable, Sendable, Hashable {
    /// The parameter with our reference; empty where there is none.
    var reference: String
    /// The parameter with the gateway's own number, of each part; empty where there is none.
    var id: String
    var status: String
    /// Regular expressions of the status's value.
    var delivered: String
    var failed: String

    /// Kannel's `dlr-url` with `status=%d&id=%F` after our address (user guide, "Delivery reports"): 1 delivered to the
    /// phone, 2 not, 16 rejected by the SMSC.
    static let kannel = ReceiptWords(
        reference: "ref",
        id: "id",
        status: "status",
        delivered: "^1$",
        failed: "^(2|16)$"
    )
}

/// One receipt as it is stored.
struct Receipt: Sendable, Hashable {
    enum Outcome: String, Sendable, PostgresValue {
        case delivered, failed, underway
    }

    let reference: UUID?
    let providerReference: String?
    let word: String
    let outcome: Outcome

    /// Nil for what names no message or no status.
    init?(_ parameters: [String: String], _ words: ReceiptWords) {
        let value = { (name: String) -> String? in
            guard !name.isEmpty, let text = parameters[name], !text.isEmpty else { return nil }
            return text
        }
        guard let status = value(words.status), status.count <= 200 else { return nil }
        reference = value(words.reference).flatMap { UUID(uuidString: $0) }
        providerReference = value(words.id).flatMap { $0.count <= 100 ? $0 : nil }
        guard reference != nil || providerReference != nil else { return nil }
        // A status is a word or a number; whatever else a gateway repeats there is not kept.
        word = String(status.prefix(24).prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        outcome =
            Self.matches(words.delivered, status)
            ? .delivered : Self.matches(words.failed, status) ? .failed : .underway
    }

    private static func matches(_ pattern: String, _ text: String) -> Bool {
        guard !pattern.isEmpty, let expression = try? Regex(pattern) else { return false }
        return text.contains(expression)
    }
}

/// The address at which a provider's receipts arrive.
struct ReceiptAddress: Sendable {
    private let secret: AddressToken
    /// Where this installation is reached from outside, "https://desk.example.com"; nil keeps gateways from being asked
    /// for receipts.
    private let base: String?

    init(keyRing: KeyRing, base: String?) {
        secret = AddressToken(keyRing: keyRing, "receipt")
        self.base = base
    }

    /// The address with our reference, for `{receipt_url}`; empty without a public address.
    func url(portal: PortalID, provider: ProviderID, reference: UUID, _ words: ReceiptWords) -> String {
        guard let base else { return "" }
        let name = words.reference.isEmpty ? "ref" : words.reference
        let path = "\(base)/api/receipts/\(portal)/\(provider)/\(secret.text(portal, "\(provider)"))"
        return "\(path)?\(name)=\(reference.uuidString.lowercased())"
    }

    /// Whether a caller knows the address.
    func admits(_ token: String, _ portal: PortalID, _ provider: ProviderID) -> Bool {
        secret.admits(token, portal, "\(provider)")
    }
}
