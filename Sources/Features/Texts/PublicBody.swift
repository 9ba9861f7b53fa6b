import DeskKit
import FoundationEssentials
import Portals
import Postgres
import Secrets

/// The bodies of the public API; their names are its contract.
enum PublicBody {
    struct Manifest: Encodable {
        let portal: String
        let languages: [String]
        let texts: [Text]
    }

    struct Text: Encodable {
        let key: String
        let kind: String
        let version: Int
        let language: String
        let title: String
        let hash: String
        let since: Date?
        let until: Date?
        let isCurrent: Bool
        let href: String
        let fixed: String

        init(_ row: ManifestRow, _ base: String) {
            key = row.key
            kind = row.kind.rawValue
            version = row.number
            language = row.locale
            title = row.title
            hash = Hex.encode(row.hash)
            since = row.since
            until = row.until
            isCurrent = row.since.map { $0 <= row.now } ?? false
            href = "\(base)/\(row.key)?lang=\(row.locale)"
            fixed = "\(base)/by-hash/\(hash)"
        }
    }

    struct Cookies: Encodable {
        let portal: String
        let language: String
        let cookies: [Cookie]
    }

    struct Cookie: Encodable {
        let name: String
        let storage: String
        let party: String
        let provider: String
        let category: String
        let minutes: Int?
        let purpose: String

        init(_ item: CookieItem, _ locale: String, _ languages: [String]) {
            name = item.name
            storage = item.storage.rawValue
            party = item.party.rawValue
            provider = item.provider
            category = item.category.rawValue
            minutes = item.minutes
            purpose = item.purpose(in: locale, languages)
        }
    }

    struct Decisions: Decodable, Sendable {
        let method: String
        let decisions: [Decision]
    }

    struct Standings: Encodable {
        struct Purpose: Encodable {
            let purpose: String
            let kind: String
            let category: String?
            let standing: String

            init(_ row: StandingRow) {
                purpose = row.key
                kind = row.kind.rawValue
                category = row.category?.rawValue
                standing = row.standing.rawValue
            }
        }

        let purposes: [Purpose]
    }

    /// The sections of ISO/IEC TS 27560: header, parties, events with what was processed for what.
    struct Receipt: Encodable {
        struct Header: Encodable {
            let schema: String
            let receipt: String
            let at: Date
        }

        struct Parties: Encodable {
            let controller: String
            let portal: String
            /// Only where a browser's id was just made or given.
            let visitor: String?
        }

        struct Event: Encodable {
            let purpose: String
            let action: String
            let method: String
            let decidedAt: Date
            let text: Text?
            let hash: String
            let previous: String?
        }

        struct Text: Encodable {
            let key: String
            let version: Int
            let language: String
            let hash: String
        }

        let header: Header
        let parties: Parties
        let events: [Event]

        init(_ receipt: RecordConsent.Receipt, _ portal: PortalProfile, visitor: String?) {
            header = Header(
                schema: "portaldesk-receipt-1",
                receipt: receipt.id.uuidString.lowercased(),
                at: receipt.at
            )
            parties = Parties(controller: portal.name, portal: portal.key, visitor: visitor)
            events = receipt.rows.map { row in
                var text: Text?
                if let key = row.textKey, let number = row.number, let locale = row.locale, let hash = row.textHash {
                    text = Text(key: key, version: number, language: locale, hash: Hex.encode(hash))
                }
                return Event(
                    purpose: row.purpose,
                    action: row.action.rawValue,
                    method: row.method.rawValue,
                    decidedAt: row.decidedAt,
                    text: text,
                    hash: Hex.encode(row.hash),
                    previous: row.previous.map { Hex.encode($0) }
                )
            }
        }
    }
}

/// What a banner shows: each purpose of cookies with its words in force, and the policies.
struct Banner: Sendable {
    struct Purpose: Encodable, Sendable {
        let purpose: String
        let category: String
        let title: String
        let html: String
        let hash: String
        /// The signals of Google's Consent Mode that the category stands for.
        let signals: [String]
    }

    struct Body: Encodable, Sendable {
        let portal: String
        let language: String
        let purposes: [Purpose]
        let policies: [String]
    }

    let body: Body
    /// How long it may be kept.
    let seconds: Int

    init(_ portal: PortalProfile, locale: String, in session: Session) throws {
        let purposes = try session.all(ConsentsQueries.listPurposes, ["portal": portal.id])
        var shown: [Purpose] = []
        var seconds = PublicAnswer.longest
        for purpose in purposes {
            guard let category = purpose.category else { continue }
            let rows = try session.all(
                ConsentsQueries.currentText,
                ["portal": portal.id, "key": purpose.textKey, "at": nil, "day": nil]
            )
            guard let row = rows.first(where: { $0.locale == locale }) else { continue }
            seconds = min(seconds, PublicAnswer.seconds(until: row.until, now: row.now))
            shown.append(
                Purpose(
                    purpose: purpose.key,
                    category: category.rawValue,
                    title: row.title,
                    html: row.html,
                    hash: Hex.encode(row.hash),
                    signals: Self.signals(category)
                )
            )
        }
        body = Body(
            portal: portal.key,
            language: locale,
            purposes: shown,
            policies: [TextKind.privacyPolicy, .cookiePolicy].map { "/public/\(portal.key)/\($0.key)" }
        )
        self.seconds = seconds
    }

    private static func signals(_ category: CookieCategory) -> [String] {
        switch category {
        case .necessary: ["security_storage"]
        case .functional: ["functionality_storage", "personalization_storage"]
        case .analytics: ["analytics_storage"]
        case .marketing: ["ad_storage", "ad_user_data", "ad_personalization"]
        }
    }
}
