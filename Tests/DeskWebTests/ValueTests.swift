import DeskKit
import Testing

@Suite struct ValueTests {
    @Test(arguments: ["2026-02-31", "2025-02-29", "1900-02-29", "2026-13-01", "2026-1-01", "0000-01-01", "2026-11-21 "])
    func `a day that does not exist is no date`(text: String) {
        #expect(CivilDate(iso: text) == nil)
    }

    @Test func `days are counted across months, leap years and the epoch`() throws {
        let start = try #require(CivilDate(iso: "1969-12-31"))
        #expect(start.dayNumber == -1)
        #expect(start.adding(days: 1)?.iso == "1970-01-01")
        #expect(try #require(CivilDate(iso: "2024-02-28")).adding(days: 2)?.iso == "2024-03-01")
        #expect(try #require(CivilDate(iso: "2026-11-21")).weekday == 6)
        #expect(CivilDate(dayNumber: try #require(CivilDate(iso: "9999-12-31")).dayNumber + 1) == nil)
        let all = stride(from: -719_162, through: 2_932_896, by: 997)
        #expect(all.allSatisfy { CivilDate(dayNumber: $0)?.dayNumber == $0 })
    }

    @Test(arguments: ["24:00:00", "12:60:00", "1:00:00", "12:00:61", "12:00:00.x"])
    func `a time that no clock shows is none`(time: String) {
        #expect(CivilDateTime(iso: "2026-11-21 \(time)") == nil)
        #expect(CivilDateTime(iso: "2026-11-21T14:02:33.123456")?.iso == "2026-11-21 14:02:33")
    }

    @Test(arguments: ["0", "-1", "+1", "01", " 1", "1.0", "99999999999999999999", ""])
    func `a key is read from plain digits alone`(text: String) {
        #expect(ClientID(text) == nil)
        #expect(PortalID(text) == nil)
    }

    @Test func `a portal's key fits a small integer`() {
        #expect(PortalID("32767") == PortalID(32767))
        #expect(PortalID("32768") == nil)
    }

    @Test func `a redacted value prints nothing of itself`() {
        let secret = Redacted("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2"))
        #expect(secret.reveal() == "hunter2")
    }

    @Test func `money of two currencies has no sum`() {
        #expect(Money(minor: 1, currency: "PLN").adding(Money(minor: 1, currency: "HUF")) == nil)
        #expect(Money(minor: .max, currency: "PLN").adding(Money(minor: 1, currency: "PLN")) == nil)
    }

    @Test(arguments: [["Łódź ~ % ! ab", "17"], ["", ""], ["🚗'\"<"]])
    func `a page key survives its way through a URL`(parts: [String]) {
        let key = PageKey(parts)
        #expect(PageKey(text: key.text, parts: parts.count) == key)
        #expect(key.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") })
        #expect(PageKey(text: key.text, parts: parts.count + 1) == nil)
    }

    @Test(arguments: ["!", "!0", "!00", "!zz", "!ff"])
    func `a mangled page key is none`(text: String) {
        #expect(PageKey(text: text, parts: 1) == nil)
    }

    @Test func `pages forward and back show the same rows in the same order`() {
        let key = { (row: Int) in PageKey("\(row)") }
        let first = PageSlice(fetched: [1, 2, 3], request: PageRequest(size: 2), key: key)
        #expect(first.rows == [1, 2] && first.before == nil && first.after == PageKey("2"))
        let second = PageSlice(fetched: [3], request: PageRequest(key: first.after, size: 2), key: key)
        #expect(second.rows == [3] && second.before == PageKey("3") && second.after == nil)
        let back = PageRequest(key: second.before, direction: .backward, size: 2)
        let again = PageSlice(fetched: [2, 1], request: back, key: key)
        #expect(again.rows == [1, 2] && again.before == nil && again.after == PageKey("2"))
    }
}
