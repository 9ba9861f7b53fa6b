import Access
import Audit
import DeskKit
import DeskWeb
import Foundation
import JobRunner
import Portals
import Postgres
import Secrets
import TestKit

@testable import Texts

/// Two portals, the first in Polish and English, by the clock of Warsaw; a writer, a reviewer and a clerk.
struct Bench {
    static let portal = PortalID(1)
    static let other = PortalID(2)
    static let writer = staff(7, [.privacyOfficer])
    static let reviewer = staff(8, [.verifier])
    static let clerk = staff(9, [.helpdesk])

    let test: TestDatabase
    let audit: AuditTrail
    let site: DeskSite
    let profile: PortalProfile

    static func staff(_ id: Int64, _ roles: Set<Role>, at portal: PortalID = Bench.portal) -> StaffContext {
        StaffContext(id: StaffID(id), login: "s\(id)", name: "Person \(id)", language: "en", roles: [portal: roles])
    }

    static func make() async throws -> Bench {
        let bench = Bench(
            test: try await TestDatabase.make(),
            audit: AuditTrail(keyRing: try KeyRing.ephemeral()),
            site: try DeskSite(root: Repository.path("admin-web"), secure: true, isStrict: true) {
                Array($0.reversed())
            },
            profile: try profile(portal)
        )
        try await bench.test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'one', 'Portal One', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', '{}'),
                (2, 'two', 'Portal Two', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', '{}');
            INSERT INTO staff (id, login, name) OVERRIDING SYSTEM VALUE VALUES
                (7, 's7', 'Person 7'), (8, 's8', 'Person 8'), (9, 's9', 'Person 9'), (10, 's10', 'Person 10');
            """
        )
        return bench
    }

    static func profile(_ id: PortalID) throws -> PortalProfile {
        let json = try String(contentsOfFile: Repository.path("sql/demo/portals/ebok-millennium.json"), encoding: .utf8)
        struct File: Decodable { let rules: PortalRules }
        let rules = try JSONDecoder().decode(File.self, from: Data(json.utf8)).rules
        return PortalProfile(
            id: id,
            version: 1,
            identity: PortalIdentity(
                key: id == portal ? "one" : "two",
                name: id == portal ? "Portal One" : "Portal Two",
                country: "PL",
                timeZone: "Europe/Warsaw",
                currency: "PLN",
                languages: ["pl", "en"]
            ),
            rules: rules
        )
    }

    func act<T: Sendable>(
        by staff: StaffContext = Bench.writer,
        _ body: @escaping @Sendable (Session) throws -> T
    ) async throws -> T {
        try await test.database.transaction(.portal(Self.portal, staff: staff.id), body)
    }

    // MARK: the steps, each as its command

    func add(_ kind: TextKind = .privacyPolicy, key: String? = nil) async throws {
        let command = OpenText(audit: audit)
        _ = try await act { try command.run(kind, key: key, portal: Self.portal, by: Self.writer, in: $0) }
    }

    @discardableResult
    func open(_ key: String = "privacy-policy", by staff: StaffContext = Bench.writer) async throws -> Int {
        let command = OpenVersion(audit: audit)
        return try await act(by: staff) { try command.run(key, portal: Self.portal, by: staff, in: $0) }
    }

    func place(_ number: Int = 1, _ key: String = "privacy-policy") -> VersionPlace {
        VersionPlace(portal: Self.portal, key: key, number: number)
    }

    func write(
        _ locale: String,
        _ body: String,
        title: String = "Title",
        was: Int = 0,
        fits: Bool = true,
        _ place: VersionPlace? = nil,
        by staff: StaffContext = Bench.writer
    ) async throws {
        let command = SaveWords(audit: audit)
        let (draft, profile) = (SaveWords.Draft(title: title, body: body, fits: fits, version: was), profile)
        let place = place ?? self.place()
        try await act(by: staff) { try command.run(place, locale: locale, draft, portal: profile, by: staff, in: $0) }
    }

    func held(_ place: VersionPlace? = nil) async throws -> HeldVersion {
        let place = place ?? self.place()
        return try await act { try place.hold(in: $0) }
    }

    /// `days` after the portal's today.
    func submit(
        _ changeClass: ChangeClass = .editorial,
        days: Int = 0,
        version: Int? = nil,
        _ place: VersionPlace? = nil,
        by staff: StaffContext = Bench.writer
    ) async throws {
        let place = place ?? self.place()
        let held = try await held(place)
        let command = SubmitVersion(audit: audit)
        let draft = SubmitVersion.Draft(
            changeClass: changeClass,
            rationale: "Because",
            day: held.today.adding(days: days) ?? held.today,
            version: version ?? held.version
        )
        let profile = profile
        try await act(by: staff) { try command.run(place, draft, portal: profile, by: staff, in: $0) }
    }

    func approve(
        _ changeClass: ChangeClass = .editorial,
        version: Int? = nil,
        _ place: VersionPlace? = nil,
        by staff: StaffContext = Bench.reviewer
    ) async throws {
        let place = place ?? self.place()
        let shown =
            if let version { version } else { try await held(place).version }
        let command = ApproveVersion(audit: audit, catalog: site.catalog, jobs: JobQueue())
        let profile = profile
        try await act(by: staff) {
            try command.run(place, changeClass, version: shown, portal: profile, by: staff, in: $0)
        }
    }

    /// A version in both languages, submitted and approved.
    func publish(
        _ body: String,
        _ changeClass: ChangeClass = .editorial,
        days: Int = 0,
        _ key: String = "privacy-policy"
    ) async throws {
        let held = try await act { try $0.first(TextsQueries.holdText, ["portal": Self.portal, "key": key]) }
        if held == nil {
            try await add(TextKind.allCases.first { $0.key == key } ?? .consent, key: key)
        } else {
            try await open(key)
        }
        let number =
            Int(
                try await test.value(
                    "SELECT max(number) FROM text_version AS v JOIN portal_text AS t "
                        + "ON t.id = v.text_id AND t.portal_id = v.portal_id WHERE t.key = '\(key)'"
                ) ?? ""
            ) ?? 1
        let place = place(number, key)
        let rows = try await act { session in
            try session.all(TextsQueries.locales, ["portal": Self.portal, "version": try place.hold(in: session).id])
        }
        for locale in ["pl", "en"] {
            let was = rows.first { $0.locale == locale }?.version ?? 0
            try await write(locale, "\(body) \(locale)", was: was, place)
        }
        try await submit(changeClass, days: days, place)
        try await approve(changeClass, place)
    }

    /// Moves everything about versions into the past by so many days, as if they had been written then. Their triggers
    /// hold the past still, so that they are off meanwhile.
    func age(_ days: Int) async throws {
        try await test.sql(
            """
            ALTER TABLE text_version DISABLE TRIGGER USER;
            UPDATE text_version SET effective_on = effective_on - \(days),
                valid = CASE WHEN isempty(valid) THEN valid ELSE
                    tstzrange(lower(valid) - interval '\(days) days', upper(valid) - interval '\(days) days') END;
            ALTER TABLE text_version ENABLE TRIGGER USER;
            """
        )
    }

    func lines(_ sql: String) async throws -> [String] {
        try await test.sql(sql).map { $0.map { $0 ?? "-" }.joined(separator: " ") }
    }
}
