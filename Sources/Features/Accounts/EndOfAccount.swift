import DeskKit
import Postgres

/// What ends with an account, whoever ends it and why.
struct EndOfAccount: Sendable {
    let portal: PortalID

    /// Closes it for good and strips it; false when it is closed already or still acts for somebody.
    func close(_ account: AccountID, in session: Session) throws -> Bool {
        guard try session.run(AccountsQueries.close, ["portal": portal, "account": account]) == 1 else { return false }
        try strip(account, in: session)
        return true
    }

    /// Ends sessions, voids codes, forgets devices, stops what is pending.
    @discardableResult
    func strip(_ account: AccountID, in session: Session) throws -> (sessions: Int, codes: Int) {
        let place: Parameters = ["portal": portal, "account": account]
        let sessions = try session.run(AccountsQueries.endSessionsOfAccount, place)
        let voided = try session.run(AccountsQueries.voidAllCodes, place)
        try session.run(AccountsQueries.forgetDevices, place)
        try session.run(AccountsQueries.stopAllChanges, place)
        return (sessions, voided)
    }
}
