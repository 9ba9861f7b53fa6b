import DeskKit
import FoundationEssentials
import Portals
package import Postgres

/// The statements of `sql/queries/messaging.sql`.
package enum MessagingQueries {
    static let findTemplate = Query<TemplateRow>("messaging.find_template")
    static let installTemplate = Statement("messaging.install_template")
    static let planMessage = Query<MessageID>("messaging.plan_message")
    static let holdMessage = Query<HeldMessage>("messaging.hold_message")
    static let expectFile = Statement("messaging.expect_file")
    static let holdExpected = Query<ExpectedFile>("messaging.hold_expected")
    static let bringFile = Statement("messaging.bring_file")
    static let copyFile = Statement("messaging.copy_file")
    static let readdress = Statement("messaging.readdress")
    static let activeProvider = Query<ProviderRow>("messaging.active_provider")
    static let handOver = Statement("messaging.hand_over")
    static let beginAttempt = Statement("messaging.begin_attempt")
    static let endAttempt = Statement("messaging.end_attempt")
    static let settle = Statement("messaging.settle")
    static let planAgain = Statement("messaging.plan_again")
    static let cancelPlanned = Statement("messaging.cancel_planned")
    static let receiveLocally = Statement("messaging.receive_locally")
    static let newestReceived = Query<String>("messaging.newest_received")
    static let findAbandoned = Query<AbandonedRow>("messaging.find_abandoned")
    static let findUnqueued = Query<UnqueuedRow>("messaging.find_unqueued")
    static let addProvider = Query<ProviderID>("messaging.add_provider")
    static let retireProviders = Statement("messaging.retire_providers")
    static let retireProvider = Statement("messaging.retire_provider")
    static let activateProvider = Statement("messaging.activate_provider")
    static let changeProvider = Statement("messaging.change_provider")
    static let listProviders = Query<ProviderRow>("messaging.list_providers")
    static let findProvider = Query<ProviderRow>("messaging.find_provider")
    static let installLocalProvider = Statement("messaging.install_local_provider")
    static let localPortals = Query<PortalID>("messaging.local_portals")
    static let keyIDsInUse = Query<String>("messaging.key_ids_in_use")
    static let wireObstacle = Query<String?>("messaging.wire_obstacle")
    static let secondsUntilOpen = Query<Int>("messaging.seconds_until_open")
    static let stretch = Statement("messaging.stretch")
    static let suppress = Query<Int64>("messaging.suppress")
    static let liftSuppression = Query<LiftedSuppression>("messaging.lift_suppression")
    static let sendingHours = Query<HoursRow>("messaging.sending_hours")
    static let addSendingHours = Query<Int>("messaging.add_sending_hours")
    static let changeSendingHours = Query<Int>("messaging.change_sending_hours")
    static let dropSendingHours = Statement("messaging.drop_sending_hours")
    static let lookAtGateway = Query<GatewayLook>("messaging_gateways.look_at_gateway")
    static let takeToken = Statement("messaging_gateways.take_token")
    static let reserveSlot = Query<Double>("messaging_gateways.reserve_slot")
    static let tryGateway = Statement("messaging_gateways.try_gateway")
    static let noteSuccess = Statement("messaging_gateways.note_success")
    static let noteFailure = Statement("messaging_gateways.note_failure")
    static let closeGateway = Statement("messaging_gateways.close_gateway")
    static let openGateways = Query<OpenGateway>("messaging_gateways.open_gateways")

    static let messages = Query<MessageRow>("messaging_pages.messages")
    static let messagesAfter = Query<MessageRow>("messaging_pages.messages_after")
    static let countMessages = Query<Int>("messaging_pages.count_messages")
    static let messagesOfClient = Query<MessageRow>("messaging_pages.messages_of_client")
    static let messageDetail = Query<MessageDetail>("messaging_pages.message_detail")
    static let attemptsOfMessage = Query<AttemptRow>("messaging_pages.attempts_of_message")
    static let decideMessage = Statement("messaging_pages.decide_message")
    static let inbox = Query<InboxRow>("messaging_pages.inbox")
    static let newestTemplates = Query<NewestTemplate>("messaging_pages.newest_templates")
    static let newestVersion = Query<NewestVersion>("messaging_pages.newest_version")
    static let firstVersions = Query<FirstVersion>("messaging_pages.first_versions")
    static let versions = Query<VersionRow>("messaging_pages.versions")
    static let addVersion = Query<Int>("messaging_pages.add_version")
    static let storeReceipt = Query<Int64>("messaging_receipts.store_receipt")
    static let matchReceipts = Query<Int>("messaging_receipts.match_receipts")
    static let messageOfReference = Query<ReportedMessage>("messaging_receipts.message_of_reference")
    static let storeBounce = Query<Int64>("messaging_receipts.store_bounce")
    static let messageOfNumber = Query<NumberedMessage>("messaging_receipts.message_of_number")
    static let figuresToday = Query<CivilDate>("messaging_figures.figures_today")
    static let sendsPerDay = Query<DaySends>("messaging_figures.sends_per_day")
    static let deliveryTimes = Query<DayTime>("messaging_figures.delivery_times")
    static let dropUnmatched = Statement("messaging_receipts.drop_unmatched")
    static let suppressions = Query<SuppressionRow>("messaging_pages.suppressions")

    static let otherContact = Query<String>("messaging_pages.other_contact")
    static let holdOriginal = Query<MessageID>("messaging_pages.hold_original")
    static let hasFreshCopy = Query<Bool>("messaging_pages.has_fresh_copy")
    static let planCopy = Query<MessageID>("messaging_pages.plan_copy")

    package static let all: [any QueryDescribing] = [
        otherContact, holdOriginal, hasFreshCopy, planCopy, expectFile, holdExpected, bringFile, copyFile,
        findTemplate, installTemplate, planMessage, holdMessage, readdress, activeProvider, handOver, beginAttempt,
        endAttempt, settle, planAgain, cancelPlanned, receiveLocally, newestReceived, findAbandoned, findUnqueued,
        addProvider,
        retireProviders, retireProvider, activateProvider, changeProvider, listProviders, findProvider,
        installLocalProvider, localPortals,
        keyIDsInUse, messages, messagesAfter, countMessages, messagesOfClient, messageDetail, attemptsOfMessage,
        decideMessage, inbox, newestTemplates, wireObstacle, secondsUntilOpen, stretch, suppress, liftSuppression,
        sendingHours, addSendingHours, changeSendingHours, dropSendingHours, suppressions,
        lookAtGateway, takeToken, reserveSlot, tryGateway, noteSuccess, noteFailure,
        closeGateway, openGateways,
        storeReceipt, matchReceipts, dropUnmatched, messageOfReference, storeBounce,
        messageOfNumber, figuresToday, sendsPerDay, deliveryTimes,
        newestVersion, firstVersions, versions, addVersion,
    ]
}

struct TemplateRow: Decodable, Sendable {
    let language: String
    let version: Int
    let subject: String
    let body: String
    /// Whether the portal's text messages go without diacritics.
    let transliterates: Bool
}

struct HeldMessage: Decodable, Sendable {
    let id: MessageID
    let reference: UUID
    let kind: String
    let channel: Channel
    let state: MessageState
    let clientID: ClientID?
    let accountID: AccountID?
    let subjectKind: String
    let subjectID: Int64
    let language: String
    let keySubjectKind: String
    let keySubjectID: Int64
    let recipient: [UInt8]
    let content: [UInt8]?
    let secret: Bool
    let attempts: Int
    let tooLate: Bool
    /// The PDF that goes with it, sealed; nil while it is still made.
    let fileName: String?
    let file: [UInt8]?
    let isFileLate: Bool
    /// Whether the phone's network told of it already.
    let hasReceipt: Bool
    /// Whether it waited for its time at the gateway, which has come.
    let hasWaited: Bool
    /// Sending stands still at the portal.
    let fenced: Bool
    /// The installation keeps a journal.
    let journaled: Bool
    /// Lines of the journal are there that this database did not know.
    let hasLines: Bool
    /// Which start of which database answers.
    let server: String
}

/// A message that waits for its file.
struct ExpectedFile: Decodable, Sendable {
    let keySubjectKind: String
    let keySubjectID: Int64
    let runID: RunID?
}

struct AbandonedRow: Decodable, Sendable {
    let portalID: PortalID
    let id: MessageID
}

struct UnqueuedRow: Decodable, Sendable {
    let id: MessageID
    let kind: String
    let secret: Bool
}

/// A way of sending, as it stands in its table.
struct ProviderRow: Decodable, Sendable {
    let portalID: PortalID
    let id: ProviderID
    let name: String
    let channel: Channel
    let kind: ProviderKind
    let settings: String
    let secret: [UInt8]?
    let secretKeyID: String?
    let active: Bool
    let version: Int
    /// How many messages a minute it takes at most; nil for as many as come.
    let perMinute: Int?
}

struct GatewayLook: Decodable, Sendable {
    let perMinute: Int?
    /// For how long it is left alone yet; 0 or less when its time is over.
    let openSeconds: Double
    let isOpen: Bool
    /// Whether others wait for times of their own.
    let isCrowded: Bool
}

struct OpenGateway: Decodable, Sendable {
    let portalID: PortalID
    let providerID: ProviderID
    let reason: String
    let failures: Int
    let until: CivilDateTime?
}

/// What a provider speaks.
enum ProviderKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// Keeps what it is given where staff can read it; sends nothing outside.
    case local
    case smtp
    case httpSMS = "http_sms"
}
