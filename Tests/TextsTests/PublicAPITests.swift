import DeskKit
import Foundation
import HTTPTypes
import Portals
import Postgres
import Secrets
import TestKit
import Testing

@testable import Texts

@Suite struct PublicAPITests {
    private static let base = "/api/public/one/v1"

    @Test func `anybody reads a text in their language, named by the hash of its bytes`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("# Data")
        let street = try await Street(bench)
        let answer = try await street.ask("\(Self.base)/documents/privacy-policy", .get, ["Accept-Language": "en-GB"])
        #expect(answer.status == .ok)
        #expect(answer.body == "<h2>Data en</h2>\n")
        #expect(answer.headers[.contentLanguage] == "en")
        #expect(answer.headers[.eTag] == "\"\(Hex.encode(Digest.sha256(Array(answer.body.utf8))))\"")
        #expect(answer.headers[.vary] == "Accept-Language, Origin")
        #expect(answer.headers[.cacheControl] == "public, max-age=300")
        let polish = try await street.ask("\(Self.base)/documents/privacy-policy", .get, ["Accept-Language": "de, *"])
        #expect(polish.headers[.contentLanguage] == "pl")
        let wanted = try await street.ask("\(Self.base)/documents/privacy-policy?lang=en")
        #expect(wanted.headers[.contentLanguage] == "en")
    }

    @Test func `whoever has the bytes already is answered 304, for a hash for ever`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("x")
        let street = try await Street(bench)
        let first = try await street.ask("\(Self.base)/documents/privacy-policy")
        let tag = try #require(first.headers[.eTag])
        for given in [tag, "\"other\", \(tag)", "*", "W/\(tag)"] {
            let again = try await street.ask("\(Self.base)/documents/privacy-policy", .get, ["If-None-Match": given])
            #expect(again.status == .notModified)
            #expect(again.body == "")
            #expect(again.headers[.eTag] == tag)
        }
        let hash = tag.filter { $0 != "\"" }
        let fixed = try await street.ask("\(Self.base)/documents/by-hash/\(hash)")
        #expect(fixed.body == first.body)
        #expect(fixed.headers[.cacheControl] == "public, max-age=31536000, immutable")
        let unknown = String(repeating: "0", count: 64)
        for path in ["by-hash/\(unknown)", "by-hash/xyz", "no-such-text"] {
            #expect(try await street.ask("\(Self.base)/documents/\(path)").status == .notFound)
        }
        #expect(try await street.ask("/api/public/two/v1/documents/by-hash/\(hash)").status == .notFound)
    }

    @Test func `at a day of the portal's calendar the text of that day is read, with nobody awake`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("old")
        try await bench.publish("new", days: 1)
        let street = try await Street(bench)
        let days = try await bench.lines(
            """
            SELECT to_char(portal_today(1::smallint), 'YYYY-MM-DD'),
                to_char(portal_today(1::smallint) + 1, 'YYYY-MM-DD'),
                to_char((portal_today(1::smallint) + 1)::timestamp AT TIME ZONE 'Europe/Warsaw' AT TIME ZONE 'UTC'
                    - interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                to_char((portal_today(1::smallint) + 1)::timestamp AT TIME ZONE 'Europe/Warsaw' AT TIME ZONE 'UTC',
                    'YYYY-MM-DD"T"HH24:MI:SS"Z"')
            """
        )[0].split(separator: " ")
        func text(_ at: Substring) async throws -> String {
            try await street.ask("\(Self.base)/documents/privacy-policy?at=\(at)").body
        }
        let tomorrow = try await text(days[1])
        #expect(tomorrow == "<p>new pl</p>\n", "\(days)")
        #expect(try await text(days[2]) == "<p>old pl</p>\n")
        #expect(try await text(days[3]) == "<p>new pl</p>\n")
        #expect(try await street.ask("\(Self.base)/documents/privacy-policy").body == "<p>old pl</p>\n")
        #expect(try await street.ask("\(Self.base)/documents/privacy-policy?at=1990-01-01").status == .notFound)
        #expect(try await street.ask("\(Self.base)/documents/privacy-policy?at=soon").status == .badRequest)
    }

    @Test func `nobody keeps an answer past the next effective date`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("old")
        try await bench.publish("new", days: 1)
        try await bench.test.sql(
            """
            ALTER TABLE text_version DISABLE TRIGGER USER;
            UPDATE text_version SET valid = tstzrange(lower(valid), now() + interval '90 seconds') WHERE number = 1;
            UPDATE text_version SET valid = tstzrange(now() + interval '90 seconds', NULL) WHERE number = 2;
            ALTER TABLE text_version ENABLE TRIGGER USER;
            """
        )
        let street = try await Street(bench)
        let answer = try await street.ask("\(Self.base)/documents/privacy-policy")
        let seconds = Int(answer.headers[.cacheControl]?.split(separator: "=").last ?? "") ?? 999
        #expect((0...90).contains(seconds))
    }

    @Test func `the manifest names what is in force and what comes`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("old")
        try await bench.publish("new", days: 1)
        let street = try await Street(bench)
        struct Manifest: Decodable {
            struct Text: Decodable {
                let version: Int
                let language: String
                let isCurrent: Bool
                let fixed: String
            }
            let texts: [Text]
        }
        let answer = try await street.ask("\(Self.base)/manifest")
        let manifest = try answer.json(Manifest.self)
        #expect(
            manifest.texts.map { "\($0.version) \($0.language) \($0.isCurrent)" }
                == ["1 en true", "1 pl true", "2 en false", "2 pl false"]
        )
        #expect(try await street.ask(manifest.texts[3].fixed).body == "<p>new pl</p>\n")
        let tag = try #require(answer.headers[.eTag])
        #expect(try await street.ask("\(Self.base)/manifest", .get, ["If-None-Match": tag]).status == .notModified)
    }

    @Test func `the policy's table of cookies is the portal's list`() async throws {
        let bench = try await Bench.make()
        let command = SaveCookie(audit: bench.audit)
        let item = CookieItem(
            name: "_ga|<b>",
            storage: .cookie,
            party: .third,
            provider: "Statistik & Co",
            category: .analytics,
            minutes: 525_600,
            purposes: ["pl": "Liczy *odwiedziny*", "en": "Counts visits"],
            state: .declared
        )
        try await bench.act { _ = try command.run(item, portal: Bench.portal, by: Bench.writer, in: $0) }
        try await bench.publish("{{cookies}}\n", .editorial, "cookie-policy")
        let street = try await Street(bench)
        let text = try await street.ask("\(Self.base)/documents/cookie-policy?lang=en").body
        #expect(text.contains("<td>_ga|&lt;b&gt;</td>"))
        #expect(text.contains("<td>Statistik &amp; Co</td>"))
        #expect(text.contains("<td>365 days</td>"))
        let polish = try await street.ask("\(Self.base)/documents/cookie-policy?lang=pl").body
        #expect(polish.contains("Liczy *odwiedziny*"))
        let list = try await street.ask("\(Self.base)/cookies?lang=en")
        #expect(list.body.contains("\"purpose\":\"Counts visits\""))
        let rows = try await bench.act { try $0.all(TextsQueries.listTexts, ["portals": [Bench.portal]]) }
        #expect(rows.map(\.cookiesDiffer) == [false])
        try await bench.test.sql("UPDATE cookie_item SET minutes = 60")
        let later = try await bench.act { try $0.all(TextsQueries.listTexts, ["portals": [Bench.portal]]) }
        #expect(later.map(\.cookiesDiffer) == [true])
    }

    @Test func `a browser decides, is given its number, and asks later how it stands`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let street = try await Street(bench)
        struct Config: Decodable {
            struct Purpose: Decodable {
                let purpose: String
                let hash: String
                let signals: [String]
            }
            let purposes: [Purpose]
        }
        let config = try await street.ask("\(Self.base)/banner-config?lang=en").json(Config.self)
        #expect(config.purposes.map(\.purpose) == ["statistics"])
        #expect(config.purposes[0].signals == ["analytics_storage"])
        let decision = street.decision("statistics", "grant", config.purposes[0].hash)
        let answer = try await street.decide(decision, once: "a browser's own key")
        #expect(answer.status == .created, "\(answer.body)")
        let receipt = try answer.json(ReceiptAnswer.self)
        let visitor = try #require(receipt.parties.visitor)
        #expect(receipt.events.map(\.action) == ["grant"])
        let standing = try await street.ask("\(Self.base)/consents", .get, ["X-Consent-Visitor": visitor])
        #expect(standing.body.contains("\"purpose\":\"statistics\",\"standing\":\"grant\""))
        let shown = try await street.ask("\(Self.base)/receipts/\(receipt.header.receipt)")
        #expect(try shown.json(ReceiptAnswer.self).events == receipt.events)
        // Whoever lost the first answer does not know the number yet.
        for headers in [["X-Consent-Visitor": visitor], [:]] {
            let again = try await street.decide(decision, once: "a browser's own key", headers)
            #expect(again.status == .ok)
            #expect(try again.json(ReceiptAnswer.self).header == receipt.header)
            #expect(try again.json(ReceiptAnswer.self).parties.visitor == visitor)
        }
        #expect(try await bench.lines("SELECT count(*), min(octet_length(visitor)) FROM consent") == ["1 32"])
        let dump = try await bench.lines("SELECT c::text FROM consent AS c").joined()
        #expect(!dump.contains(visitor))
    }

    @Test func `forged and malformed decisions are refused in words and record nothing`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let street = try await Street(bench)
        let good = street.decision("statistics", "grant", try await bench.hash("statistics"))
        let forged = street.decision("statistics", "grant", String(repeating: "ab", count: 32))
        let cases: [(String, String, [String: String], HTTPResponse.Status, String)] = [
            (forged, "abcdefgh-abcdefgh1", [:], .unprocessableContent, "unknown_text"),
            (
                good, "abcdefgh-abcdefgh2", ["X-Consent-Visitor": String(repeating: "ab", count: 32)], .badRequest,
                "unknown_visitor"
            ),
            (good, "abcdefgh-abcdefgh3", ["X-Consent-Visitor": "x"], .badRequest, "unknown_visitor"),
            (good, "abcdefgh-abcdefgh4", ["Authorization": "Bearer nobody"], .unauthorized, "no_session"),
            (good, "short", [:], .badRequest, "no_key"),
            (good, "abcdefgh-abcdefgh5", ["Content-Type": "text/plain"], .unsupportedMediaType, "not_json"),
            ("{", "abcdefgh-abcdefgh6", [:], .badRequest, "not_json"),
            ("", "abcdefgh-abcdefgh7", [:], .unprocessableContent, "nothing_decided"),
            (good, "abcdefgh-abcdefgh8", ["Origin": "https://evil.example"], .forbidden, "wrong_origin"),
            (
                good.replacing("statistics", with: "nothing"), "abcdefgh-abcdefg10", [:], .unprocessableContent,
                "unknown_purpose"
            ),
            (String(repeating: " ", count: 20_000), "abcdefgh-abcdefgh9", [:], .contentTooLarge, "too_large"),
        ]
        for (decisions, once, headers, status, code) in cases {
            let answer = try await street.decide(decisions, once: once, headers)
            #expect(answer.status == status, "\(code)")
            #expect(try answer.json(Problem.self).error.code == code)
            #expect(try answer.json(Problem.self).error.message.count > 10)
        }
        #expect(try await bench.lines("SELECT count(*) FROM consent") == ["0"])
        #expect(try await street.ask("/api/public/nobody/v1/manifest").status == .notFound)
        #expect(try await street.ask("\(Self.base)/consents").status == .badRequest)
        #expect(try await street.ask("\(Self.base)/receipts/\(UUID().uuidString)").status == .notFound)
    }

    @Test func `pages of the sites that the portal named may ask, others get no leave`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let save = SaveOrigins(audit: bench.audit)
        try await bench.act {
            try save.run(["https://portal.example"], portal: Bench.portal, by: Bench.writer, in: $0)
        }
        let street = try await Street(bench)
        let known = ["Origin": "https://portal.example"]
        for path in ["consents", "documents/by-hash/00", "documents/privacy-policy"] {
            let preflight = try await street.ask("\(Self.base)/\(path)", .options, known)
            #expect(preflight.status == .noContent)
            #expect(preflight.headers[.accessControlAllowOrigin] == "https://portal.example")
        }
        let stranger = try await street.ask("\(Self.base)/manifest", .get, ["Origin": "https://evil.example"])
        #expect(stranger.status == .ok)
        #expect(stranger.headers[.accessControlAllowOrigin] == nil)
        let decision = street.decision("statistics", "refuse", try await bench.hash("statistics"))
        let answer = try await street.decide(decision, known)
        #expect(answer.status == .created)
        #expect(answer.headers[.accessControlAllowOrigin] == "https://portal.example")
    }

    @Test func `a flood of decisions ends at the limit of its address`() async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let street = try await Street(bench)
        let decision = street.decision("statistics", "refuse", try await bench.hash("statistics"))
        var answers: [Int] = []
        for _ in 0..<(2 * PublicGate.Limits().address + 1) {
            answers.append(try await street.decide(decision).status.code)
        }
        #expect(Set(answers) == [201, 429])
        // What the flood was refused is left for everybody else.
        #expect(
            try await bench.lines("SELECT sum(spent) FROM consent_budget GROUP BY bucket ORDER BY 1")
                == ["\(answers.count { $0 == 201 })", "\(answers.count)"]
        )
    }
}
