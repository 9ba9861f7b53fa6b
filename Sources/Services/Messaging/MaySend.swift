package import DeskKit
package import Postgres

/// "May we?": asked of every message when it is planned, and once more in the transaction that hands it over. Texts
/// answers it from what people agreed to; DeskApp fits it in.
package protocol MaySend: Sendable {
    /// The code of a reason not to send this kind to this client and account ("no_consent"); nil when it may go.
    func reasonNotToSend(
        _ kind: String,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        in session: Session
    ) throws -> String?

    /// Whether nobody is sent this kind without consent, so that its e-mails say how to take it back.
    func needsConsent(_ kind: String, portal: PortalID, in session: Session) throws -> Bool
}

extension MaySend {
    package func needsConsent(_ kind: String, portal: PortalID, in session: Session) throws -> Bool { false }
}

/// Where nobody's consent is known: everything may go.
package struct SendsEverything: MaySend {
    package init() {}

    package func reasonNotToSend(
        _ kind: String,
        portal: PortalID,
        client: ClientID?,
        account: AccountID?,
        in session: Session
    ) throws -> String? { nil }
}
