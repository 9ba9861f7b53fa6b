import Access
import DeskKit
import DeskWeb
import Postgres
import TestKit
import Testing

@testable import Texts

/// One command of the room: who may do it, and what line it leaves.
struct TextCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let right: Right
    /// Two who may do it, and one of the portal who may not.
    let one: StaffContext
    let other: StaffContext
    let stranger: StaffContext
    let action: String
    let prepare: @Sendable (Bench) async throws -> Void
    let run: @Sendable (Bench, StaffContext, PortalID) async throws -> Void

    init(
        _ name: String,
        _ right: Right,
        _ action: String,
        at prepare: @escaping @Sendable (Bench) async throws -> Void = { _ in },
        _ run: @escaping @Sendable (Bench, StaffContext, PortalID) async throws -> Void
    ) {
        testDescription = name
        self.right = right
        let roles: Set<Role> =
            switch right {
            case .textsApprove: [.verifier]
            case .textsConsents: [.helpdesk]
            default: [.privacyOfficer]
            }
        one = Self.staff(8, roles)
        other = Self.staff(10, roles)
        stranger = right == .textsConsents ? Self.staff(9, [.auditor]) : Self.staff(9, [.helpdesk])
        self.action = action
        self.prepare = prepare
        self.run = run
    }

    /// Somebody with these roles at both portals.
    static func staff(_ id: Int64, _ roles: Set<Role>) -> StaffContext {
        StaffContext(
            id: StaffID(id),
            login: "s\(id)",
            name: "Person \(id)",
            language: "en",
            roles: [Bench.portal: roles, Bench.other: roles]
        )
    }

    static func act<T: Sendable>(
        _ bench: Bench,
        _ staff: StaffContext,
        _ portal: PortalID,
        _ body: @escaping @Sendable (Session) throws -> T
    ) async throws {
        _ = try await bench.test.database.transaction(.portal(portal, staff: staff.id), body)
    }

    static func place(_ portal: PortalID) -> VersionPlace {
        VersionPlace(portal: portal, key: "privacy-policy", number: 1)
    }

    static let opened: @Sendable (Bench) async throws -> Void = { try await $0.add() }

    static let written: @Sendable (Bench) async throws -> Void = { bench in
        try await bench.add()
        for locale in ["pl", "en"] { try await bench.write(locale, "a") }
    }

    static let submitted: @Sendable (Bench) async throws -> Void = { bench in
        try await written(bench)
        try await bench.submit()
    }

    static let cookie = CookieItem(
        name: "_ga",
        storage: .cookie,
        party: .third,
        provider: "Statistik & Co",
        category: .analytics,
        minutes: 60,
        purposes: ["pl": "Liczy", "en": "Counts"],
        state: .declared
    )

    static let versions = [
        TextCase("save words", .textsWrite, "text.saved", at: opened) { bench, staff, portal in
            let draft = SaveWords.Draft(title: "T", body: "b", fits: true, version: 0)
            let (command, profile, place) = (SaveWords(audit: bench.audit), try Bench.profile(portal), place(portal))
            try await act(bench, staff, portal) {
                try command.run(place, locale: "pl", draft, portal: profile, by: staff, in: $0)
            }
        },
        TextCase("submit", .textsWrite, "text.submitted", at: written) { bench, staff, portal in
            let held = try await bench.held()
            let draft = SubmitVersion.Draft(
                changeClass: .editorial,
                rationale: "Because",
                day: held.today,
                version: held.version
            )
            let command = SubmitVersion(audit: bench.audit)
            let (profile, place) = (try Bench.profile(portal), place(portal))
            try await act(bench, staff, portal) {
                try command.run(place, draft, portal: profile, by: staff, in: $0)
            }
        },
        TextCase("return", .textsApprove, "text.returned", at: submitted) { bench, staff, portal in
            let (command, place, shown) = (
                ReturnVersion(audit: bench.audit), place(portal), try await bench.held().version
            )
            try await act(bench, staff, portal) {
                try command.run(place, note: "Zdanie 2", version: shown, by: staff, in: $0)
            }
        },
        TextCase("discard", .textsWrite, "text.discarded", at: opened) { bench, staff, portal in
            let (command, place) = (DiscardVersion(audit: bench.audit), place(portal))
            try await act(bench, staff, portal) { try command.run(place, version: 1, by: staff, in: $0) }
        },
        TextCase(
            "withdraw",
            .textsApprove,
            "text.withdrawn",
            at: { try await $0.publish("one") },
            { bench, staff, portal in
                let (command, place, shown) = (
                    WithdrawVersion(audit: bench.audit), place(portal), try await bench.held().version
                )
                try await act(bench, staff, portal) {
                    try command.run(place, reason: "Wrong", version: shown, by: staff, in: $0)
                }
            }
        ),
        TextCase(
            "open a version",
            .textsWrite,
            "text.opened",
            at: { try await $0.publish("one") },
            { bench, staff, portal in
                let command = OpenVersion(audit: bench.audit)
                try await act(bench, staff, portal) {
                    try command.run("privacy-policy", portal: portal, by: staff, in: $0)
                }
            }
        ),
        TextCase(
            "change a cookie",
            .textsWrite,
            "cookie.changed",
            at: { bench in
                let command = SaveCookie(audit: bench.audit)
                try await bench.act { _ = try command.run(cookie, portal: Bench.portal, by: Bench.writer, in: $0) }
            },
            { bench, staff, portal in
                var changed = cookie
                changed.minutes = 120
                let (command, item) = (SaveCookie(audit: bench.audit), changed)
                try await act(bench, staff, portal) {
                    try command.run(item, id: CookieID(1), version: 1, portal: portal, by: staff, in: $0)
                }
            }
        ),
    ]

    static let additions = [
        TextCase("open a text", .textsWrite, "text.added") { bench, staff, portal in
            let command = OpenText(audit: bench.audit)
            try await act(bench, staff, portal) {
                try command.run(.privacyPolicy, key: nil, portal: portal, by: staff, in: $0)
            }
        },
        TextCase("add a purpose", .textsWrite, "purpose.added") { bench, staff, portal in
            let command = AddPurpose(audit: bench.audit)
            let draft = AddPurpose.Draft(key: "offers", kind: .messages, category: nil, covers: ["offers."])
            try await act(bench, staff, portal) { try command.run(draft, portal: portal, by: staff, in: $0) }
        },
        TextCase("add a cookie", .textsWrite, "cookie.added") { bench, staff, portal in
            let command = SaveCookie(audit: bench.audit)
            try await act(bench, staff, portal) { try command.run(cookie, portal: portal, by: staff, in: $0) }
        },
    ]
}

/// What holds for every command of texts alike.
@Suite struct CommandTests {
    @Test(arguments: TextCase.versions + TextCase.additions)
    func `a command is refused without its right and at a portal that is not theirs`(
        one: TextCase
    ) async throws {
        let bench = try await Bench.make()
        try await one.prepare(bench)
        let before = try await bench.lines("SELECT count(*) FROM audit_event")
        await #expect(throws: AccessDenied(.forbidden, right: one.right, portal: Bench.portal)) {
            try await one.run(bench, one.stranger, Bench.portal)
        }
        let foreigner = StaffContext(
            id: StaffID(9),
            login: "s9",
            name: "Person 9",
            language: "en",
            roles: [Bench.other: Set(Role.allCases)]
        )
        await #expect(throws: AccessDenied(.hidden, right: one.right, portal: Bench.portal)) {
            try await one.run(bench, foreigner, Bench.portal)
        }
        #expect(try await bench.lines("SELECT count(*) FROM audit_event") == before)
    }

    @Test(arguments: TextCase.versions)
    func `what belongs to another portal is not there`(one: TextCase) async throws {
        let bench = try await Bench.make()
        try await one.prepare(bench)
        await #expect(throws: PageError.self) { try await one.run(bench, one.one, Bench.other) }
    }

    @Test(arguments: TextCase.versions + TextCase.additions)
    func `of two at once one is done and written down, and the other is told`(one: TextCase) async throws {
        let bench = try await Bench.make()
        try await one.prepare(bench)
        let before = try await bench.lines("SELECT count(*) FROM audit_event WHERE action = '\(one.action)'")
        let results = await withTaskGroup(of: (any Error)?.self) { group in
            for staff in [one.one, one.other] {
                group.addTask {
                    do {
                        try await one.run(bench, staff, Bench.portal)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: [(any Error)?]()) { $0.append($1) }
        }
        #expect(results.count { $0 == nil } == 1)
        let told = results.compactMap { $0 }
        #expect(
            told.allSatisfy { $0 is TextRefusal || $0 is AddPurpose.Refusal || $0 is SaveCookie.Refusal },
            "\(told)"
        )
        let count = before.first.flatMap { Int($0) } ?? 0
        #expect(
            try await bench.lines("SELECT count(*) FROM audit_event WHERE action = '\(one.action)'") == ["\(count + 1)"]
        )
    }

    @Test func `sites that may ask are saved by whoever writes texts, with their line`() async throws {
        let bench = try await Bench.make()
        let command = SaveOrigins(audit: bench.audit)
        await #expect(throws: AccessDenied(.forbidden, right: .textsWrite, portal: Bench.portal)) {
            try await bench.act(by: Bench.clerk) {
                try command.run(["https://a.example"], portal: Bench.portal, by: Bench.clerk, in: $0)
            }
        }
        for staff in [Bench.writer, Bench.staff(10, [.privacyOfficer])] {
            try await bench.act(by: staff) {
                try command.run(["https://a.example"], portal: Bench.portal, by: staff, in: $0)
            }
        }
        #expect(
            try await bench.lines("SELECT facts ->> 'origins' FROM audit_event WHERE action = 'origins.saved'")
                == ["https://a.example", "https://a.example"]
        )
        for wrong in ["a.example", "https://a.example/path", "ftp://a.example", "https://", "javascript:alert(1)"] {
            #expect(SaveOrigins.origin(wrong) == nil, "\(wrong)")
        }
    }

    @Test(arguments: [
        (AddPurpose.Draft(key: "offers", kind: .messages, category: nil, covers: ["x."]), AddPurpose.Refusal.exists),
        (AddPurpose.Draft(key: "s2", kind: .cookies, category: .analytics, covers: []), .categoryTaken),
        (AddPurpose.Draft(key: "s3", kind: .cookies, category: .necessary, covers: []), .noCategory),
        (AddPurpose.Draft(key: "s4", kind: .cookies, category: nil, covers: []), .noCategory),
        (AddPurpose.Draft(key: "o2", kind: .messages, category: nil, covers: []), .noMessages),
        (AddPurpose.Draft(key: "o3", kind: .messages, category: nil, covers: ["requests.receipt"]), .owed),
    ])
    func `a purpose that makes no sense is refused and adds nothing`(
        draft: AddPurpose.Draft,
        refusal: AddPurpose.Refusal
    ) async throws {
        let bench = try await Bench.make()
        try await bench.ask()
        let command = AddPurpose(audit: bench.audit)
        await #expect(throws: refusal) {
            try await bench.act { try command.run(draft, portal: Bench.portal, by: Bench.writer, in: $0) }
        }
        #expect(try await bench.lines("SELECT count(*) FROM purpose") == ["2"])
    }
}
