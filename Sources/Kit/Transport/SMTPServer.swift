package import DeskKit

/// Why a server's or gateway's settings cannot be used; for the form that holds them.
package enum SettingsProblem: Error, Hashable {
    case host, port, helloName, url, parameterName
    case placeholder(String)
    case pattern(String)
    case header
    /// A password would cross the net unencrypted.
    case passwordInTheClear
}

/// Where and how e-mail is handed over.
package struct SMTPServer: Sendable, Hashable {
    /// How the connection is protected; certificates are always verified.
    package enum Encryption: String, Sendable, Codable, CaseIterable {
        case none
        case startTLS = "starttls"
        case implicitTLS = "implicit"
    }

    package struct Credentials: Sendable, Hashable {
        package let user: Redacted<String>
        package let password: Redacted<String>

        package init(user: Redacted<String>, password: Redacted<String>) {
            self.user = user
            self.password = password
        }
    }

    let host: String
    let port: Int
    let encryption: Encryption
    let credentials: Credentials?
    let helloName: String
    let authorities: String?
    let deadlines: SendDeadlines

    /// `authorities` is a PEM file that replaces the system's certificate authorities. Throws `SettingsProblem`.
    package init(
        host: String,
        port: Int,
        encryption: Encryption,
        credentials: Credentials? = nil,
        helloName: String = "localhost",
        authorities: String? = nil,
        deadlines: SendDeadlines = .smtp
    ) throws(SettingsProblem) {
        guard isHost(host) else { throw .host }
        guard (1...65_535).contains(port) else { throw .port }
        guard isHost(helloName) else { throw .helloName }
        let isLocal = ["localhost", "127.0.0.1", "::1"].contains(host)
        if encryption == .none, credentials != nil, !isLocal { throw .passwordInTheClear }
        (self.host, self.port, self.encryption, self.credentials) = (host, port, encryption, credentials)
        (self.helloName, self.authorities, self.deadlines) = (helloName, authorities, deadlines)
    }

    var url: String {
        let scheme = encryption == .implicitTLS ? "smtps" : "smtp"
        return "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(helloName)"
    }
}

func isHost(_ text: String) -> Bool {
    (1...253).contains(text.utf8.count) && !text.hasPrefix("-")
        && text.unicodeScalars.allSatisfy { isLetterOrDigit($0) || ".-:".unicodeScalars.contains($0) }
}
