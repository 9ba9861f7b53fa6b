import Audit
package import DeskKit
package import Portals
package import Postgres

/// Writes a further version of a letter. Versions never change; the newest of a language is in force.
struct SaveTemplate: Sendable {
    enum Refusal: Error, Sendable, Hashable {
        /// Somebody else saved a version since the form was shown.
        case changedMeanwhile
        case nothingChanged
        /// The letter does not exist in any language.
        case unknown
        case malformed(field: String)
        /// A tag that this kind of letter has no value for.
        case strange(name: String, field: String)
        /// A tag that the letter cannot do without.
        case missing(name: String)
    }

    struct Place: Sendable, Hashable {
        let portal: PortalID
        let kind: String
        let channel: Channel
        let language: String
    }

    struct Draft: Sendable, Hashable {
        var subject: String
        var body: String
        /// The newest version when the form was shown, 0 where the language had none.
        var version: Int
    }

    /// What a letter may and must say: by the first versions, which the program brought along.
    struct Tags: Sendable, Hashable {
        let allowed: Set<String>
        let required: Set<String>

        init(_ rows: [FirstVersion], _ channel: Channel) {
            let names = { (row: FirstVersion) -> Set<String> in
                let texts = [row.subject, row.body].compactMap { try? LetterText($0) }
                return texts.reduce(into: []) { $0.formUnion($1.names) }
            }
            allowed = rows.reduce(into: []) { $0.formUnion(names($1)) }
            let own = rows.filter { $0.channel == channel }.map(names)
            required = own.dropFirst().reduce(own.first ?? []) { $0.intersection($1) }
        }
    }

    let audit: AuditTrail

    static func decide(_ draft: Draft, newest: NewestVersion?, _ tags: Tags) throws(Refusal) {
        guard draft.version == newest?.version ?? 0 else { throw .changedMeanwhile }
        if let newest, newest.subject == draft.subject, newest.body == draft.body { throw .nothingChanged }
        try check(draft, tags)
    }

    static func check(_ draft: Draft, _ tags: Tags) throws(Refusal) {
        guard !tags.allowed.isEmpty else { throw .unknown }
        var used: Set<String> = []
        for (field, text) in [("subject", draft.subject), ("body", draft.body)] {
            guard let letter = try? LetterText(text), !letter.hasOtherTags else { throw .malformed(field: field) }
            if let name = letter.names.subtracting(tags.allowed).sorted().first {
                throw .strange(name: name, field: field)
            }
            used.formUnion(letter.names)
        }
        if let name = tags.required.subtracting(used).sorted().first { throw .missing(name: name) }
    }

    /// Answers the new version. Throws `Refusal`, `PostgresError`.
    func run(_ place: Place, _ draft: Draft, by actor: Actor, staff: StaffID, in session: Session) throws -> Int {
        let values: Parameters = [
            "portal": place.portal, "kind": place.kind, "channel": place.channel, "language": place.language,
        ]
        let newest = try session.first(MessagingQueries.newestVersion, values)
        let firsts = try session.all(MessagingQueries.firstVersions, ["portal": place.portal, "kind": place.kind])
        try Self.decide(draft, newest: newest, Tags(firsts, place.channel))
        let version = try session.first(
            MessagingQueries.addVersion,
            values.merging([
                "subject": draft.subject, "body": draft.body, "version": draft.version + 1, "staff": staff,
            ]) { $1 }
        )
        guard let version else { throw Refusal.changedMeanwhile }
        try audit.record(
            AuditEvent(
                "template.saved",
                portal: place.portal,
                by: actor,
                on: Subject("portal", Int64(place.portal.rawValue)),
                facts: [
                    "kind": place.kind, "channel": place.channel.rawValue, "language": place.language,
                    "version": "\(version)",
                ]
            ),
            in: session
        )
        return version
    }
}

/// The first version of a letter in one channel and language.
struct FirstVersion: Decodable, Sendable {
    let channel: Channel
    let subject: String
    let body: String
}

struct NewestVersion: Decodable, Sendable {
    let version: Int
    let subject: String
    let body: String
}

struct VersionRow: Decodable, Sendable {
    let version: Int
    let made: CivilDateTime
    let madeBy: String?
    let today: CivilDate
}

/// Real values for a letter's preview, masked. The room that writes a kind of letter gives them; DeskApp fits them in.
package protocol SamplesLetters: Sendable {
    /// The kinds it knows, by their beginning: "reminders.".
    var kindPrefix: String { get }

    /// The values of some letters of late, each with the client's name, masked. Throws `PostgresError`.
    func samples(
        _ kind: String,
        channel: Channel,
        language: String,
        portal: PortalID,
        in session: Session
    ) throws -> [LetterSample]
}

/// One letter's values.
package struct LetterSample: Sendable {
    /// "Ł••• Ż•••".
    package let client: String
    package let values: [String: String]

    package init(client: String, values: [String: String]) {
        self.client = client
        self.values = values
    }
}
