import DeskKit
import Postgres
import Secrets

/// How many guesses a quarter of an hour has room for. They are counted and committed before anything is compared, so
/// that parallel guesses cannot pass, and a browser that signed in before has a budget of its own, so that a flood of
/// guesses does not keep its owner out.
struct SignInBudget: Sendable {
    struct Limits: Sendable {
        var login = 10
        var device = 10
        var address = 100
        var everybody = 1_000
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
        return [
            bucket("login", guess.login, limits.login, isOwn: true),
            bucket("address", guess.address, limits.address, isOwn: false),
            bucket("everybody", "", limits.everybody, isOwn: false),
        ]
    }
}
