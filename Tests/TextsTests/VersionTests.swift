import Access
import Audit
import DeskKit
import DeskWeb
import Postgres
import TestKit
import Testing

@testable import Texts

@Suite struct VersionTests {
    @Test func `a text goes from draft to what clients read, with its lines in the trail`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        try await bench.write("pl", "# Dane")
        try await bench.write("en", "# Data")
        try await bench.submit(.material)
        try await bench.approve(.material)
        #expect(
            try await bench.lines(
                "SELECT state, change_class, lower(valid) <= now(), upper_inf(valid), approved_by FROM text_version"
            ) == ["published material t t 8"]
        )
        #expect(
            try await bench.lines(
                "SELECT locale, html, hash = sha256(convert_to(html, 'UTF8')) FROM text_locale ORDER BY locale"
            ) == ["en <h2>Data</h2>\n t", "pl <h2>Dane</h2>\n t"]
        )
        #expect(
            try await bench.lines("SELECT action, actor_id FROM audit_event ORDER BY id")
                == [
                    "text.added 7", "text.opened 7", "text.saved 7", "text.saved 7", "text.submitted 7",
                    "text.approved 8",
                ]
        )
    }

    @Test func `a version for a later day waits, and the one before it ends where it begins`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.publish("two", days: 3)
        #expect(
            try await bench.lines(
                """
                SELECT number, lower(valid) > now(),
                    upper(valid) = text_start(1::smallint, portal_today(1::smallint) + 3)
                FROM text_version ORDER BY number
                """
            ) == ["1 f t", "2 t -"]
        )
        #expect(
            try await bench.lines(
                "SELECT (lower(valid) AT TIME ZONE 'Europe/Warsaw')::time FROM text_version WHERE number = 2"
            ) == ["00:00:00"]
        )
        try await bench.age(3)
        let versions = try await bench.act {
            try $0.all(TextsQueries.listVersions, ["portal": Bench.portal, "text": TextID(1)])
        }
        #expect(versions.map(\.standing) == [.live, .superseded])
    }

    @Test func `the second of two versions for one day is refused, by the command and by the database`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.publish("two", days: 2)
        try await bench.open()
        try await bench.write("pl", "three", was: 1, bench.place(3))
        try await bench.write("en", "three", was: 1, bench.place(3))
        for day in [0, 1, 2] {
            await #expect(throws: TextRefusal.dayTaken) { try await bench.submit(days: day, bench.place(3)) }
        }
        try await bench.submit(days: 3, bench.place(3))
        await #expect(throws: PostgresError.self) {
            try await bench.test.sql(
                """
                UPDATE text_version SET state = 'published', approved_by = 8, valid = tstzrange(now(), NULL)
                WHERE number = 3
                """
            )
        }
    }

    @Test func `nobody approves what they wrote or submitted, and the database says so too`() async throws {
        let bench = try await Bench.make()
        let both = Bench.staff(8, [.privacyOfficer, .verifier])
        try await bench.add()
        try await bench.write("pl", "a", by: both)
        try await bench.write("en", "a")
        try await bench.submit()
        await #expect(throws: TextRefusal.ownWork) { try await bench.approve(by: both) }
        await #expect(throws: TextRefusal.ownWork) { try await bench.approve(by: Bench.writer) }
        for person in [7, 8] {
            let error = await #expect(throws: PostgresError.self) {
                try await bench.test.sql(
                    """
                    UPDATE text_version SET state = 'published', approved_by = \(person),
                        valid = tstzrange(now(), NULL)
                    """
                )
            }
            #expect(error?.violates("text_version_second_person") == true)
        }
        try await bench.approve(by: Bench.staff(10, [.verifier]))
    }

    @Test func `two people must see the change as the same kind`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        try await bench.write("pl", "a")
        try await bench.write("en", "a")
        try await bench.submit(.editorial)
        await #expect(throws: TextRefusal.classDiffers) { try await bench.approve(.material) }
        #expect(try await bench.lines("SELECT state FROM text_version") == ["review"])
    }

    @Test func `what was published does not change, whoever tries`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        for statement in [
            "UPDATE text_locale SET body = 'x', source = sha256(convert_to(title || E'\\nx', 'UTF8'))",
            "UPDATE text_locale SET html = 'x', hash = sha256('x')", "DELETE FROM text_locale",
            "INSERT INTO text_locale (portal_id, version_id, locale, title, body, source) SELECT portal_id, "
                + "version_id, 'hu', title, body, source FROM text_locale WHERE locale = 'pl'",
            "UPDATE text_version SET state = 'draft'", "UPDATE text_version SET approved_by = 9",
            "UPDATE text_version SET valid = tstzrange(now() - interval '1 year', NULL)",
            "UPDATE text_version SET valid = tstzrange(lower(valid), now() - interval '1 second')",
            "UPDATE text_version SET rationale = 'other'", "DELETE FROM text_version",
        ] {
            await #expect(throws: PostgresError.self, "\(statement)") { try await bench.test.sql(statement) }
        }
    }

    @Test func `a translation that lags behind is known and keeps the version from review`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        try await bench.write("pl", "stare")
        await #expect(throws: TextRefusal.languageMissing) { try await bench.submit() }
        try await bench.write("en", "old")
        try await bench.write("pl", "nowe", was: 1)
        await #expect(throws: TextRefusal.translationStale) { try await bench.submit() }
        try await bench.write("en", "still old", was: 1, fits: false)
        await #expect(throws: TextRefusal.translationStale) { try await bench.submit() }
        try await bench.write("en", "new", was: 2)
        try await bench.submit()
    }

    @Test func `the same words again are no new version`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.open()
        await #expect(throws: TextRefusal.nothingChanged) { try await bench.submit(days: 1, bench.place(2)) }
    }

    @Test func `clients are told of a change so many days before, of wording they are not`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.open()
        try await bench.write("pl", "b", was: 1, bench.place(2))
        try await bench.write("en", "b", was: 1, bench.place(2))
        for changeClass in [ChangeClass.material, .consent] {
            await #expect(throws: TextRefusal.noticeTooShort) {
                try await bench.submit(changeClass, days: 13, bench.place(2))
            }
        }
        await #expect(throws: TextRefusal.dayPast) { try await bench.submit(days: -1, bench.place(2)) }
        try await bench.submit(.material, days: 14, bench.place(2))
    }

    @Test func `of two people who act at once on one version one is told so`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        try await bench.write("pl", "a")
        await #expect(throws: TextRefusal.changedMeanwhile) { try await bench.write("pl", "b") }
        await #expect(throws: TextRefusal.changedMeanwhile) { try await bench.write("pl", "b", was: 7) }
        try await bench.write("en", "a")
        let version = try await bench.held().version
        try await bench.submit(version: version)
        await #expect(throws: TextRefusal.notDraft) { try await bench.submit(version: version) }
        await #expect(throws: TextRefusal.changedMeanwhile) { try await bench.approve(version: version) }
        let shown = try await bench.held().version
        let results = await withTaskGroup(of: TextRefusal?.self) { group in
            for person in [Int64(8), 10] {
                group.addTask {
                    do {
                        try await bench.approve(version: shown, by: Bench.staff(person, [.verifier]))
                        return nil
                    } catch {
                        return error as? TextRefusal
                    }
                }
            }
            return await group.reduce(into: [TextRefusal?]()) { $0.append($1) }
        }
        #expect(results.contains(nil))
        #expect(results.contains(.notInReview))
        #expect(try await bench.lines("SELECT count(*) FROM audit_event WHERE action = 'text.approved'") == ["1"])
    }

    @Test func `a text has one version in hand, and a portal one text of a kind`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        await #expect(throws: TextRefusal.exists) { try await bench.add() }
        await #expect(throws: TextRefusal.versionInHand) { try await bench.open() }
        try await bench.add(.consent, key: "consent-offers")
        try await bench.add(.consent, key: "consent-statistics")
        #expect(try await bench.lines("SELECT count(*) FROM text_version") == ["3"])
    }

    @Test func `a version is returned with a note, mended and submitted again`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        try await bench.write("pl", "a")
        try await bench.write("en", "a")
        try await bench.submit()
        let shown = try await bench.held().version
        let command = ReturnVersion(audit: bench.audit)
        let place = bench.place()
        await #expect(throws: TextRefusal.changedMeanwhile) {
            try await bench.act(by: Bench.reviewer) {
                try command.run(place, note: "?", version: shown + 1, by: Bench.reviewer, in: $0)
            }
        }
        try await bench.act(by: Bench.reviewer) {
            try command.run(place, note: "Zdanie 2", version: shown, by: Bench.reviewer, in: $0)
        }
        #expect(try await bench.lines("SELECT state, returned_note FROM text_version") == ["draft Zdanie 2"])
        try await bench.write("pl", "b", was: 1)
        try await bench.write("en", "b", was: 1)
        try await bench.submit()
        #expect(try await bench.lines("SELECT state, returned_note FROM text_version") == ["review "])
        let last = "SELECT action FROM audit_event ORDER BY id DESC LIMIT 4"
        #expect(try await bench.lines(last).last == "text.returned")
    }

    @Test func `a draft is given up, and the next version may begin`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        let command = DiscardVersion(audit: bench.audit)
        let place = bench.place()
        try await bench.act { try command.run(place, version: 1, by: Bench.writer, in: $0) }
        #expect(try await bench.open() == 2)
        await #expect(throws: TextRefusal.notDraft) {
            try await bench.act { try command.run(place, version: 2, by: Bench.writer, in: $0) }
        }
    }
}
