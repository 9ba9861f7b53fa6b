import DeskKit
import Portals
import Secrets
import Transport

/// What stands in a provider's `settings`, by its kind; passwords are sealed beside them.
enum ProviderSettings: Sendable, Hashable {
    case local(Channel)
    case smtp(SMTP)
    case sms(SMS)

    struct SMTP: Codable, Sendable, Hashable {
        var host: String
        var port: Int
        var encryption: SMTPServer.Encryption
        var user: String

        /// Throws `SettingsProblem` for what no server can be.
        func server(password: Redacted<String>) throws(SettingsProblem) -> SMTPServer {
            try SMTPServer(
                host: host,
                port: port,
                encryption: encryption,
                credentials: user.isEmpty ? nil : .init(user: Redacted(user), password: password)
            )
        }
    }

    struct SMS: Codable, Sendable, Hashable {
        var gateway: SMSGateway
        var user: String
        /// How its receipts are read; nil where none are expected, or Kannel's.
        var receipt: ReceiptWords?
    }

    /// Reads a stored row. Throws `DecodingError`.
    init(_ row: ProviderRow) throws {
        switch row.kind {
        case .local: self = .local(row.channel)
        case .smtp: self = .smtp(try SMTP(json: row.settings))
        case .httpSMS: self = .sms(try SMS(json: row.settings))
        }
    }

    /// The secret belongs to the portal's providers; it opens in no other portal.
    static func secretContext(_ portal: PortalID) -> SealContext {
        SealContext("provider.secret", portal)
    }

    var kind: ProviderKind {
        switch self {
        case .local: .local
        case .smtp: .smtp
        case .sms: .httpSMS
        }
    }

    var channel: Channel {
        switch self {
        case .local(let channel): channel
        case .smtp: .email
        case .sms: .sms
        }
    }

    /// Where a password would go.
    var address: String {
        switch self {
        case .local: ""
        case .smtp(let settings): "\(settings.host):\(settings.port)/\(settings.encryption.rawValue)"
        case .sms(let settings): settings.gateway.url
        }
    }

    var usesSecret: Bool {
        switch self {
        case .local: false
        case .smtp(let settings): !settings.user.isEmpty
        case .sms: true
        }
    }

    /// Throws the `SettingsProblem` that keeps it from being used.
    func validate() throws(SettingsProblem) {
        switch self {
        case .local: break
        case .smtp(let settings): _ = try settings.server(password: Redacted(""))
        case .sms(let settings): try settings.gateway.validate()
        }
    }

    /// As column `settings` holds it. Throws `EncodingError`.
    func json() throws -> String {
        switch self {
        case .local: "{}"
        case .smtp(let settings): try settings.json()
        case .sms(let settings): try settings.json()
        }
    }

    /// The names of what changed, for the trail.
    func differences(from other: ProviderSettings) throws -> [String] {
        switch (self, other) {
        case (.smtp(let old), .smtp(let new)):
            return [
                old.host == new.host ? nil : "host", old.port == new.port ? nil : "port",
                old.encryption == new.encryption ? nil : "encryption", old.user == new.user ? nil : "user",
            ].compactMap { $0 }
        case (.sms(let old), .sms(let new)):
            let (was, now) = (old.gateway, new.gateway)
            return [
                was.url == now.url ? nil : "url", was.sender == now.sender ? nil : "sender",
                was.parameters == now.parameters && was.placement == now.placement && was.charset == now.charset
                    ? nil : "parameters", was.headers == now.headers ? nil : "headers",
                old.user == new.user ? nil : "user", old.receipt == new.receipt ? nil : "receipts",
                was.successStatuses == now.successStatuses && was.successPattern == now.successPattern
                    && was.idPattern == now.idPattern && was.permanentPattern == now.permanentPattern
                    && was.temporaryPattern == now.temporaryPattern ? nil : "answers",
            ].compactMap { $0 }
        default: return []
        }
    }
}
