import DeskKit
import Foundation
import Testing

@testable import portaldesk

struct IdentifierLinesTests {
    private func lines() throws -> IdentifierLines {
        IdentifierLines(today: try #require(CivilDate(year: 2026, month: 11, day: 21)))
    }

    static let readable: [(question: String, answer: String)] = [
        (
            #"{"kind":"pl_nip","country":"PL","value":"999-000-00-08"}"#,
            #"{"valid":true,"normalized":"9990000008","reason":null}"#
        ),
        (
            #"{"kind":"pl_nip","country":"PL","value":"9990000009","valid":false}"#,
            #"{"valid":false,"normalized":null,"reason":"bad_checksum"}"#
        ),
        (
            #"{"kind":"pl_nip","value":"9990000008\u0000"}"#,
            #"{"valid":false,"normalized":null,"reason":"forbidden_character"}"#
        ),
        (
            #"{"kind":"mrz_name","country":"INT","value":"---"}"#,
            #"{"valid":false,"normalized":null,"reason":"empty"}"#
        ),
        (
            #"{"kind":"mrz_name","country":null,"value":"-Jan"}"# + "\r",
            #"{"valid":true,"normalized":"JAN","reason":null}"#
        ),
    ]

    @Test(arguments: readable)
    func `a line gets its verdict with all three keys`(question: String, expected: String) throws {
        var lines = try lines()
        #expect(lines.answer(Array(question.utf8)) == expected)
        #expect(lines.unreadable == 0)
    }

    static let unreadable: [(question: String, words: String)] = [
        ("", "not JSON"), ("nonsense", "not JSON"), ("[]", "not a JSON object"), ("{", "not JSON"),
        (#"{"kind":"pl_nip"}"#, "\"value\" is missing"), (#"{"value":"1"}"#, "\"kind\" is missing"),
        (#"{"kind":"pl_nip","value":9990000008}"#, "\"value\" is not a text"),
        (#"{"kind":"pl_nip","value":null}"#, "\"value\" is"),
        (#"{"kind":"nip","value":"1"}"#, "unknown kind \"nip\""),
        (#"{"kind":"iban","country":"DE","value":"1"}"#, "it has HU, PL"),
        (#"{"kind":"iban","value":"1"}"#, "needs a country"),
        (#"{"kind":"pl_nip","value":"\ud800"}"#, "not JSON"),
    ]

    @Test(arguments: unreadable)
    func `a line that cannot be read says why and is counted`(question: String, words: String) throws {
        var lines = try lines()
        let answer = Data(lines.answer(Array(question.utf8)).utf8)
        let object = try #require(try JSONSerialization.jsonObject(with: answer) as? [String: Any])
        #expect((object["error"] as? String)?.contains(words) == true)
        #expect(object["line"] as? Int == 1)
        #expect(object.keys.sorted() == ["error", "line", "normalized", "reason", "valid"])
        #expect(object["valid"] is NSNull)
        #expect(lines.unreadable == 1)
    }

    @Test func `a byte that is not UTF-8 makes the line unreadable`() throws {
        var lines = try lines()
        let answer = lines.answer(Array(#"{"kind":"pl_nip","value":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        #expect(answer.contains("\"error\""))
    }

    @Test(arguments: [1, 2, 3, 7, 100])
    func `lines come out whole however the blocks cut them`(size: Int) {
        let input = Array("one\n\nthree\nlonger than ten\nlast".utf8)
        var splitter = LineSplitter(longestLine: 10)
        var lines: [String?] = []
        let emit: ([UInt8]?) -> Void = { lines.append($0.map { String(decoding: $0, as: UTF8.self) }) }
        for start in stride(from: 0, to: input.count, by: size) {
            splitter.feed(input[start..<min(start + size, input.count)], emit)
        }
        splitter.finish(emit)
        #expect(lines == ["one", "", "three", nil, "last"])
    }

    @Test func `quotes, backslashes and control characters are escaped`() {
        #expect(quoted("a\"b\\c\nd\u{1}Ł") == #""a\"b\\c\nd\u0001Ł""#)
    }
}
