import Access
import Audit
import DeskKit
import Portals
import Postgres

/// Hands a draft to a second person, with what the change means and the day it takes effect.
struct SubmitVersion: Sendable {
    struct Draft: Sendable, Hashable {
        var changeClass: ChangeClass
        var rationale: String
        var day: CivilDate
        /// The purposes for which a policy asks consent again; a consent's own text asks for its own.
        var asks: [PurposeID] = []
        var version: Int
    }

    /// What is known of a version beside its row.
    struct Facts: Sendable, Hashable {
        /// The portal's languages, the leading one first.
        var languages: [String]
        var locales: [LocaleRow]
        /// The hashes of what was published last, by language.
        var before: [String: [UInt8]]
        var cookiesChanged: Bool
        var unknownCookies: Int
        var dayIsTaken: Bool

        /// Whether the text shows the portal's list of cookies.
        var listsCookies: Bool { locales.contains { TextRendering.listsCookies($0.body) } }
    }

    let audit: AuditTrail

    static func decide(_ held: HeldVersion, _ draft: Draft, _ facts: Facts) throws(TextRefusal) {
        guard held.state == .draft else { throw .notDraft }
        guard held.version == draft.version else { throw .changedMeanwhile }
        for language in facts.languages where !facts.locales.contains(where: { $0.locale == language }) {
            throw .languageMissing
        }
        if facts.locales.contains(where: { $0.stale && facts.languages.contains($0.locale) }) {
            throw .translationStale
        }
        let now = Dictionary(facts.locales.map { ($0.locale, $0.source) }) { $1 }
        if now == facts.before, !facts.cookiesChanged { throw .nothingChanged }
        if facts.listsCookies, facts.unknownCookies > 0 { throw .cookiesUnknown }
        try checkDay(held, draft.changeClass, draft.day, facts.dayIsTaken)
        let isOwnPurpose = held.kind == .consent || held.kind == .declaration
        if draft.changeClass == .consent, !isOwnPurpose, draft.asks.isEmpty { throw .noPurpose }
    }

    /// Clients are told so many days before, of everything but wording and a text's first version.
    static func checkDay(
        _ held: HeldVersion,
        _ changeClass: ChangeClass,
        _ day: CivilDate,
        _ isTaken: Bool
    ) throws(TextRefusal) {
        if day < held.today { throw .dayPast }
        if isTaken { throw .dayTaken }
        let notice = changeClass.isTold && !held.isFirst ? held.noticeDays : 0
        if held.today.days(to: day) < notice { throw .noticeTooShort }
    }

    /// Throws `TextRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(
        _ place: VersionPlace,
        _ draft: Draft,
        portal: PortalProfile,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.textsWrite, portal.id)
        let held = try place.hold(in: session)
        try Self.decide(held, draft, try Self.facts(of: held, on: draft.day, portal, in: session))
        try session.run(ConsentsQueries.askNobody, ["portal": portal.id, "version": held.id])
        if draft.changeClass == .consent {
            try session.run(
                ConsentsQueries.askAgain,
                ["portal": portal.id, "version": held.id, "purposes": draft.asks, "text": held.textID]
            )
        }
        try session.run(
            TextsQueries.submitVersion,
            [
                "portal": portal.id, "version": held.id, "class": draft.changeClass, "rationale": draft.rationale,
                "day": draft.day, "staff": staff.id,
            ]
        )
        try audit.record(
            AuditEvent(
                "text.submitted",
                portal: portal.id,
                by: staff.actor,
                on: .text(held.textID),
                facts: [
                    "text": held.key, "number": "\(held.number)", "class": draft.changeClass.rawValue,
                    "day": draft.day.iso,
                ]
            ),
            in: session
        )
    }

    static func facts(
        of held: HeldVersion,
        on day: CivilDate,
        _ portal: PortalProfile,
        in session: Session
    ) throws -> Facts {
        let text: Parameters = ["portal": portal.id, "text": held.textID]
        let before = try session.all(TextsQueries.lastSources, text)
        return Facts(
            languages: portal.identity.languages,
            locales: try session.all(TextsQueries.locales, ["portal": portal.id, "version": held.id]),
            before: Dictionary(before.map { ($0.locale, $0.source) }) { $1 },
            cookiesChanged: try session.one(TextsQueries.cookiesChanged, text),
            unknownCookies: try session.one(TextsQueries.unknownCookies, ["portal": portal.id]),
            dayIsTaken: try session.one(TextsQueries.dayIsTaken, text.merging(["day": day]) { $1 })
        )
    }
}
