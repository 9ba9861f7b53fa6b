import DeskKit
import FoundationEssentials

/// What `portaldesk jobs` prints: lines for people, or one JSON document.
package enum JobLines {
    /// The JSON of any report, keys in order. Throws `EncodingError`.
    package static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    package static func text(_ report: ScheduleReport) -> String {
        let state = report.pausedReason.map { "paused: \($0)" } ?? report.next.map { "next \($0.iso)" } ?? "-"
        return [report.name, report.portal, report.cron, report.zone, state].joined(separator: "\t")
    }

    package static func text(_ report: RunReport) -> String {
        var parts = [
            "\(report.id)", report.name, report.portal, report.date.iso, report.trigger.rawValue, report.state.rawValue,
        ]
        parts += [report.reason, report.counts.isEmpty ? nil : counts(report.counts)].compactMap { $0 }
        return parts.joined(separator: "\t")
    }

    package static func text(_ report: DryRunReport) -> String {
        let head = [report.name, report.portal, report.date.iso, counts(report.counts)].joined(separator: "\t")
        let lines = report.recipients.map { one in
            [
                "", one.outcome, one.clientName, one.channel ?? "-", one.recipient ?? "-", one.subjectKind, one.subject,
                one.dueDate.iso, one.reason ?? "",
            ].joined(separator: "\t")
        }
        return ([head] + lines).joined(separator: "\n")
    }

    private static func counts(_ counts: [String: Int]) -> String {
        counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }
}
