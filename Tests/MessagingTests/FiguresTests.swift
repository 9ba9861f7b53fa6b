import DeskKit
import Foundation
import HTTPTypes
import TestKit
import Testing

@testable import Access
@testable import DeskWeb
@testable import Messaging

@Suite struct FiguresTests {
    /// Five messages: two delivered yesterday, one that failed today, one uncertain and one cancelled.
    private func console() async throws -> Console {
        let console = try await Console.make()
        for person in ["a", "b", "c", "d", "e"] { try await console.post.enqueue(console.post.reminder(to: person)) }
        try await console.post.database.sql(
            """
            ALTER TABLE message DISABLE TRIGGER message_moves_forward;
            UPDATE message SET state = 'confirmed', delivery = 'delivered', handed_at = now() - interval '1 day',
                delivered_at = now() - interval '1 day' + id * interval '10 seconds' WHERE id <= 2;
            UPDATE message SET state = 'refused' WHERE id = 3;
            UPDATE message SET state = 'uncertain' WHERE id = 4;
            UPDATE message SET state = 'cancelled', channel = 'sms' WHERE id = 5;
            """
        )
        return console
    }

    /// The cells of the table's row with this number from the top.
    private func cells(_ body: String, _ row: Int) -> [String] {
        let rows = body.components(separated: "<tbody>", "</tbody>").first?.components(separated: "<tr>", "</tr>")
        guard let rows, rows.indices.contains(row) else { return [] }
        return rows[row].components(separated: "<td class=\"num\">", "</td>")
    }

    @Test("each day's messages by what became of them, in a picture and in the table beside it")
    func sends() async throws {
        let console = try await console()
        let page = try await console.get("/messaging/figures", as: [.helpdesk])
        #expect(page.status == .ok)
        #expect(cells(page.body, 0) == ["0", "0", "0", "1", "1", "1"])
        #expect(cells(page.body, 1) == ["2", "0", "0", "0", "0", "0"])
        #expect(page.body.contains("aria-label=\"5 messages in 90 days"))
        #expect(page.body.components(separated: "<rect class=\"good\"", "/>").count == 1)
        #expect(page.body.components(separated: "<tr>", "</tr>").count == 2 * 91)
    }

    @Test("how long deliveries took, by day")
    func times() async throws {
        let page = try await console().get("/messaging/figures", as: [.helpdesk])
        let table = page.body.components(separated: "<tbody>", "</tbody>").last ?? ""
        let row = table.components(separated: "<tr>", "</tr>")[1].components(separated: "<td class=\"num\">", "</td>")
        #expect(row == ["10 s", "20 s", "2"])
    }

    @Test("one channel alone, nothing at all, and who may look", arguments: Language.allCases)
    func filters(language: Language) async throws {
        let console = try await console()
        let sms = try await console.get("/messaging/figures?channel=sms", as: [.helpdesk], language: language)
        #expect(cells(sms.body, 0) == ["0", "0", "0", "0", "0", "1"])
        #expect(cells(sms.body, 1) == ["0", "0", "0", "0", "0", "0"])
        try await console.post.database.sql("UPDATE message SET planned_at = now() - interval '200 days'")
        let none = try await console.get("/messaging/figures", as: [.helpdesk], language: language)
        #expect(none.status == .ok && !none.body.contains("<svg class=\"chart\""))
        #expect(try await console.get("/messaging/figures", as: []).status == .forbidden)
    }

    @Test(
        "the axis ends at a number whose half is whole",
        arguments: [(0, 2), (1, 2), (3, 4), (5, 10), (11, 20), (41, 100), (101, 200), (999, 1000)]
    )
    func axis(value: Int, end: Int) {
        #expect(StackedChart.round(value) == end)
    }

    @Test("what is there is seen, however small beside the rest; the columns never leave the picture")
    func heights() {
        let chart = StackedChart(
            label: "",
            legend: [LegendEntry(.good, ""), LegendEntry(.bad, "")],
            columns: [[100_000, 1], [0, 0], [3, 0]],
            names: ["a", "b", "c"],
            scale: { "\($0)" }
        )
        #expect(chart.bars.map(\.height) == ["80", "1", "1"])
        #expect(chart.bars.map(\.x) == ["1", "1", "17"])
        #expect(chart.bars.allSatisfy { (Int($0.y) ?? 0) >= 0 })
        #expect(chart.labels.map(\.text) == ["a", "b", "c"])
    }
}

extension String {
    /// What stands between each two marks.
    fileprivate func components(separated start: String, _ end: String) -> [String] {
        var found: [String] = []
        var rest = self[...]
        while let from = rest.range(of: start), let to = rest[from.upperBound...].range(of: end) {
            found.append(String(rest[from.upperBound..<to.lowerBound]))
            rest = rest[to.upperBound...]
        }
        return found
    }
}
