import DeskKit
import DeskWeb
import Messaging
import Portals
import Postgres
import TestKit
import Testing

@testable import Reminders

struct SampleTests {
    @Test("a letter's preview is filled with the newest reminders, masked")
    func masked() async throws {
        let bench = try await Bench.make()
        try await bench.account(1)
        try await bench.instalment(1, due: "2026-11-25")
        try await bench.instalment(2, due: "2026-11-25")
        try await bench.plan()
        let samples = ReminderSamples(catalog: bench.site.catalog)
        let found = try await bench.test.database.read(.portal(Bench.portal)) { session in
            try ["reminders.payment", "reminders.list", "reminders.insurance"].map {
                try samples.samples($0, channel: .sms, language: "en", portal: Bench.portal, in: session)
            }
        }
        #expect(found[0].count == 2)
        #expect(found[0].first?.client == "C••• 1•••")
        #expect(found[0].first?.values["contract"] == "*/1")
        #expect(found[0].first?.values["due_date"] == "25 Nov 2026")
        #expect(found[1].first?.values["items"]?.split(separator: "\n").count == 2)
        #expect(found[2].isEmpty)
        let others = try await bench.test.database.read(.portal(Bench.other)) { session in
            try samples.samples("reminders.payment", channel: .sms, language: "en", portal: Bench.other, in: session)
        }
        #expect(others.isEmpty)
    }
}
