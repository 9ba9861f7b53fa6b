import DeskKit
import DeskWeb
import JobRunner
import Messaging
import Portals

/// The way from rule to receipt of one step for one account, in sentences.
struct WhyStory: Sendable {
    let title: String
    let account: String
    let outcome: TagView
    let sentences: [String]
    /// The message's page, where there is one.
    let message: String?
    let run: String?

    init(
        _ row: StoryRow,
        portal key: String,
        logins: LoginKind,
        opens: (messages: Bool, runs: Bool),
        _ words: Words
    ) {
        let teller = Teller(row, words)
        title =
            words("reminders.about.\(row.subjectKind.rawValue)")
            + " " + ReminderSubject.text(row.contract, row.instalment, row.policy)
        account = row.login.map { logins.masked($0) } ?? words("reminders.why.nobody")
        outcome = teller.outcome
        sentences = teller.rule + teller.day + (row.reminderID == nil ? teller.unplanned : teller.planned)
        message = opens.messages ? row.messageID.map { "/messaging/\(key)/\($0)" } : nil
        run = opens.runs ? row.runID.map { "/operations/runs/\(key)/\($0)" } : nil
    }
}

private struct Teller {
    let row: StoryRow
    let words: Words

    init(_ row: StoryRow, _ words: Words) {
        self.row = row
        self.words = words
    }

    private func say(_ key: String, _ arguments: [String: TextArgument] = [:]) -> String {
        words("reminders.why.\(key)", arguments)
    }

    private func reason(_ code: String?) -> TextArgument {
        .text(MessageWords(words).reason(code, of: "reminders.") ?? "–")
    }

    /// Which rule it is, and how many days before.
    var rule: [String] {
        guard let rule = row.rule else { return [say("no_rule")] }
        var sentences: [String] = []
        switch row.daysBefore {
        case nil: sentences.append(say("rule_gone", ["rule": .text(rule)]))
        case 0?: sentences.append(say("rule_same_day", ["rule": .text(rule)]))
        case let days?:
            let key = (days < 0 ? "rule_after" : "rule") + (row.inWorkingDays ? "_working" : "")
            sentences.append(say(key, ["rule": .text(rule), "n": .number(abs(days))]))
        }
        if let own = row.ownDays { sentences.append(say("own", ["n": .number(own)])) }
        if !row.forClient { sentences.append(say("other_clients")) }
        if !row.ruleActive { sentences.append(say("rule_off")) }
        return sentences
    }

    /// When the reminder's day is or was.
    var day: [String] {
        guard row.rule != nil, let day = row.reminderOn else { return [] }
        let date: [String: TextArgument] = ["date": .text(words.fullDate(day))]
        if day == row.today { return [say("day_today", date)] }
        return [say(day > row.today ? "day_to_come" : "day_past", date)]
    }

    /// No reminder is there: what the day's run did, and what it would do now.
    var unplanned: [String] {
        guard row.rule != nil, row.ruleActive, row.forClient, let day = row.reminderOn else { return [] }
        var sentences: [String] = []
        if let state = row.runState, let at = row.runAt {
            let state = words("reminders.run_state.\(state.rawValue)")
            sentences.append(say("run", ["time": .text(words.dateTime(at)), "state": .text(state)]))
            if let reason = row.runReason {
                let key = "jobs.reason.\(reason)"
                sentences.append(say("run_reason", ["reason": .text(words.has(key) ? words(key) : reason)]))
            }
            if row.runState == .finished { sentences.append(say("unknown_then")) }
        } else if day < row.today {
            sentences.append(say("no_run"))
        }
        guard row.obstacle == nil else { return sentences + [say("would_skip", ["reason": reason(row.obstacle)])] }
        return sentences + [say(day < row.today ? "would_still_send" : "would_send")]
    }

    /// From the plan to the gateway's word.
    var planned: [String] {
        var sentences = row.plannedAt.map { [say("planned", ["time": .text(words.dateTime($0))])] } ?? []
        switch row.reminderState {
        case "skipped": sentences.append(say("left_out", ["reason": reason(row.reminderReason)]))
        case "cancelled": sentences.append(say("cancelled", ["reason": reason(row.reminderReason)]))
        case "planned": sentences += [say("waits")] + waiting
        default: sentences += written + sent
        }
        return sentences
    }

    private var written: [String] {
        guard let channel = row.channel, let hint = row.hint, let language = row.language else { return [] }
        let ledger = MessageWords(words)
        let facts: [String: TextArgument] = [
            "channel": .text(ledger.channel(channel)), "to": .text(hint), "language": .text(ledger.language(language)),
            "version": .number(row.letterVersion ?? 1),
        ]
        var sentences = [say("written", facts)]
        if let wanted = row.accountLanguage, wanted != language {
            sentences.append(say("fallback", ["language": .text(ledger.language(wanted))]))
        }
        return sentences
    }

    private var sent: [String] {
        var sentences: [String] = []
        if let at = row.handedAt {
            sentences.append(
                say("handed", ["time": .text(words.dateTime(at)), "provider": .text(row.provider ?? "–")])
            )
        }
        if let attempts = row.attempts, attempts > 1 {
            sentences.append(say("attempts", ["n": .number(attempts)]))
        }
        guard let state = row.messageState, state != .handedOver else { return sentences }
        let time = row.settledAt.map { words.dateTime($0) } ?? ""
        switch state {
        case .planned: sentences += [say("message_planned")] + waiting
        case .confirmed: sentences.append(say("message_confirmed", ["time": .text(time)]))
        default:
            let facts: [String: TextArgument] = ["time": .text(time), "reason": reason(row.messageReason)]
            sentences.append(say("message_\(state.rawValue)", facts))
        }
        return sentences + receipt
    }

    /// The last word: the phone's network's.
    private var receipt: [String] {
        switch row.delivery {
        case "delivered": [say("delivered", ["time": .text(row.deliveredAt.map { words.dateTime($0) } ?? "")])]
        case nil: row.expectsReceipt == true ? [say("no_receipt")] : []
        default: [say("undelivered")]
        }
    }

    /// What keeps it from going on.
    private var waiting: [String] {
        var sentences = row.awaitsApproval == true ? [say("awaits_approval")] : []
        if let reason = row.pauseReason { sentences.append(say("queue_paused", ["reason": .text(reason)])) }
        if let time = row.opensAt { sentences.append(say("opens", ["time": .text(words.dateTime(time))])) }
        if let time = row.leftAloneUntil { sentences.append(say("left_alone", ["time": .text(words.dateTime(time))])) }
        return sentences
    }

    /// In a word.
    var outcome: TagView {
        if row.reminderID != nil {
            return ReminderLine.tag(row.messageState?.rawValue ?? row.reminderState ?? "", words)
        }
        guard row.rule != nil, row.ruleActive, row.forClient, let day = row.reminderOn else {
            return TagView(.warn, say("outcome_none"))
        }
        return day >= row.today ? TagView(.plain, say("outcome_to_come")) : TagView(.warn, say("outcome_none"))
    }
}
