import Access
import Audit
import DeskKit
import DeskWeb
import JobRunner
import Markdown
import Portals
import Postgres

/// A second person publishes a version: its words are made what clients are served, and from the midnight of its day
/// on, by the portal's clock, it is in force without anybody doing anything.
struct ApproveVersion: Sendable {
    let audit: AuditTrail
    let catalog: Catalog
    let jobs: JobQueue

    /// `changeClass` is the second person's own view of the change.
    static func decide(
        _ held: HeldVersion,
        _ changeClass: ChangeClass,
        version: Int,
        _ facts: SubmitVersion.Facts,
        by staff: StaffID
    ) throws(TextRefusal) -> CivilDate {
        guard held.state == .review, let day = held.effectiveOn else { throw .notInReview }
        guard held.version == version else { throw .changedMeanwhile }
        guard held.submittedBy != staff, !held.writers.contains(staff.rawValue) else { throw .ownWork }
        guard held.changeClass == changeClass else { throw .classDiffers }
        if facts.listsCookies, facts.unknownCookies > 0 { throw .cookiesUnknown }
        try SubmitVersion.checkDay(held, changeClass, day, facts.dayIsTaken)
        return day
    }

    /// Throws `TextRefusal`, `AccessDenied`, `PageError.notFound`, `PostgresError`.
    func run(
        _ place: VersionPlace,
        _ changeClass: ChangeClass,
        version: Int,
        portal: PortalProfile,
        by staff: StaffContext,
        in session: Session
    ) throws {
        try staff.require(.textsApprove, portal.id)
        _ = try session.first(TextsQueries.holdText, ["portal": portal.id, "key": place.key])
        let held = try place.hold(in: session)
        let facts = try SubmitVersion.facts(
            of: held,
            on: held.effectiveOn ?? held.today,
            portal,
            in: session
        )
        let day = try Self.decide(held, changeClass, version: version, facts, by: staff.id)
        try freeze(facts.locales, of: held, portal, in: session)
        let text: Parameters = ["portal": portal.id, "text": held.textID, "day": day]
        try session.run(TextsQueries.endBefore, text)
        try session.run(
            TextsQueries.publishVersion,
            [
                "portal": portal.id, "version": held.id, "staff": staff.id, "lists_cookies": facts.listsCookies,
            ]
        )
        if changeClass.isTold, !held.isFirst {
            try jobs.enqueue(
                TellClients.self,
                portal: portal.id,
                payload: TellClients.Order(version: held.id, after: AccountID(0)),
                uniqueKey: held.id.description,
                in: session
            )
        }
        try audit.record(
            AuditEvent(
                "text.approved",
                portal: portal.id,
                by: staff.actor,
                on: .text(held.textID),
                facts: [
                    "text": held.key, "number": "\(held.number)", "class": changeClass.rawValue, "day": day.iso,
                ]
            ),
            in: session
        )
    }

    private func freeze(
        _ locales: [LocaleRow],
        of held: HeldVersion,
        _ portal: PortalProfile,
        in session: Session
    ) throws {
        let rendering = try TextRendering(portal, catalog, in: session)
        for row in locales {
            let html: Markdown
            do throws(MarkdownRefusal) {
                html = try rendering.html(row.body, locale: row.locale)
            } catch {
                throw TextRefusal(error)
            }
            try session.run(
                TextsQueries.freezeLocale,
                ["portal": portal.id, "version": held.id, "locale": row.locale, "html": html.html.text]
            )
        }
    }
}
