import Testing

@testable import Reminders

struct LadderTests {
    @Test func `a ladder is read in any order and any separator`() throws {
        #expect(try Ladder.parse("7, 30;14 1", in: 0...365) == [30, 14, 7, 1])
        #expect(try Ladder.parse("0", in: 0...365) == [0])
    }

    @Test(arguments: [
        ("", Ladder.Fault.notNumbers), (" , ", .notNumbers), ("7 days", .notNumbers), ("-7", .notNumbers),
        ("7.5", .notNumbers), ("٧", .notNumbers), ("99999999999999999999", .notNumbers), ("366", .outOfRange),
        ("7, 7", .twice), ("1 2 3 4 5 6 7 8 9", .tooMany),
    ])
    func `what is no ladder is refused with its reason`(text: String, fault: Ladder.Fault) {
        #expect(throws: fault) { try Ladder.parse(text, in: 0...365) }
    }

    private func steps(_ days: [Int], last: Int = 2) -> [Int] {
        Ladder.steps(from: [(30, 0), (14, 1), (7, 2)], to: days, last: last)
    }

    @Test func `a rung that stays keeps its number when others come or go`() {
        #expect(steps([30, 14, 7]) == [0, 1, 2])
        #expect(steps([14, 7]) == [1, 2])
        #expect(steps([30, 7]) == [0, 2])
        #expect(steps([45, 30, 14, 7, 1]) == [3, 0, 1, 2, 4])
    }

    @Test func `a rung moved in its place keeps its number, so that nobody is reminded twice by it`() {
        #expect(steps([25, 14, 7]) == [0, 1, 2])
        #expect(steps([30, 14, 3]) == [0, 1, 2])
        #expect(steps([20]) == [0])
    }

    @Test func `a rung added elsewhere never meets reminders of one that is gone`() {
        #expect(steps([14, 7, 1]) == [1, 2, 3])
        #expect(steps([14, 7, 1], last: 6) == [1, 2, 7])
    }
}
