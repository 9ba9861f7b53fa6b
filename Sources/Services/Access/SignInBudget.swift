import DeskKit
import Glibc
import Postgres
import Secrets

/// How many guesses a quarter of an hour has room for. They are counted and committed before anything is compared, so
/// that parallel guesses cannot pass. Passwords count by name and network together, so that guesses from elsewhere do
/// not keep their owner out of a new browser; a browser that signed in before has a budget of its own.
struct SignInBudget: Sendable {
    struct Limits: Sendable {
        /// For one name from one network.
        var login = 10
        /// For one name from everywhere: what many networks together may try.
        var loginEverywhere = 100
        var device = 10
        /// For all names from one network.
        var address = 100
    }

    enum Kind: String, Sendable {
        case password, code
    }

    /// Who guesses, as far as that can be known.
    struct Guess: Sendable {
        var login: String
        var address: String
        /// The hash of the browser's own cookie, when it signed this login in before.
        var device: [UInt8]?
    }

    let limits: Limits
    private let hash: LookupHash

    init(keys: KeyRing, limits: Limits = Limits()) {
        self.limits = limits
        hash = keys.lookup(.throttle)
    }

    /// What came of counting a guess.
    enum Verdict: Sendable {
        case open
        /// This very guess was the first one too many of a budget: worth a line of the trail, which a flood is not.
        case justSpent
        case spent
    }

    /// Counts one guess in every budget it draws on. The caller commits before it looks at the password.
    func spend(_ kind: Kind, _ guess: Guess, in session: Session) throws -> Verdict {
        let limits = Dictionary(buckets(kind, guess).map { ($0.hash, $0.limit) }) { $1 }
        let spent = try session.all(AccessQueries.spendBudget, ["buckets": Array(limits.keys)])
        let over = spent.compactMap { row in limits[row.bucket].map { row.spent - $0 } }.filter { $0 > 0 }
        if over.isEmpty { return .open }
        return over.contains(1) ? .justSpent : .spent
    }

    /// After a complete sign-in: its own guesses are forgiven, and returned to what it shared with others.
    func forgive(_ guess: Guess, in session: Session) throws {
        for kind in [Kind.password, .code] {
            let buckets = buckets(kind, guess)
            try session.run(AccessQueries.forgiveBudget, ["buckets": buckets.filter(\.isOwn).map(\.hash)])
            let shared = buckets.filter { !$0.isOwn }.map(\.hash)
            if !shared.isEmpty { try session.run(AccessQueries.returnBudget, ["buckets": shared]) }
        }
    }

    private struct Bucket {
        let hash: [UInt8]
        let limit: Int
        let isOwn: Bool
    }

    private func buckets(_ kind: Kind, _ guess: Guess) -> [Bucket] {
        func bucket(_ name: String, _ value: String, _ limit: Int, isOwn: Bool) -> Bucket {
            Bucket(hash: hash.hash(value, scope: "\(kind.rawValue).\(name)"), limit: limit, isOwn: isOwn)
        }
        if let device = guess.device {
            return [bucket("device", Hex.encode(device) + " " + guess.login, limits.device, isOwn: true)]
        }
        let network = Network.of(guess.address)
        let name =
            switch kind {
            case .password:
                [
                    bucket("login.address", "\(network) \(guess.login)", limits.login, isOwn: true),
                    bucket("login.everywhere", guess.login, limits.loginEverywhere, isOwn: true),
                ]
            // Whoever guesses codes has the password already: few of them, wherever they come from.
            case .code: [bucket("login", guess.login, limits.login, isOwn: true)]
            }
        return name + [bucket("address", network, limits.address, isOwn: false)]
    }
}

/// Where a guess comes from: an IPv4 address, or the 64 bits of an IPv6 address that a subscriber is given (RFC 6177).
enum Network {
    static func of(_ address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11].allSatisfy { $0 == 0xFF }
        return Hex.encode(Array(isMapped ? bytes[...] : bytes.prefix(8)))
    }
}
