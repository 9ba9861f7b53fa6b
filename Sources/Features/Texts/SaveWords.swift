import Access
import Audit
import DeskKit
import DeskWeb
import Markdown
import Portals
import Postgres

/// Saves a draft's words in one language.
struct SaveWords: Sendable {
    /// The form. `version` is the row's one that the form was shown with, 0 for a language not written yet; `fits` says
    /// that a translation was held against the leading language as it stands.
    struct Draft: Sendable, Hashable {
        var title: String
        var body: String
        var fits: Bool
        var version: Int
    }

    let audit: AuditTrail

    static func decide(_ held: HeldVersion, _ row: LocaleRow?, _ draft: Draft) throws(TextRefusal) {
        guard held.state == .draft else { throw .notDraft }
        guard (row?.version ?? 0) == draft.version else { throw .changedMeanwhile }
        do throws(MarkdownRefusal) {
            _ = try Markdown(draft.body)
        } catch {
            throw TextRefusal(error)
        }
    }

    /// Throws `TextRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(
        _ place: VersionPlace,
        locale: String,
        _ draft: Draft,
        portal: PortalProfile,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.textsWrite, portal.id)
        guard portal.identity.languages.contains(locale) else { throw PageError.notFound }
        let held = try place.hold(in: session)
        let rows = try session.all(TextsQueries.locales, ["portal": portal.id, "version": held.id])
        try Self.decide(held, rows.first { $0.locale == locale }, draft)
        let saved = try session.run(
            TextsQueries.saveLocale,
            [
                "portal": portal.id, "version": held.id, "locale": locale, "title": draft.title, "body": draft.body,
                "fits": draft.fits, "was": draft.version, "staff": staff.id,
            ]
        )
        guard saved == 1 else { throw TextRefusal.changedMeanwhile }
        try session.run(TextsQueries.noteWriter, ["portal": portal.id, "version": held.id, "staff": staff.id])
        try audit.record(
            AuditEvent(
                "text.saved",
                portal: portal.id,
                by: staff.actor,
                on: .text(held.textID),
                facts: ["text": held.key, "number": "\(held.number)", "language": locale]
            ),
            in: session
        )
    }
}

/// Which version of which text.
struct VersionPlace: Sendable, Hashable {
    let portal: PortalID
    let key: String
    let number: Int

    var parameters: Parameters { ["portal": portal, "key": key, "number": number] }

    /// Held until the end of the transaction. Throws `PageError.notFound`.
    func hold(in session: Session) throws -> HeldVersion {
        guard let held = try session.first(TextsQueries.holdVersion, parameters) else { throw PageError.notFound }
        return held
    }
}

extension TextRefusal {
    init(_ refusal: MarkdownRefusal) {
        self =
            switch refusal {
            case .tooLarge: .tooLarge
            case .tooDeep: .tooDeep
            case .tooManyParts: .tooManyParts
            }
    }
}
