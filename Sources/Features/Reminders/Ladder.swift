/// The days before and after a date on which a rule reminds, and their numbers. Days after the date are negative.
enum Ladder {
    static let most = 8

    /// Why a typed ladder is none; pages say it as `reminders.fault.<raw value>`.
    enum Fault: String, Error, CaseIterable {
        case notNumbers = "not_numbers"
        case outOfRange = "out_of_range"
        case twice
        case tooMany = "too_many"
        /// Two steps may fall on the same day, or the later one on an earlier day.
        case crosses
        case nothing
    }

    /// Reads "30, 14, 7" in any order; answers the days, largest first.
    static func parse(_ text: String, in range: ClosedRange<Int>) throws(Fault) -> [Int] {
        let parts = text.split { $0 == "," || $0 == ";" || $0.isWhitespace }
        var days: [Int] = []
        for part in parts {
            guard part.count <= 9, part.allSatisfy({ $0.isASCII && $0.isNumber }), let day = Int(part) else {
                throw .notNumbers
            }
            guard range.contains(day) else { throw .outOfRange }
            guard !days.contains(day) else { throw .twice }
            days.append(day)
        }
        guard !days.isEmpty else { throw .notNumbers }
        guard days.count <= most else { throw .tooMany }
        return days.sorted(by: >)
    }

    /// The whole ladder of days before and after the date. A step on the date itself that falls on a day off goes on
    /// the next working day, where the first working day after the date is as well.
    static func join(before: [Int], after: [Int], _ kind: DayKind) throws(Fault) -> [Int] {
        guard !before.isEmpty || !after.isEmpty else { throw .nothing }
        guard before.count + after.count <= most else { throw .tooMany }
        guard kind == .calendar || !before.contains(0) || !after.contains(1) else { throw .crosses }
        return before + after.sorted().map { -$0 }
    }

    /// "30, 14, 7", as the days before the date are typed.
    static func before(_ days: [Int]) -> String { list(days.filter { $0 >= 0 }) }

    /// "3, 10", as the days after it are typed.
    static func after(_ days: [Int]) -> String { list(days.filter { $0 < 0 }.map { -$0 }) }

    /// "30, 14, 7, +3": both, as lists and the trail show them.
    static func text(_ days: [Int]) -> String {
        days.map { $0 < 0 ? "+\(-$0)" : "\($0)" }.joined(separator: ", ")
    }

    private static func list(_ days: [Int]) -> String {
        days.map(String.init).joined(separator: ", ")
    }

    /// The numbers of a changed ladder. A day that stays keeps its number; a day put in another one's place takes that
    /// one's, so that nobody is reminded twice by the same rung; an added day gets a number that was never used, so
    /// that reminders of a rung that is gone do not stand in its way. `last` is the highest number in use so far.
    static func steps(from old: [(day: Int, step: Int)], to days: [Int], last: Int) -> [Int] {
        let kept = Set(old.map(\.day)).intersection(days)
        func place(_ day: Int) -> Int { kept.count { $0 > day } }
        var free = Dictionary(grouping: old.filter { !kept.contains($0.day) }) { place($0.day) }
        var next = max(last, old.map(\.step).max() ?? -1) + 1
        return days.map { day in
            if let same = old.first(where: { $0.day == day }) { return same.step }
            if let freed = free[place(day)]?.first {
                free[place(day)]?.removeFirst()
                return freed.step
            }
            defer { next += 1 }
            return next
        }
    }
}
