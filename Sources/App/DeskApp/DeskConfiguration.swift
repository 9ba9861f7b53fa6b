package import DeskKit
import Foundation
import JobRunner

/// What a process is told from outside: environment variables, and a few options of the command line. Read once.
package struct DeskConfiguration: Sendable {
    /// A variable or option that cannot be used; names it, never its value.
    package struct Problem: Error, CustomStringConvertible {
        package let name: String
        package let reason: String

        package var description: String { "\(name): \(reason)" }
    }

    /// Where admin-web, sql and jobs lie.
    package var root: String
    package var consoleURL: Redacted<String>?
    package var workerURL: Redacted<String>?
    package var ownerURL: Redacted<String>?
    package var listenURL: Redacted<String>?
    package var keysFile: String?
    /// The ledger of erasures outside the database.
    package var ledgerFile: String?
    /// The folder of the send journal outside the database; "off" does without, even where one was kept.
    package var journal: String?
    /// The login that reads everything, for `backup`.
    package var backupURL: Redacted<String>?
    package var isDemo: Bool
    package var trustedProxies: Set<String>
    package var host: String
    package var port: Int
    package var tlsCertificate: String?
    package var tlsKey: String?
    /// Where this installation is reached from outside, for the receipts of gateways.
    package var publicURL: String?
    /// How many connections the console's and the worker's pool may hold.
    package var connections: Int
    /// How long a job stays with a worker that gives no sign.
    package var leaseSeconds: Double
    /// How many jobs of a queue a worker runs at once; the empty name is every queue that is not named.
    package var concurrency: [String: Int]

    /// Reads the environment. Throws `Problem` for a number or an address that is none.
    package init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        root: String? = nil,
        host: String = "127.0.0.1",
        port: Int = 8080,
        tlsCertificate: String? = nil,
        tlsKey: String? = nil
    ) throws(Problem) {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        self.root = root ?? value("PORTALDESK_ROOT") ?? FileManager.default.currentDirectoryPath
        consoleURL = value("DATABASE_URL").map { Redacted($0) }
        workerURL = (value("WORKER_DATABASE_URL") ?? value("DATABASE_URL")).map { Redacted($0) }
        ownerURL = value("OWNER_DATABASE_URL").map { Redacted($0) }
        listenURL = value("LISTEN_DATABASE_URL").map { Redacted($0) }
        keysFile = value("PORTALDESK_KEYS")
        ledgerFile = value("PORTALDESK_LEDGER")
        journal = value("PORTALDESK_JOURNAL")
        backupURL = value("BACKUP_DATABASE_URL").map { Redacted($0) }
        publicURL = try value("PORTALDESK_PUBLIC_URL").map(Self.address)
        isDemo = value("PORTALDESK_DEMO") == "1"
        trustedProxies = Set((value("TRUSTED_PROXIES") ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
        connections = try Self.number(value("PORTALDESK_CONNECTIONS"), "PORTALDESK_CONNECTIONS", 1...100) ?? 10
        leaseSeconds =
            try Self.number(value("PORTALDESK_LEASE_MS"), "PORTALDESK_LEASE_MS", 100...600_000)
            .map { Double($0) / 1000 } ?? 30
        concurrency = try Self.concurrency(value("PORTALDESK_CONCURRENCY") ?? "8")
        self.host = host
        self.port = port
        self.tlsCertificate = tlsCertificate
        self.tlsKey = tlsKey
    }

    /// How many jobs of a queue run at once in one process.
    package func concurrency(of queue: String) -> Int {
        concurrency[queue] ?? concurrency[""] ?? WorkerConfiguration.usualConcurrency
    }

    /// Whether the console can be reached from this machine alone.
    package var listensOnLoopback: Bool {
        ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
    }

    /// Whether nobody reaches it from elsewhere: behind a proxy, loopback is where the proxy is and not the browsers.
    package var staysHere: Bool { listensOnLoopback && trustedProxies.isEmpty }

    package var hasTLS: Bool { tlsCertificate != nil && tlsKey != nil }

    /// Whether browsers reach the console over TLS, here or at a trusted proxy.
    package var isSecure: Bool { hasTLS || !trustedProxies.isEmpty }

    /// Throws `Problem` when the console would speak beyond loopback without protection.
    package func validateListening() throws(Problem) {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw Problem(name: "--tls-cert", reason: "goes together with --tls-key")
        }
        guard listensOnLoopback || isSecure else {
            throw Problem(
                name: "--host",
                reason: "beyond loopback the console needs --tls-cert and --tls-key, or TRUSTED_PROXIES"
            )
        }
    }

    /// The value of a variable that a command cannot do without. Throws `Problem`.
    package func require<Value>(_ value: Value?, _ name: String) throws(Problem) -> Value {
        guard let value else {
            throw Problem(name: name, reason: "is not set; bin/run sets it, and the README explains it")
        }
        return value
    }

    /// "https://desk.example/console/", without the last slash.
    private static func address(_ text: String) throws(Problem) -> String {
        let parts = URLComponents(string: text)
        guard let parts, ["http", "https"].contains(parts.scheme), parts.host?.isEmpty == false, parts.query == nil,
            parts.fragment == nil, parts.user == nil
        else {
            throw Problem(
                name: "PORTALDESK_PUBLIC_URL",
                reason: "must be where the console is reached from outside, like https://desk.example"
            )
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// "8" or "8,messaging=16".
    private static func concurrency(_ text: String) throws(Problem) -> [String: Int] {
        var found: [String: Int] = [:]
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", maxSplits: 1).map { $0.filter { $0 != " " } }
            let name = halves.count == 2 ? halves[0] : ""
            guard let number = Int(halves.last ?? ""), (1...1_000).contains(number), found[name] == nil else {
                throw Problem(
                    name: "PORTALDESK_CONCURRENCY",
                    reason: "must be numbers from 1 to 1000, like 8 or 8,messaging=16, each queue once"
                )
            }
            found[name] = number
        }
        return found
    }

    private static func number(_ text: String?, _ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(name: name, reason: "is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
