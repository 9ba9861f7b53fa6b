import DeskKit
import FoundationEssentials
import Secrets
import Transport

/// What stands in a provider's `settings`, by its kind; passwords are sealed beside them.
enum ProviderSettings {
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
    }

    /// The secret belongs to the portal's providers; it opens in no other portal.
    static func secretContext(_ portal: PortalID) -> SealContext {
        SealContext("provider.secret", portal)
    }
}

extension Decodable {
    /// Reads a stored JSON text. Throws `DecodingError`.
    init(json text: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(text.utf8))
    }
}

extension Encodable {
    /// JSON with sorted keys, as it is stored. Throws `EncodingError`.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
