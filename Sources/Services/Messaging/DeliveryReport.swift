import FoundationEssentials

/// An enhanced status of a mail server, "5.1.1" (RFC 3463).
struct MailStatus: Sendable, Hashable {
    let kind: Int
    let subject: Int
    let detail: Int

    /// The first one of a text.
    init?(_ text: String) {
        guard let match = text.firstMatch(of: /\b([245])\.(\d{1,3})\.(\d{1,3})\b/)?.output,
            let kind = Int(match.1), let subject = Int(match.2), let detail = Int(match.3)
        else { return nil }
        (self.kind, self.subject, self.detail) = (kind, subject, detail)
    }

    /// There is no such mailbox, or it is closed for good. 5.1.7 and 5.1.8 blame the sender's address.
    var isNoMailbox: Bool {
        kind == 5 && (subject == 1 && ![7, 8].contains(detail) || subject == 2 && detail == 1)
    }

    var text: String { "\(kind).\(subject).\(detail)" }
}

/// What a mail server tells of a message that it had taken: a delivery status notification (RFC 3464).
struct DeliveryReport: Sendable, Hashable {
    /// Our own number in the Message-ID of what comes back; nil where nothing of it does.
    let reference: UUID?
    let outcome: Receipt.Outcome
    let status: MailStatus?

    /// Nil for any other mail.
    init?(_ lines: [String]) {
        let mail = MailPart(lines)
        guard mail.type == "multipart/report",
            mail.parameter("report-type")?.lowercased() == "delivery-status"
        else { return nil }
        let parts = mail.parts
        guard let report = parts.first(where: { $0.type.hasSuffix("/delivery-status") }) else { return nil }
        let groups = report.body.split { $0.isEmpty }.map(MailPart.fields)
        let recipients = groups.filter { $0["action"] != nil }
        guard let told = Self.first(recipients) else { return nil }
        outcome = told.outcome
        status = MailStatus(told.fields["status"] ?? "") ?? MailStatus(told.fields["diagnostic-code"] ?? "")
        reference = parts.lazy.compactMap { Self.returned($0) }.first
    }

    /// Ours go to one address each; one that stands for many has failed when nobody of them was reached.
    private static func first(
        _ recipients: [[String: String]]
    ) -> (fields: [String: String], outcome: Receipt.Outcome)? {
        let told = recipients.map { ($0, outcome($0["action"] ?? "")) }
        return told.first { $0.1 == .delivered } ?? told.first { $0.1 == .underway } ?? told.first
    }

    private static func outcome(_ action: String) -> Receipt.Outcome {
        switch action.lowercased().prefix(while: \.isLetter) {
        case "failed": .failed
        case "delivered": .delivered
        default: .underway
        }
    }

    /// The number in the head of the message that comes back, whole or in part.
    private static func returned(_ part: MailPart) -> UUID? {
        let heads = ["message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"]
        guard heads.contains(part.type) else { return nil }
        let id = MailPart.fields(part.body.prefix { !$0.isEmpty })["message-id"] ?? ""
        return UUID(uuidString: String(id.drop { $0 == "<" }.prefix { $0 != "@" }))
    }
}
