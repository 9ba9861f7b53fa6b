import Foundation
import Testing

@testable import Clients

struct CSVTests {
    /// Each record as "line:field|field", fields without quotes, "?" for those without text.
    private func read(_ bytes: [UInt8]) throws -> [String] {
        let path = NSTemporaryDirectory() + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var records = try CSVRecords(path: path)
        var found: [String] = []
        while try records.advance() {
            let fields = (0..<records.count).map { (try? CSVField.text(records[$0])) ?? "?" }
            found.append("\(records.line):" + fields.joined(separator: "|"))
        }
        return found
    }

    private func read(_ text: String) throws -> [String] { try read(Array(text.utf8)) }

    @Test func `commas and semicolons cut fields, whichever the first line has more of`() throws {
        #expect(try read("a,b\n1,2;3\n") == ["1:a|b", "2:1|2;3"])
        #expect(try read("a;b\n1;2,3\n") == ["1:a|b", "2:1|2,3"])
    }

    @Test func `a byte order mark, carriage returns and a missing last line end are no part of the text`() throws {
        #expect(try read("\u{FEFF}a,b\r\n1,\"2\"\r\n3,4\r") == ["1:a|b", "2:1|2", "3:3|4"])
    }

    @Test func `quoted fields hold delimiters, doubled quotes and line breaks, and lines count on`() throws {
        #expect(
            try read("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n\"one\r\ntwo\",2\n5,6\n") == [
                "1:a|b", "2:x,y|say \"hi\"", "3:one\r\ntwo|2", "5:5|6",
            ]
        )
    }

    @Test func `empty lines are passed over, empty fields are kept`() throws {
        #expect(try read("a,b\n\n,\n\r\n1,2\n") == ["1:a|b", "3:|", "5:1|2"])
    }

    @Test func `a quote inside a field spoils that field alone`() throws {
        #expect(try read("a,b\n5\" pipe,1\n\"x\"y,2\n3,4\n") == ["1:a|b", "2:?|1", "3:?|2", "4:3|4"])
    }

    @Test func `a quote that nothing closes is told with its line`() throws {
        #expect(throws: CSVRecords.Problem.endless(line: 3)) { try read("a,b\n1,2\n3,\"4\n5,6\n") }
        let long = "a\n\"" + String(repeating: "x\n", count: 1 << 20)
        #expect(throws: CSVRecords.Problem.endless(line: 2)) { try read(long) }
    }

    @Test func `a record across two blocks of the file is read whole`() throws {
        let rows = (0..<40_000).map { "\($0),\"line\($0)\nnext\"" }
        let found = try read("k,v\n" + rows.joined(separator: "\n"))
        #expect(found.count == 40_001)
        #expect(found.last == "80000:39999|line39999\nnext")
    }

    @Test func `an empty file has no records, an absent one says so`() throws {
        #expect(try read("") == [])
        #expect(throws: CSVRecords.Problem.self) { _ = try CSVRecords(path: "/nowhere/clients.csv") }
    }

    @Test(arguments: [
        ("2025-02-28", true), ("2024-02-29", true), ("2025-02-31", false), ("2025-02-29", false), ("1900-02-29", false),
        ("2025-13-01", false), ("2025-00-10", false), ("2025-1-10", false), ("10.01.2025", false),
        ("1899-12-31", false),
        ("2025-04-31", false), ("2025-01-00", false), ("２０２５-01-01", false),
    ])
    func `a date is a day of the calendar`(text: String, isGood: Bool) {
        #expect((FieldRule.date.refusal(Array(text.utf8)[...]) == nil) == isGood)
    }
}
