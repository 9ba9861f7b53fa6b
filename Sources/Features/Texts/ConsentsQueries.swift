import DeskKit
import FoundationEssentials
import Postgres

/// The statements of `sql/queries/texts_consents.sql`.
enum ConsentsQueries {
    static let addPurpose = Query<PurposeID>("texts_consents.add_purpose")
    static let listPurposes = Query<PurposeRow>("texts_consents.list_purposes")
    static let purposeCounts = Query<PurposeCount>("texts_consents.purpose_counts")
    static let askAgain = Statement("texts_consents.ask_again")
    static let askNobody = Statement("texts_consents.ask_nobody")
    static let asked = Query<String>("texts_consents.asked")
    static let shownWords = Query<ShownWords>("texts_consents.shown_words")
    static let addReceipt = Query<UUID>("texts_consents.add_receipt")
    static let findReceipt = Query<ReceiptRow>("texts_consents.find_receipt")
    static let addConsent = Statement("texts_consents.add_consent")
    static let consentsOfReceipt = Query<ConsentRow>("texts_consents.consents_of_receipt")
    static let standings = Query<StandingRow>("texts_consents.standings")
    static let sendObstacle = Query<String?>("texts_consents.send_obstacle")
    static let standingsOfClient = Query<ClientStandingRow>("texts_consents.standings_of_client")
    static let clientOfConsents = Query<ConsentsClientRow>("texts_consents.client_of_consents")
    static let purposesOfKind = Query<String>("texts_consents.purposes_of_kind")
    static let consentsOfClient = Query<ClientConsentRow>("texts_consents.consents_of_client")
    static let brokenConsents = Query<ConsentID>("texts_consents.broken_consents")
    static let spendBudget = Query<Int>("texts_consents.spend_budget")
    static let sweepBudget = Statement("texts_consents.sweep_budget")
    static let listOrigins = Query<String>("texts_consents.list_origins")
    static let addOrigins = Statement("texts_consents.add_origins")
    static let removeOrigins = Statement("texts_consents.remove_origins")
    static let currentText = Query<PublicTextRow>("texts_consents.current_text")
    static let textByHash = Query<PublicTextRow>("texts_consents.text_by_hash")
    static let manifest = Query<ManifestRow>("texts_consents.manifest")

    static let all: [any QueryDescribing] = [
        addPurpose, listPurposes, purposeCounts, askAgain, askNobody, asked, shownWords, addReceipt, findReceipt,
        addConsent, consentsOfReceipt, standings, sendObstacle, purposesOfKind, standingsOfClient,
        clientOfConsents, consentsOfClient, brokenConsents, spendBudget, sweepBudget, listOrigins, addOrigins,
        removeOrigins, currentText, textByHash, manifest,
    ]
}
