import DeskKit
import Postgres
import TestKit
import Testing

@testable import Reminders

struct PlanInsuranceTests {
    @Test func `each rung of the ladder reminds once`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1, days: 2)
        try await bench.policy(1, to: "2026-12-20")
        for date in ["2026-11-20", "2026-11-21", "2026-12-06", "2026-12-13", "2026-12-13", "2026-12-18"] {
            try await bench.plan(.policy, on: Bench.day(date))
        }
        let steps = try await bench.lines("step || ' ' || state", "reminder", "step")
        #expect(steps == ["0 planned", "1 planned", "2 planned"])
    }

    @Test func `several policies on several rungs in one run`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.policy(1, to: "2026-12-20")
        try await bench.policy(2, kind: "AC", to: "2026-12-04")
        try await bench.policy(3, kind: "GAP", to: "2026-11-27")
        try await bench.policy(4, kind: "NNW", to: "2026-11-28")
        try await bench.plan(.policy)
        let found = try await bench.lines("subject_id || ' ' || step", "reminder", "subject_id")
        #expect(found == ["1 0", "2 1", "3 2"])
    }

    @Test func `a renewed policy is left out`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        // By the contract.
        try await bench.policy(1, to: "2026-12-20")
        try await bench.policy(11, from: "2026-12-21", to: "2027-12-20")
        // Another kind on the same contract is no renewal.
        try await bench.policy(2, kind: "AC", to: "2026-12-20")
        // By the registration: a new contract for the same car.
        try await bench.client(3)
        try await bench.test.sql("UPDATE contract SET client_id = 1, registration = 'WX1' WHERE id = 3")
        try await bench.policy(3, kind: "GAP", to: "2026-12-20")
        try await bench.policy(13, of: 3, kind: "GAP", from: "2026-12-21", to: "2027-12-20")
        // Without a contract, by its number only.
        try await bench.policy(4, of: nil, kind: "NNW", to: "2026-12-20")
        try await bench.policy(14, of: nil, kind: "NNW", from: "2026-12-21", to: "2027-12-20")
        try await bench.plan(.policy)
        #expect(
            try await bench.reminders() == [
                "1 1 skipped renewed", "2 1 planned", "3 1 skipped renewed", "4 1 planned",
            ]
        )
        try await bench.test.sql("DELETE FROM reminder; UPDATE policy SET number = 'P4' WHERE id = 14")
        try await bench.plan(.policy)
        #expect(try await bench.reminders().last == "4 1 skipped renewed")
    }

    @Test func `accounts that see neither insurance nor contracts are not asked`() async throws {
        let bench = try await Bench.make()
        try await bench.account(1, rights: "invoices")
        try await bench.policy(1, to: "2026-12-20")
        try await bench.plan(.policy)
        #expect(try await bench.reminders() == ["1 0 skipped no_account"])
    }
}
