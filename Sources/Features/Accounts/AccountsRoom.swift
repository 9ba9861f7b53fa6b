import Access
import DeskKit
import DeskWeb
import Identifiers
import Identity
import JobRunner
import Messaging
import Portals
import Postgres
import Secrets

/// What the commands of this room are made of.
struct AccountsRoom: Sendable {
    let desk: Desk
    let identity: IdentityService
    let queue: JobQueue
    let notices: AccountNotices
    let trail: AccountTrail
    let letters: SecretLetters

    init(desk: Desk, identity: IdentityService, queue: JobQueue, outbox: Outbox) {
        self.desk = desk
        self.identity = identity
        self.queue = queue
        notices = AccountNotices(outbox: outbox, site: desk.site)
        trail = AccountTrail(audit: desk.audit)
        letters = SecretLetters(notices: notices, codes: OneTimeCodes(keyRing: desk.keys))
    }

    func acting(_ place: AccountPlace) -> ActOnAccount {
        ActOnAccount(
            notices: notices,
            trail: trail,
            letters: letters,
            identity: identity,
            portal: place.portal,
            staff: place.staff.id,
            actor: place.staff.actor
        )
    }

    func contacts(_ portal: PortalProfile) -> ContactChange {
        ContactChange(
            notices: notices,
            trail: trail,
            identity: identity,
            queue: queue,
            links: desk.keys.lookup(.link),
            portal: portal
        )
    }

    func accesses(_ place: AccountPlace) -> ChangeAccess {
        ChangeAccess(
            notices: notices,
            trail: trail,
            identity: identity,
            portal: place.portal,
            actor: place.staff.actor
        )
    }

    /// Everything that an action's page shows; nil when there is no such account.
    func content(
        _ place: AccountPlace,
        word: String,
        needs: VerificationStrength?
    ) async throws -> ActionPage.Content? {
        let identity = identity
        return try await desk.database.read(place.scope) { session in
            let whom: Parameters = ["portal": place.portal.id, "account": place.account]
            guard let row = try StandingRow.find(place.account, portal: place.portal.id, in: session) else {
                return nil
            }
            let client = try session.all(AccountsQueries.accessesOfAccount, whom).first?.clientID
            return ActionPage.Content(
                row: row,
                portal: place.portal,
                word: word,
                needs: needs,
                proof: try identity.standing(
                    client: nil,
                    account: place.account,
                    portal: place.portal.id,
                    in: session
                ),
                verify: client.map {
                    IdentityService.path(portal: place.portal, client: $0, account: place.account)
                }
            )
        }
    }

    /// What of an account's page is about actions. Throws `PostgresError`.
    func actionsView(
        _ place: AccountPlace,
        words: Words,
        in session: Session
    ) throws -> AccountActionsView? {
        let whom: Parameters = ["portal": place.portal.id, "account": place.account]
        guard let row = try StandingRow.find(place.account, portal: place.portal.id, in: session) else { return nil }
        let client = try session.all(AccountsQueries.accessesOfAccount, whom).first?.clientID
        let proof = try identity.standing(client: nil, account: place.account, portal: place.portal.id, in: session)
        let maker = ActionsMaker(place: place, row: row, words: words)
        return AccountActionsView(
            why: SignInDiagnosis(row).sentence(row, words),
            links: maker.links,
            verified: proof.map {
                words("accounts.verified", ["until": .text(words.recent($0.until, today: row.today))])
            },
            verify: proof == nil && place.staff.may(.identityVerify, place.portal.id)
                ? client.map { IdentityService.path(portal: place.portal, client: $0, account: place.account) } : nil,
            changes: try session.all(AccountsQueries.openContacts, whom).map(maker.change),
            incident: try session.first(AccountsQueries.incidentOfAccount, whom).map(maker.incident)
        )
    }
}

/// Makes the views of what may be done about one account now, by this reader.
struct ActionsMaker {
    let place: AccountPlace
    let row: StandingRow
    let words: Words

    private func may(_ right: Right) -> Bool { place.staff.may(right, place.portal.id) }

    /// The fitting one first; what makes no sense in this state is not offered.
    var links: [AccountActionsView.Link] {
        guard row.state != .closed else { return [] }
        let fitting = SignInDiagnosis(row).action
        let sensible = AccountAction.allCases.filter { action in
            switch action {
            case .lock, .temporaryPassword, .activationLink: row.state != .locked
            case .unlock: !row.hasIncident && (row.state == .locked || row.waitUntil != nil)
            case .threat: !row.hasIncident
            case .endSessions, .deactivate: true
            }
        }
        let actions = sensible.filter { may($0.right) }.sorted { $0 == fitting && $1 != fitting }
        var links = actions.map { action in
            AccountActionsView.Link(
                href: "\(place.path)/\(action.rawValue)",
                text: words("accounts.action.\(action.rawValue).title"),
                isFirst: action == fitting
            )
        }
        for (word, right) in [("contact", Right.accountsContact), ("access", .accountsAccess)] where may(right) {
            links.append(
                .init(href: "\(place.path)/\(word)", text: words("accounts.action.\(word).title"), isFirst: false)
            )
        }
        return links
    }

    func change(_ change: OpenContact) -> AccountActionsView.Change {
        let kind = change.kind.identifier
        let base = "\(place.path)/changes/\(change.id)"
        let isOwn = change.askedBy == place.staff.id
        let mayDecide = change.state == .asked && may(.accountsContactApprove) && !isOwn
        return AccountActionsView.Change(
            text: words(
                "accounts.change.text",
                [
                    "old": .text(change.oldValue.map { kind.masked($0) } ?? "–"),
                    "new": .text(kind.masked(change.newValue)),
                ]
            ),
            detail: words(
                "accounts.change.\(change.state.rawValue)",
                [
                    "who": .text(change.askedByName ?? words("accounts.change.client")),
                    "when": .text(words.recent(change.effective ?? change.asked, today: row.today)),
                ]
            ),
            approve: mayDecide ? "\(base)/approval" : nil,
            decline: mayDecide ? "\(base)/refusal" : nil,
            stop: may(.accountsContact) ? "\(base)/stop" : nil,
            own: isOwn && change.state == .asked ? words("accounts.change.own") : nil
        )
    }

    func incident(_ incident: IncidentRow) -> AccountActionsView.Incident {
        AccountActionsView.Incident(
            text: words(
                "accounts.incident.text",
                [
                    "who": .text(incident.openedBy), "when": .text(words.recent(incident.opened, today: row.today)),
                    "sessions": .number(incident.sessionsEnded), "codes": .number(incident.codesVoided),
                ]
            ),
            action: may(.accountsThreat) ? "\(place.path)/incident" : nil,
            outcome: Fields(words, prefix: "incident").options(
                "outcome",
                "accounts.incident.outcome",
                IncidentOutcome.allCases.map { ($0.rawValue, words("accounts.outcome.\($0.rawValue)")) }
            )
        )
    }
}
