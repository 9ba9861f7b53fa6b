package import DeskKit
package import Postgres
package import Secrets

/// The codes that go before a company's logins (M2): eight digits, sealed so that staff can read them out, found at
/// sign-in by their keyed hash.
package struct CompanyCodeBook: Sendable {
    private let keyRing: KeyRing
    private let lookup: LookupHash

    package init(keyRing: KeyRing) {
        self.keyRing = keyRing
        lookup = keyRing.lookup(.companyCode)
    }

    /// Makes a code for an approved application. A client that has one already keeps it: then nothing is made.
    package func reserve(
        _ application: ApplicationID,
        client: ClientID?,
        portal: PortalID,
        in session: Session
    ) throws {
        if let client, try code(of: client, portal: portal, in: session) != nil { return }
        // Eight digits collide once in ten million codes of a portal; a second draw settles that.
        for _ in 0..<5 {
            let code = OneTimeCode.digits(8)
            let sealed = try keyRing.seal(text: code, context: Self.context(portal, application))
            let made = try session.run(
                AccountsQueries.reserveCompanyCode,
                [
                    "portal": portal, "application": application.rawValue,
                    "code_hash": lookup.hash(code.reveal(), scope: portal.description), "sealed": sealed.bytes,
                    "key_id": sealed.keyID,
                ]
            )
            if made == 1 { return }
            if try find(application, portal: portal, in: session) != nil { return }
        }
        throw PostgresError(.notOneRow, query: AccountsQueries.reserveCompanyCode.name)
    }

    /// The code in clear: the application's own, or the one its client has had before. The caller has audited the look.
    package func reveal(
        _ application: ApplicationID,
        client: ClientID?,
        portal: PortalID,
        in session: Session
    ) throws -> Redacted<String>? {
        if let own = try find(application, portal: portal, in: session) { return try open(own, portal) }
        guard let client, let row = try code(of: client, portal: portal, in: session) else { return nil }
        return try open(row, portal)
    }

    /// From now on the application's code leads to this client.
    func bind(_ application: ApplicationID, to client: ClientID, portal: PortalID, in session: Session) throws {
        try session.run(
            AccountsQueries.bindCompanyCode,
            ["portal": portal, "application": application.rawValue, "client": client.rawValue]
        )
    }

    /// The client whose code was typed, nil when there is no such code.
    func client(of typed: String, portal: PortalID, in session: Session) throws -> ClientID? {
        for hash in lookup.candidates(OneTimeCode.normalized(typed), scope: portal.description) {
            if let client = try session.first(
                AccountsQueries.clientOfCompanyCode,
                ["portal": portal, "code_hash": hash]
            ) {
                return client
            }
        }
        return nil
    }

    private func find(_ application: ApplicationID, portal: PortalID, in session: Session) throws -> CompanyCodeRow? {
        try session.first(
            AccountsQueries.findCompanyCode,
            ["portal": portal, "application": application.rawValue]
        )
    }

    private func code(of client: ClientID, portal: PortalID, in session: Session) throws -> CompanyCodeRow? {
        try session.first(AccountsQueries.companyCodeOfClient, ["portal": portal, "client": client.rawValue])
    }

    private func open(_ row: CompanyCodeRow, _ portal: PortalID) throws -> Redacted<String> {
        try keyRing.openText(
            Sealed(keyID: row.keyID, bytes: row.sealed),
            context: Self.context(portal, row.applicationID)
        )
    }

    private static func context(_ portal: PortalID, _ application: ApplicationID) -> SealContext {
        SealContext("company_code", portal, application)
    }
}
