import Audit
import DeskKit
import Portals
import Postgres
import Secrets

/// Adds, changes and activates a portal's ways of sending. One is active per channel; its predecessor is kept, retired.
struct SaveProvider: Sendable {
    enum Refusal: String, Error, Sendable {
        case notThere = "not_there"
        case changedMeanwhile = "changed_meanwhile"
        case alreadyActive = "already_active"
        case notActive = "not_active"
        /// A stored password must not travel to a new address by itself.
        case secretForNewAddress = "secret_for_new_address"
        /// It was not left alone.
        case notOpen = "not_open"
    }

    let audit: AuditTrail
    let keyRing: KeyRing

    /// Answers the new provider's key. Throws `PostgresError`.
    func add(_ draft: ProviderDraft, portal: PortalID, by actor: Actor, in session: Session) throws -> ProviderID {
        let sealed = try seal(draft, portal)
        let id = try session.one(
            MessagingQueries.addProvider,
            [
                "portal": portal, "name": draft.name, "channel": draft.settings.channel, "kind": draft.settings.kind,
                "settings": try draft.settings.json(), "secret": sealed?.bytes, "secret_key_id": sealed?.keyID,
                "per_minute": draft.perMinute,
            ]
        )
        let facts = ["name": draft.name, "kind": draft.settings.kind.rawValue]
        try record("provider.added", id, portal, actor, facts, in: session)
        return id
    }

    /// Saves what was typed over the version it began with. Throws `Refusal`, `PostgresError`.
    func change(
        _ id: ProviderID,
        version: Int,
        to draft: ProviderDraft,
        portal: PortalID,
        by actor: Actor,
        in session: Session
    ) throws {
        let place: Parameters = ["portal": portal, "provider": id]
        guard let row = try session.first(MessagingQueries.findProvider, place),
            row.kind == draft.settings.kind, row.channel == draft.settings.channel
        else { throw Refusal.notThere }
        guard row.version == version else { throw Refusal.changedMeanwhile }
        let old = try ProviderSettings(row)
        let keeps = draft.secret == nil && draft.settings.usesSecret && row.secret != nil
        if keeps, old.address != draft.settings.address { throw Refusal.secretForNewAddress }
        let sealed = try seal(draft, portal)
        let changed = try session.run(
            MessagingQueries.changeProvider,
            place.merging([
                "name": draft.name, "settings": try draft.settings.json(), "keeps_secret": keeps,
                "secret": sealed?.bytes, "secret_key_id": sealed?.keyID, "version": version,
                "per_minute": draft.perMinute,
            ]) { $1 }
        )
        guard changed == 1 else { throw Refusal.changedMeanwhile }
        var fields = try old.differences(from: draft.settings)
        if row.name != draft.name { fields.append("name") }
        if row.perMinute != draft.perMinute { fields.append("per_minute") }
        if !keeps, draft.secret != nil || row.secret != nil { fields.append("secret") }
        let facts = ["name": draft.name, "fields": fields.sorted().joined(separator: ", ")]
        try record("provider.changed", id, portal, actor, facts, in: session)
    }

    /// Makes it the one its channel sends by; messages that wait go by it. Throws `Refusal`, `PostgresError`.
    func activate(_ id: ProviderID, portal: PortalID, by actor: Actor, in session: Session) throws {
        let place: Parameters = ["portal": portal, "provider": id]
        guard let row = try session.first(MessagingQueries.findProvider, place) else { throw Refusal.notThere }
        try session.run(
            MessagingQueries.retireProviders,
            ["portal": portal, "channel": row.channel, "keep": id]
        )
        do {
            guard try session.run(MessagingQueries.activateProvider, place) == 1 else { throw Refusal.alreadyActive }
        } catch let error as PostgresError where error.violates("provider_one_active") {
            throw Refusal.changedMeanwhile
        }
        let facts = ["name": row.name, "channel": row.channel.rawValue]
        try record("provider.activated", id, portal, actor, facts, in: session)
    }

    /// Takes it out of use without another in its place; messages of its channel wait. Throws `Refusal`,
    /// `PostgresError`.
    func retire(_ id: ProviderID, portal: PortalID, by actor: Actor, in session: Session) throws {
        let place: Parameters = ["portal": portal, "provider": id]
        guard let row = try session.first(MessagingQueries.findProvider, place) else { throw Refusal.notThere }
        guard try session.run(MessagingQueries.retireProvider, place) == 1 else { throw Refusal.notActive }
        let facts = ["name": row.name, "channel": row.channel.rawValue]
        try record("provider.retired", id, portal, actor, facts, in: session)
    }

    /// Lets a gateway that is left alone be asked at once. Throws `Refusal`, `PostgresError`.
    func closeBreaker(_ id: ProviderID, portal: PortalID, by actor: Actor, in session: Session) throws {
        let place: Parameters = ["portal": portal, "provider": id]
        guard let row = try session.first(MessagingQueries.findProvider, place) else { throw Refusal.notThere }
        guard try session.run(MessagingQueries.closeGateway, place) == 1 else { throw Refusal.notOpen }
        try record("provider.breaker_closed", id, portal, actor, ["name": row.name], in: session)
    }

    private func seal(_ draft: ProviderDraft, _ portal: PortalID) throws -> Sealed? {
        guard draft.settings.usesSecret, let secret = draft.secret else { return nil }
        return try keyRing.seal(text: secret, context: ProviderSettings.secretContext(portal))
    }

    private func record(
        _ action: String,
        _ id: ProviderID,
        _ portal: PortalID,
        _ actor: Actor,
        _ facts: [String: String],
        in session: Session
    ) throws {
        let subject = Subject("provider", id.rawValue)
        try audit.record(AuditEvent(action, portal: portal, by: actor, on: subject, facts: facts), in: session)
    }
}

/// A provider as typed.
struct ProviderDraft: Sendable {
    let name: String
    let settings: ProviderSettings
    /// How many messages a minute it takes at most.
    var perMinute: Int?
    /// Nil keeps the stored one.
    let secret: Redacted<String>?
}
