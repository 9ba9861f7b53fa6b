import DeskKit
import DeskWeb
import JobRunner

/// Schedules and runs in the reader's words.
struct JobWords: Sendable {
    let words: Words

    init(_ words: Words) {
        self.words = words
    }

    /// The title of a schedule; one without words (from a newer file, say) shows its name.
    func title(_ schedule: String) -> String { said("jobs.title.\(schedule)", else: schedule) }

    func state(_ state: Runs.State) -> TagView {
        let tone: TagView.Tone =
            switch state {
            case .finished: .good
            case .failed: .bad
            case .running: .warn
            case .waiting, .skipped: .plain
            }
        return TagView(tone, words("jobs.state.\(state.rawValue)"))
    }

    func reason(_ code: String?) -> String? { code.map { said("jobs.reason.\($0)", else: $0) } }

    /// Why a job failed: codes of the runner have words, those of handlers are shown as they are.
    func failure(_ code: String?) -> String { code.map { said("jobs.failure.\($0)", else: $0) } ?? "–" }

    func trigger(_ run: RunLine) -> String {
        words("jobs.trigger.\(run.trigger.rawValue)", ["who": .text(run.askedBy ?? "–")])
    }

    /// "every day at 09:00": the usual patterns in words, any other as it is written.
    func when(_ cron: String) -> String {
        if cron.hasPrefix("every "), let number = Int(cron.dropFirst(6).dropLast()) {
            return words("jobs.when.minutes", ["n": .number(cron.hasSuffix("h") ? number * 60 : number)])
        }
        let fields = cron.split(separator: " ").map(String.init)
        guard fields.count == 5, fields[2] == "*", fields[3] == "*" else { return other(cron) }
        if let minute = Int(fields[0]), let hour = Int(fields[1]), let today = CivilDate(iso: "2000-01-01"),
            let time = CivilDateTime(date: today, hour: hour, minute: minute)
        {
            switch fields[4] {
            case "*": return words("jobs.when.daily", ["time": .text(words.time(time))])
            case "1-5", "mon-fri": return words("jobs.when.working_days", ["time": .text(words.time(time))])
            default: return other(cron)
            }
        }
        let rest = fields[1] == "*" && fields[4] == "*"
        if rest, fields[0] == "*" { return words("jobs.when.minutes", ["n": 1]) }
        if rest, fields[0].hasPrefix("*/"), let step = Int(fields[0].dropFirst(2)), 60 % step == 0 {
            return words("jobs.when.minutes", ["n": .number(step)])
        }
        return other(cron)
    }

    func next(_ schedule: ScheduleLine) -> String {
        if let reason = schedule.pausedReason { return words("operations.paused_because", ["reason": .text(reason)]) }
        guard let next = schedule.nextLocal else { return words("operations.never") }
        return words.dateTime(next)
    }

    func scheduleState(_ schedule: ScheduleLine) -> TagView {
        if schedule.pausedReason != nil { return TagView(.warn, words("operations.state.paused")) }
        if schedule.overdue { return TagView(.bad, words("operations.state.overdue")) }
        return TagView(.good, words("operations.state.on"))
    }

    func outcome(_ code: String) -> TagView {
        let tone: TagView.Tone =
            switch code {
            case "confirmed", "sent", "send": .good
            case "refused": .bad
            case "uncertain", "handed_over": .warn
            default: .plain
            }
        return TagView(tone, said("operations.outcome.\(code)", else: code))
    }

    /// Why a recipient was left out; the words stand with the reminders.
    func recipientReason(_ code: String?) -> String {
        code.map { said("reminders.reason.\($0)", else: said("messaging.reason.\($0)", else: $0)) } ?? ""
    }

    func said(_ key: String, else fallback: String) -> String { words.has(key) ? words(key) : fallback }

    private func other(_ cron: String) -> String { words("jobs.when.other", ["cron": .text(cron)]) }
}
