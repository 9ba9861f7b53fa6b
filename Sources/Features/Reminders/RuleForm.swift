import DeskKit
import DeskWeb
import Portals

/// The form of a rule.
enum RuleForm {
    /// Every kind of client, in the order of the form.
    static let everybody = ClientKind.allCases.map(\.rawValue)

    /// Nil when something is wrong; the reader then says what.
    static func read(_ read: inout FormReader, _ subject: RuleSubject) -> ChangeRule.Draft? {
        let name = read.text("name", max: 80)
        let version = read.integer("version", in: 0...Int(Int32.max))
        let kind = read.choice("day_kind", DayKind.self)
        let before = steps("days", subject.before, &read)
        let after = steps("after", RuleSubject.after, &read)
        var days: [Int]?
        if let before, let after, let kind {
            do throws(Ladder.Fault) {
                days = try Ladder.join(before: before, after: after, kind)
            } catch {
                let field = error == .crosses ? "after" : "days"
                read.errors.add(field, "reminders.fault.\(error.rawValue)", high(subject.before))
            }
        }
        let clients = read.choices("clients", ClientKind.self).map(\.rawValue)
        read.require(!clients.isEmpty, "clients", "reminders.fault.no_clients")
        let starts = read.optionalDate("starts_on")
        let ends = read.optionalDate("ends_on")
        if let starts, let ends { read.require(starts <= ends, "ends_on", "reminders.fault.period") }
        guard let name, let version, let kind, let days, read.errors.isEmpty else { return nil }
        return ChangeRule.Draft(
            name: name,
            days: days,
            active: read.isOn("active"),
            version: version,
            dayKind: kind,
            clientKinds: everybody.filter(clients.contains),
            startsOn: starts,
            endsOn: ends,
            consolidates: read.isOn("consolidates")
        )
    }

    private static func steps(_ field: String, _ range: ClosedRange<Int>, _ read: inout FormReader) -> [Int]? {
        guard let text = read.optionalText(field, max: 100) else { return read.errors.fields[field] == nil ? [] : nil }
        do throws(Ladder.Fault) {
            return try Ladder.parse(text, in: range)
        } catch {
            read.errors.add(field, "reminders.fault.\(error.rawValue)", high(range))
            return nil
        }
    }

    private static func high(_ range: ClosedRange<Int>) -> [String: TextArgument] {
        ["low": .number(range.lowerBound), "high": .number(range.upperBound)]
    }
}
