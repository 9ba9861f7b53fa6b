import Foundation
import Secrets
import TestKit
import Testing

@testable import Audit
@testable import DeskKit
@testable import Portals
@testable import Postgres

struct ProfileTests {
    static func json(_ name: String) throws -> String {
        try String(contentsOfFile: Repository.path("sql/demo/portals/\(name).json"), encoding: .utf8)
    }

    static func file(_ name: String) throws -> ProfileFile {
        try ProfileJSON.decode(ProfileFile.self, json(name))
    }

    @Test(arguments: ["klientefl", "ebok-millennium", "legitimo", "arval"])
    func `the four profiles are sound`(_ name: String) throws {
        let file = try Self.file(name)
        #expect(file.identity.key == name)
        #expect(ProfileCheck.problems(file.identity, file.rules) == [])
    }

    @Test func `what the portals promise their clients stands in their profiles`() throws {
        let efl = try Self.file("klientefl").rules
        #expect(efl.loginKind == .phone && efl.accessWindowDays == 90 && efl.temporaryPasswordMinutes == 60)
        #expect(efl.passwordRule == PasswordRule(minLength: 8, needsLetters: true, needsDigits: true))
        #expect(try Self.file("ebok-millennium").rules.loginKind == .companyCode)
        let legitimo = try Self.file("legitimo").rules
        #expect(legitimo.secondStep == .emailEach && legitimo.codeMinutes == 5)
        #expect(legitimo.endedContractsVisibleDays == 365)
        #expect(legitimo.contactDeadline == Deadline(number: 5, unit: .working))
        let arval = try Self.file("arval").rules
        #expect(arval.applicationKinds == [.office] && arval.arrearsBlockSelfService)
        #expect(arval.staffDecides == [.name, .address, .identityDocument] && legitimo.staffDecides == nil)
    }

    @Test func `a missing, a strange and an unreadable key are named`() throws {
        let text = try Self.json("klientefl")
        let cases = [
            (text.replacing("\"lockAfter\": 5,", with: ""), ProfileProblem("rules.lockAfter", .missing)),
            (
                text.replacing("\"lockAfter\": 5,", with: "\"lockAfter\": 5, \"lokAfter\": 5,"),
                ProfileProblem("rules.lokAfter", .unknownKey)
            ),
            (
                text.replacing("\"lockAfter\": 5,", with: "\"lockAfter\": \"five\","),
                ProfileProblem("rules.lockAfter", .unreadable)
            ),
        ]
        for (text, problem) in cases {
            #expect(throws: ProfileError([problem])) { try ProfileJSON.decode(ProfileFile.self, text) }
        }
    }

    @Test func `every rule about a profile refuses what breaks it`() throws {
        let file = try Self.file("klientefl")
        func problems(_ change: (inout PortalIdentity, inout PortalRules) -> Void) -> [ProfileProblem] {
            var (identity, rules) = (file.identity, file.rules)
            change(&identity, &rules)
            return ProfileCheck.problems(identity, rules)
        }
        #expect(problems { identity, _ in identity.country = "pl" } == [ProfileProblem("country", .malformed)])
        #expect(problems { identity, _ in identity.languages = [] } == [ProfileProblem("languages", .empty)])
        #expect(problems { _, rules in rules.codeTries = 0 } == [ProfileProblem("codeTries", .outOfRange)])
        #expect(
            problems { _, rules in rules.secondStep = .emailEach } == [ProfileProblem("secondStep", .contradiction)]
        )
        #expect(
            problems { _, rules in rules.identifiers.company = ["pl_nip", "nip"] }
                == [ProfileProblem("identifiers.company", .unknownIdentifier)]
        )
        #expect(
            problems { _, rules in rules.documents.office = [] } == [ProfileProblem("documents.office", .empty)]
        )
        #expect(
            problems { _, rules in rules.senders.emailAddress = "no address" }
                == [ProfileProblem("senders.emailAddress", .malformed)]
        )
        #expect(
            problems { _, rules in rules.reminders.insuranceDaysBefore = [7, 7] }
                == [ProfileProblem("reminders.insuranceDaysBefore", .twice)]
        )
    }

    @Test func `the directory sees a change at once, and two editors get one success`() async throws {
        let test = try await TestDatabase.make()
        let audit = AuditTrail(keyRing: try KeyRing.ephemeral())
        let directory = PortalDirectory()
        let json = try Self.json("arval")
        let id = try await test.database.transaction(.everyPortal) { session in
            try PortalDirectory.install(profileJSON: json, audit: audit, by: .commandLine, in: session)
        }
        let first = try #require(try await directory.find("arval", test.database))
        var rules = first.rules
        rules.lockAfter = 7
        let admin = PortalAdmin(audit: audit)
        let changed = try await test.database.transaction(.portal(id)) { [rules] session in
            try admin.save(id, version: first.version, first.identity, rules, by: .system, in: session)
        }
        #expect(changed == ["lockAfter"])
        #expect(try await directory.find("arval", test.database)?.rules.lockAfter == 7)
        await #expect(throws: PortalAdmin.Refusal.self) {
            try await test.database.transaction(.portal(id)) { session in
                _ = try admin.save(id, version: first.version, first.identity, first.rules, by: .system, in: session)
            }
        }
        #expect(
            try await test.sql("SELECT action, facts ->> 'fields' FROM audit_event ORDER BY id")
                == [["portals.added", nil], ["portals.profile_changed", "lockAfter"]]
        )
    }

    @Test func `a zone that the database does not know is refused`() async throws {
        let test = try await TestDatabase.make()
        let audit = AuditTrail(keyRing: try KeyRing.ephemeral())
        let json = try Self.json("arval").replacing("Europe/Moscow", with: "Europe/Moskau")
        await #expect(throws: ProfileError([ProfileProblem("timeZone", .unknownZone)])) {
            _ = try await test.database.transaction(.everyPortal) { session in
                try PortalDirectory.install(profileJSON: json, audit: audit, by: .commandLine, in: session)
            }
        }
    }
}
