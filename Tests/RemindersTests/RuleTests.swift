import Access
import Audit
import DeskKit
import DeskWeb
import Portals
import Postgres
import TestKit
import Testing

@testable import Reminders

struct RuleTests {
    private static let scheduler = staff([.scheduler])
    private static let ladder = RuleID(2)

    static func staff(_ roles: Set<Role>) -> StaffContext {
        StaffContext(id: StaffID(7), login: "ewa", name: "Ewa Lis", language: "en", roles: [Bench.portal: roles])
    }

    private func change(
        _ bench: Bench,
        _ draft: ChangeRule.Draft,
        id: RuleID = Self.ladder,
        by staff: StaffContext = Self.scheduler
    ) async throws {
        let command = ChangeRule(audit: bench.audit)
        try await bench.test.database.transaction(.portal(Bench.portal, staff: staff.id)) {
            try command.run(id, portal: Bench.portal, draft, by: staff, in: $0)
        }
    }

    private let draft = ChangeRule.Draft(name: "OC i AC", days: [30, 7, 1], active: true, version: 1)

    @Test func `a rule is changed once, with its line in the trail`() async throws {
        let bench = try await Bench.make()
        try await change(bench, draft)
        let row = try await bench.lines(
            "name || ' ' || days_before::text || ' ' || steps::text || ' ' || version",
            "rule WHERE portal_id = 1",
            "id"
        )
        #expect(row.last == "OC i AC {30,7,1} {0,2,3} 2")
        let lines = try await bench.test.database.read(.portal(Bench.portal)) { [audit = bench.audit] session in
            try audit.history(of: Subject("rule", 2), portal: Bench.portal, opening: false, in: session)
        }
        #expect(lines.map(\.action) == ["rule.changed"])
        #expect(lines.first?.facts == ["rule": "OC i AC", "days": "30, 7, 1", "was": "30, 14, 7", "state": "on"])
        let words = AuditWords(catalog: bench.site.catalog)
        #expect(
            lines.map { words.text(of: $0, in: .english) }
                == ["Reminder rule “OC i AC” saved, days before: 30, 7, 1 (were 30, 14, 7), active"]
        )
    }

    @Test func `the second of two people is refused and changes nothing`() async throws {
        let bench = try await Bench.make()
        try await change(bench, draft)
        await #expect(throws: ChangeRule.Refusal.changedMeanwhile) { try await change(bench, draft) }
        #expect(try await bench.test.value("SELECT version FROM rule WHERE portal_id = 1 AND id = 2") == "2")
        #expect(try await bench.test.value("SELECT count(*) FROM audit_event") == "1")
    }

    @Test func `saving what is stored is refused`() async throws {
        let bench = try await Bench.make()
        let same = ChangeRule.Draft(name: "Rule", days: [30, 14, 7], active: true, version: 1)
        await #expect(throws: ChangeRule.Refusal.nothingChanged) { try await change(bench, same) }
        #expect(try await bench.test.value("SELECT count(*) FROM audit_event") == "0")
    }

    @Test(arguments: Role.allCases.filter { $0 != .scheduler })
    func `nobody else may change a rule`(role: Role) async throws {
        let bench = try await Bench.make()
        await #expect(throws: AccessDenied(.forbidden, right: .remindersRules, portal: Bench.portal)) {
            try await change(bench, draft, by: Self.staff([role]))
        }
    }

    @Test func `a rule of another portal is not there`() async throws {
        let bench = try await Bench.make()
        await #expect(throws: PageError.self) { try await change(bench, draft, id: RuleID(3)) }
        #expect(try await bench.test.value("SELECT sum(version) FROM rule") == "4")
    }

    @Test(arguments: ["{366}", "{-91}", "{}", "{9,8,7,6,5,4,3,2,1}"])
    func `the database refuses days that no rule can have`(days: String) async throws {
        let bench = try await Bench.make()
        await #expect(throws: PostgresError.self) {
            try await bench.test.sql("UPDATE rule SET days_before = '\(days)' WHERE subject = 'instalment'")
        }
    }

    private func read(_ fields: [(String, String)], _ subject: RuleSubject) -> (ChangeRule.Draft?, FieldErrors) {
        let usual = [("day_kind", "calendar")] + RuleForm.everybody.map { ("clients", $0) }
        let given = Set(fields.map(\.0))
        let all = fields + usual.filter { !given.contains($0.0) }
        var reader = FormReader(Form(all.map { (name: $0.0, value: $0.1) }))
        let draft = RuleForm.read(&reader, subject)
        return (draft, reader.errors)
    }

    @Test func `the form is read`() {
        let (ladder, _) = read(
            [
                ("name", " OC "), ("days", "7 30"), ("after", "10, 3"), ("active", "on"), ("version", "3"),
                ("day_kind", "working"), ("clients", "person"), ("starts_on", "2026-12-01"),
                ("ends_on", "31.12.2026"), ("consolidates", "on"),
            ],
            .policy
        )
        #expect(
            ladder
                == ChangeRule.Draft(
                    name: "OC",
                    days: [30, 7, -3, -10],
                    active: true,
                    version: 3,
                    dayKind: .working,
                    clientKinds: ["person"],
                    startsOn: Bench.day("2026-12-01"),
                    endsOn: Bench.day("2026-12-31"),
                    consolidates: true
                )
        )
        let (payment, _) = read([("name", "Raty"), ("days", "5"), ("version", "1")], .instalment)
        #expect(payment == ChangeRule.Draft(name: "Raty", days: [5], active: false, version: 1))
    }

    @Test(arguments: [
        (RuleSubject.policy, "days", "", "reminders.fault.nothing"),
        (.policy, "days", "a", "reminders.fault.not_numbers"), (.policy, "days", "400", "reminders.fault.out_of_range"),
        (.policy, "days", "7,7", "reminders.fault.twice"), (.instalment, "days", "61", "reminders.fault.out_of_range"),
        (.policy, "days", "1,2,3,4,5,6,7,8,9", "reminders.fault.too_many"),
        (.newInvoice, "days", "1", "reminders.fault.out_of_range"),
        (.policy, "after", "0", "reminders.fault.out_of_range"),
        (.policy, "after", "91", "reminders.fault.out_of_range"), (.policy, "clients", "cats", "desk.field.choice"),
        (.policy, "day_kind", "lunar", "desk.field.choice"), (.policy, "ends_on", "1900-02-30", "desk.field.date"),
    ])
    func `what is wrong is said at its field`(subject: RuleSubject, field: String, typed: String, key: String) {
        let fields = [("name", "x"), ("version", "1")] + (field == "days" ? [] : [("days", "0")])
        let (draft, errors) = read(fields + [(field, typed)], subject)
        #expect(draft == nil)
        #expect(errors.fields[field]?.key == key)
        #expect(errors.fields["name"] == nil)
    }

    @Test func `a ladder that crosses itself and a period that ends before it begins are said at their fields`() {
        let crossing = [("name", "x"), ("version", "1"), ("days", "5, 0"), ("after", "1"), ("day_kind", "working")]
        #expect(read(crossing, .policy).1.fields["after"]?.key == "reminders.fault.crosses")
        #expect(read(crossing.filter { $0.0 != "day_kind" }, .policy).0?.days == [5, 0, -1])
        let period = [("name", "x"), ("version", "1"), ("days", "5"), ("starts_on", "2026-12-02")]
        #expect(
            read(period + [("ends_on", "2026-12-01")], .policy).1.fields["ends_on"]?.key == "reminders.fault.period"
        )
    }

    @Test func `a further rule about the same subject is added, with its line in the trail`() async throws {
        let bench = try await Bench.make()
        let command = ChangeRule(audit: bench.audit)
        let draft = ChangeRule.Draft(name: "Persons", days: [3, -3], active: true, version: 0, clientKinds: ["person"])
        try await bench.test.database.transaction(.portal(Bench.portal, staff: StaffID(7))) {
            _ = try command.add(.instalment, portal: Bench.portal, draft, by: Self.scheduler, in: $0)
        }
        let row =
            "name || ' ' || days_before::text || ' ' || steps::text || ' ' || client_kinds::text || ' ' || changed_by"
        #expect(try await bench.lines(row, "rule WHERE portal_id = 1", "id").last == "Persons {3,-3} {0,1} {person} 7")
        #expect(try await bench.lines("facts ->> 'days'", "audit_event", "id") == ["3, +3"])
        await #expect(throws: AccessDenied.self) {
            try await bench.test.database.transaction(.portal(Bench.portal)) {
                _ = try command.add(.policy, portal: Bench.portal, draft, by: Self.staff([.auditor]), in: $0)
            }
        }
    }

    @Test func `a portal gets its first rules once, in its language`() async throws {
        let bench = try await Bench.make()
        try await bench.test.sql("DELETE FROM rule")
        let defaults = RuleDefaults(catalog: bench.site.catalog, audit: bench.audit)
        let portal = try Bench.profile()
        var added: [Int] = []
        for _ in 1...2 {
            added.append(
                try await bench.test.database.transaction(.portal(Bench.portal)) {
                    try defaults.install(portal, by: .commandLine, in: $0)
                }
            )
        }
        #expect(added == [2, 0])
        let rows = try await bench.lines(
            "subject || ' ' || name || ' ' || days_before::text || ' ' || steps::text",
            "rule",
            "id"
        )
        #expect(rows == ["instalment Termin płatności {5} {0}", "policy Koniec ubezpieczenia {30,14,7} {0,1,2}"])
        #expect(try await bench.lines("action", "audit_event", "id") == ["rule.added", "rule.added"])
    }
}
