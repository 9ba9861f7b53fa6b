import DeskKit
import Postgres
import Secrets

/// Codes of one use, bound to one account and purpose. A new one voids the older ones; a try is counted before the code
/// is looked at. NIST SP 800-63B-4 §3.1.3: short, throttled, used once.
struct OneTimeCodes: Sendable {
    /// So many codes of a purpose go to an account in a quarter of an hour.
    static let codesPerQuarterHour = 3

    private let lookup: LookupHash
    private let links: LookupHash

    init(keyRing: KeyRing) {
        lookup = keyRing.lookup(.oneTimeCode)
        links = keyRing.lookup(.link)
    }

    /// A fresh code, kept as its hash. Nil when the account has had enough of them lately.
    func issue(
        _ purpose: CodePurpose,
        to account: AccountID,
        portal: PortalID,
        minutes: Int,
        digits: Int = 8,
        code: Redacted<String>? = nil,
        in session: Session
    ) throws -> Redacted<String>? {
        let code = code ?? OneTimeCode.digits(digits)
        let hash = lookup.hash(code: code, scope: scope(portal, account, purpose))
        return try keep(hash, purpose, account, portal, minutes, in: session) ? code : nil
    }

    /// A fresh token of 256 bits for a link, kept as its hash. Nil when the account has had enough of them lately.
    func issueLink(
        _ purpose: CodePurpose,
        to account: AccountID,
        portal: PortalID,
        minutes: Int,
        in session: Session
    ) throws -> Redacted<String>? {
        let token = SecureRandom.token()
        let hash = links.hash(token, scope: portal.description)
        return try keep(hash, purpose, account, portal, minutes, in: session) ? Redacted(token) : nil
    }

    /// Uses a link up and answers whose it was and what for; nil when it was used, is void, too old, or never was.
    func redeemLink(_ token: String, portal: PortalID, in session: Session) throws -> LinkRow? {
        guard (20...100).contains(token.utf8.count) else { return nil }
        for hash in links.candidates(token, scope: portal.description) {
            if let row = try session.first(AccountsQueries.useLink, ["portal": portal, "code_hash": hash]) {
                return row
            }
        }
        return nil
    }

    /// Spends one try and uses the code up when it is the one. The transaction must commit either way.
    func redeem(
        _ typed: Redacted<String>,
        _ purpose: CodePurpose,
        of account: AccountID,
        portal: PortalID,
        tries: Int,
        in session: Session
    ) throws -> Bool {
        guard
            let row = try session.first(
                AccountsQueries.spendTry,
                ["portal": portal, "account": account.rawValue, "purpose": purpose, "limit": tries]
            )
        else { return false }
        guard lookup.matches(code: typed, scope: scope(portal, account, purpose), stored: row.codeHash) else {
            return false
        }
        return try session.run(AccountsQueries.useCode, ["portal": portal, "id": row.id]) == 1
    }

    private func keep(
        _ hash: [UInt8],
        _ purpose: CodePurpose,
        _ account: AccountID,
        _ portal: PortalID,
        _ minutes: Int,
        in session: Session
    ) throws -> Bool {
        let place: Parameters = ["portal": portal, "account": account.rawValue, "purpose": purpose]
        guard try session.one(AccountsQueries.codesLately, place) < Self.codesPerQuarterHour else { return false }
        try session.run(AccountsQueries.voidCodes, place)
        try session.run(AccountsQueries.addCode, place.merging(["code_hash": hash, "minutes": minutes]) { $1 })
        return true
    }

    private func scope(_ portal: PortalID, _ account: AccountID, _ purpose: CodePurpose) -> String {
        "\(portal)/\(account)/\(purpose.rawValue)"
    }
}
