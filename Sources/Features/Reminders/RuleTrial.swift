import DeskKit
import DeskWeb
import Postgres

/// What a changed rule would do on a day: the change is made, the run's own statement asked, and everything undone.
struct RuleTrial: Sendable {
    /// Carries the answer out of the transaction that is rolled back by it.
    private struct Undone: Error {
        let trial: RuleTrial
    }

    let date: CivilDate
    /// Of the changed rule by reason, "send" for those who get it.
    let counts: [String: Int]
    /// The same as things stand now.
    let now: [String: Int]
    let rows: [TrialRow]
    /// The price of what would go by SMS, at one part each; nil without a price.
    let smsPrice: Int?

    /// Without a date it is about the portal's today. Nothing is kept. Throws what `change` throws, and
    /// `PostgresError`.
    static func run(
        _ date: CivilDate?,
        _ subject: RuleSubject,
        portal: PortalID,
        on database: Database,
        scope: Scope,
        _ change: @escaping @Sendable (Session) throws -> RuleID
    ) async throws -> RuleTrial {
        do {
            return try await database.transaction(scope) { session -> RuleTrial in
                let date = try date ?? session.one(RemindersQueries.localNow, ["portal": portal]).date
                let place: Parameters = ["portal": portal, "subject": subject, "date": date]
                let before = try session.all(RemindersQueries.trialCounts, place)
                let rule = try change(session)
                let after = try session.all(RemindersQueries.trialCounts, place)
                let rows = try session.all(RemindersQueries.trial, place.merging(["rule": rule]) { $1 })
                let counted = { (found: [TrialCount]) in
                    found.filter { $0.ruleID == rule }.reduce(into: [String: Int]()) {
                        $0[$1.reason ?? "send", default: 0] += $1.number
                    }
                }
                throw Undone(
                    trial: RuleTrial(
                        date: date,
                        counts: counted(after),
                        now: counted(before),
                        rows: rows,
                        smsPrice: try session.all(RemindersQueries.limits, ["portals": [portal]]).first?.smsPriceMinor
                    )
                )
            }
        } catch let undone as Undone {
            return undone.trial
        }
    }
}

struct TrialCount: Decodable, Sendable {
    let ruleID: RuleID
    let reason: String?
    let number: Int
}

struct TrialRow: Decodable, Sendable {
    let clientID: ClientID
    let clientName: String
    let remindBy: String?
    let phone: String?
    let email: String?
    let dueDate: CivilDate
    let days: Int
    let reason: String?
    let smsTotal: Int
}

/// The trial on the page.
struct TrialView: Sendable {
    struct Row: Sendable {
        let client: String
        let href: String
        let by: String
        let due: String
        let step: String
        let outcome: TagView
        let reason: String?
    }

    let title: String
    let summary: String
    let cost: String?
    let bars: [FunnelRow]
    let rows: [Row]
    let hasRows: Bool

    init(_ trial: RuleTrial, portal key: String, currency: String, _ words: Words) {
        title = words("reminders.trial.title", ["date": .text(words.fullDate(trial.date))])
        let (now, then) = (trial.now["send", default: 0], trial.counts["send", default: 0])
        summary = words("reminders.trial.summary", ["now": .number(now), "then": .number(then)])
        let sms = trial.rows.first?.smsTotal ?? 0
        cost =
            sms == 0
            ? nil
            : trial.smsPrice.map {
                let price = Money(minor: Int64($0) * Int64(sms), currency: currency)
                return words("reminders.trial.cost", ["n": .number(sms), "price": .text(words.money(price))])
            } ?? words("reminders.trial.no_price", ["n": .number(sms)])
        let most = trial.counts.values.max() ?? 1
        bars = trial.counts.sorted { ($0.key != "send" ? 1 : 0, $0.key) < ($1.key != "send" ? 1 : 0, $1.key) }.map {
            let label = $0.key == "send" ? words("reminders.trial.send") : words("reminders.reason.\($0.key)")
            return FunnelRow(
                label: label,
                count: $0.value,
                of: most,
                tone: $0.key == "send" ? .good : .plain,
                words: words
            )
        }
        rows = trial.rows.map { Self.row($0, key, words) }
        hasRows = !rows.isEmpty
    }

    private static func row(_ row: TrialRow, _ key: String, _ words: Words) -> Row {
        let contact = Contact(row.remindBy, phone: row.phone, email: row.email)
        return Row(
            client: row.clientName,
            href: "/reminders/\(key)/why/\(row.clientID)?due=\(row.dueDate.iso)",
            by: contact.masked ?? "–",
            due: words.shortDate(row.dueDate),
            step: Ladder.text([row.days]),
            outcome: row.reason == nil
                ? TagView(.good, words("reminders.trial.send")) : TagView(.plain, words("reminders.outcome.skipped")),
            reason: row.reason.map { words("reminders.reason.\($0)") }
        )
    }
}
