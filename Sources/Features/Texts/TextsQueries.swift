import DeskKit
package import Postgres

/// The statements of `sql/queries/texts*.sql`.
package enum TextsQueries {
    static let listTexts = Query<TextRow>("texts.list_texts")
    static let findText = Query<FoundText>("texts.find_text")
    static let addText = Query<TextID>("texts.add_text")
    static let listVersions = Query<VersionRow>("texts.list_versions")
    static let findVersion = Query<FoundVersion>("texts.find_version")
    static let holdVersion = Query<HeldVersion>("texts.hold_version")
    static let holdText = Query<FoundText>("texts.hold_text")
    static let addVersion = Query<Int>("texts.add_version")
    static let copyLocales = Statement("texts.copy_locales")
    static let locales = Query<LocaleRow>("texts.locales")
    static let saveLocale = Statement("texts.save_locale")
    static let noteWriter = Statement("texts.note_writer")
    static let lastSources = Query<SourceRow>("texts.last_sources")
    static let cookiesChanged = Query<Bool>("texts.cookies_changed")
    static let unknownCookies = Query<Int>("texts.unknown_cookies")
    static let dayIsTaken = Query<Bool>("texts.day_is_taken")
    static let submitVersion = Statement("texts.submit_version")
    static let returnVersion = Statement("texts.return_version")
    static let discardVersion = Statement("texts.discard_version")
    static let freezeLocale = Statement("texts.freeze_locale")
    static let endBefore = Statement("texts.end_before")
    static let publishVersion = Statement("texts.publish_version")
    static let withdrawVersion = Statement("texts.withdraw_version")
    static let reopenBefore = Statement("texts.reopen_before")
    static let listCookies = Query<CookieRow>("texts.list_cookies")
    static let holdCookie = Query<CookieRow>("texts.hold_cookie")
    static let addCookie = Query<CookieID>("texts.add_cookie")
    static let changeCookie = Statement("texts.change_cookie")
    static let clientsToTell = Query<TellClients.Recipient>("texts.clients_to_tell")
    static let noteTold = Statement("texts.note_told")
    static let toldCounts = Query<Int>("texts.told_counts")

    static let texts: [any QueryDescribing] = [
        listTexts, findText, addText, listVersions, findVersion, holdVersion, holdText, addVersion, copyLocales,
        locales, saveLocale, noteWriter, lastSources, cookiesChanged, unknownCookies, dayIsTaken, submitVersion,
        returnVersion, discardVersion, freezeLocale, endBefore, publishVersion, withdrawVersion, reopenBefore,
        listCookies, holdCookie, addCookie, changeCookie, clientsToTell, noteTold, toldCounts,
    ]

    package static let all: [any QueryDescribing] = texts + ConsentsQueries.all
}

struct TextRow: Decodable, Sendable {
    let portalID: PortalID
    let id: TextID
    let kind: TextKind
    let key: String
    let liveNumber: Int?
    let liveSince: CivilDate?
    let nextNumber: Int?
    let nextOn: CivilDate?
    let openNumber: Int?
    let openState: VersionState?
    let cookiesDiffer: Bool
}

struct FoundText: Decodable, Sendable {
    let id: TextID
    let kind: TextKind
    let key: String
    let noticeDays: Int
    let today: CivilDate
}

struct VersionRow: Decodable, Sendable {
    let id: TextVersionID
    let number: Int
    let standing: Standing
    let changeClass: ChangeClass?
    let rationale: String
    let effectiveOn: CivilDate?
    let made: CivilDateTime
    let began: CivilDateTime?
    let ended: CivilDateTime?
}

struct FoundVersion: Decodable, Sendable {
    let textID: TextID
    let kind: TextKind
    let key: String
    let noticeDays: Int
    let id: TextVersionID
    let number: Int
    let state: VersionState
    let standing: Standing
    let changeClass: ChangeClass?
    let rationale: String
    let effectiveOn: CivilDate?
    let writers: [Int64]
    let submittedBy: StaffID?
    let returnedNote: String
    let withdrawnReason: String
    let version: Int
    let today: CivilDate
    let began: CivilDateTime?
    let ended: CivilDateTime?
    let submitter: String?
    let approver: String?
    let cookiesDiffer: Bool
    /// The number of the version published before it.
    let before: Int?
}

/// A version as a command holds it.
struct HeldVersion: Decodable, Sendable, Hashable {
    var kind: TextKind
    var key: String
    var noticeDays: Int
    var id: TextVersionID
    var textID: TextID
    var number: Int
    var state: VersionState
    var changeClass: ChangeClass?
    var effectiveOn: CivilDate?
    var writers: [Int64]
    var submittedBy: StaffID?
    var version: Int
    var today: CivilDate
    var scheduled: Bool
    var live: Bool
    var isFirst: Bool
}

struct LocaleRow: Decodable, Sendable, Hashable {
    var locale: String
    var title: String
    var body: String
    var source: [UInt8]
    var html: String?
    var hash: [UInt8]?
    var version: Int
    var stale: Bool
}

struct SourceRow: Decodable, Sendable {
    let locale: String
    let source: [UInt8]
}
