import Access
import DeskKit
import DeskWeb
import Postgres
import TestKit
import Testing

@testable import Texts

@Suite struct EndOfVersionTests {
    private func withdraw(_ bench: Bench, _ number: Int, by staff: StaffContext = Bench.reviewer) async throws {
        let command = WithdrawVersion(audit: bench.audit)
        let place = bench.place(number)
        let shown = try await bench.held(place).version
        try await bench.act(by: staff) {
            try command.run(place, reason: "Wrong address", version: shown, by: staff, in: $0)
        }
    }

    @Test func `a scheduled version that is withdrawn never takes effect, the one before it goes on`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.publish("two", days: 3)
        try await withdraw(bench, 2)
        #expect(
            try await bench.lines("SELECT number, state, upper_inf(valid), isempty(valid) FROM text_version ORDER BY 1")
                == ["1 published t f", "2 withdrawn f t"]
        )
        await #expect(throws: TextRefusal.notPublished) { try await withdraw(bench, 2) }
    }

    @Test func `of two scheduled versions the first goes on when the second is withdrawn, and then the live one`()
        async throws
    {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.publish("two", days: 3)
        try await bench.publish("three", days: 6)
        let open = "SELECT number, upper_inf(valid) FROM text_version WHERE state = 'published' ORDER BY number"
        #expect(try await bench.lines(open) == ["1 f", "2 f", "3 t"])
        try await withdraw(bench, 3)
        #expect(try await bench.lines(open) == ["1 f", "2 t"])
        try await withdraw(bench, 2)
        #expect(try await bench.lines(open) == ["1 t"])
    }

    @Test func `a scheduled version in between that is withdrawn leaves no day without a text`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await bench.publish("two", days: 3)
        try await bench.publish("three", days: 6)
        try await withdraw(bench, 2)
        #expect(
            try await bench.lines(
                "SELECT count(DISTINCT b), bool_and(upper(a.valid) = lower(b.valid)) FROM text_version AS a "
                    + "JOIN text_version AS b ON b.number = 3 WHERE a.number = 1"
            ) == ["1 t"]
        )
    }

    @Test func `a live version that is withdrawn ends at once`() async throws {
        let bench = try await Bench.make()
        try await bench.publish("one")
        try await withdraw(bench, 1)
        #expect(try await bench.lines("SELECT state, upper(valid) <= now() FROM text_version") == ["withdrawn t"])
        #expect(
            try await bench.lines("SELECT action, facts ->> 'number' FROM audit_event ORDER BY id DESC LIMIT 1")
                == ["text.withdrawn 1"]
        )
    }

    @Test func `rights are asked by each command`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        let denied = { (right: Right) in AccessDenied(.forbidden, right: right, portal: Bench.portal) }
        for staff in [Bench.reviewer, Bench.clerk] {
            await #expect(throws: denied(.textsWrite)) { try await bench.write("pl", "a", by: staff) }
            await #expect(throws: denied(.textsWrite)) { try await bench.submit(by: staff) }
            await #expect(throws: denied(.textsWrite)) { try await bench.open(by: staff) }
        }
        await #expect(throws: denied(.textsApprove)) { try await bench.approve(by: Bench.clerk) }
        await #expect(throws: denied(.textsApprove)) { try await withdraw(bench, 1, by: Bench.clerk) }
        let stranger = Bench.staff(9, [.privacyOfficer], at: Bench.other)
        await #expect(throws: AccessDenied(.hidden, right: .textsWrite, portal: Bench.portal)) {
            try await bench.write("pl", "a", by: stranger)
        }
    }

    @Test func `another portal's text is not there`() async throws {
        let bench = try await Bench.make()
        try await bench.add()
        let place = VersionPlace(portal: Bench.portal, key: "privacy-policy", number: 1)
        await #expect(throws: PageError.self) {
            try await bench.test.database.transaction(.portal(Bench.other)) { _ = try place.hold(in: $0) }
        }
    }
}
