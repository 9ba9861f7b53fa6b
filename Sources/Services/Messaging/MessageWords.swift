package import DeskWeb
package import Portals

/// A message's codes in the reader's language.
package struct MessageWords: Sendable {
    package let words: Words

    package init(_ words: Words) {
        self.words = words
    }

    /// "First code" for `accounts.first_code`; a kind without words shows as its code.
    package func kind(_ kind: String) -> String {
        let key = "messaging.kind.\(kind)"
        return words.has(key) ? words(key) : kind
    }

    func resendReason(_ reason: ResendMessage.Reason) -> String { words("messaging.again.reasons.\(reason.rawValue)") }

    package func channel(_ channel: Channel) -> String { words("messaging.channel.\(channel.rawValue)") }

    package func state(_ state: MessageState) -> TagView {
        let tone: TagView.Tone =
            switch state {
            case .planned, .handedOver, .cancelled: .plain
            case .confirmed: .good
            case .refused: .bad
            case .uncertain: .warn
            }
        return TagView(tone, words("messaging.state.\(state.rawValue)"))
    }

    /// Why it ended so: our own codes by their words, a protocol's answer as "The gateway answered with 404", and what
    /// was cancelled in the words of the room that sent it (`reminders.reason.paid`).
    package func reason(_ code: String?, of kind: String = "") -> String? {
        guard let code else { return nil }
        let room = "\(kind.prefix { $0 != "." }).reason.\(code)"
        if words.has(room) { return words(room) }
        let key = "messaging.reason.\(code)"
        if words.has(key) { return words(key) }
        let parts = code.split(separator: "_").map(String.init)
        guard parts.count == 2, Int(parts[1]) != nil, words.has("messaging.stage.\(parts[0])") else { return code }
        return words(
            "messaging.reply",
            ["stage": .text(words("messaging.stage.\(parts[0])")), "code": .text(parts[1])]
        )
    }

    /// The gateway's answer to one attempt; nil when it gave none yet.
    func outcome(_ outcome: String?) -> String { words("messaging.outcome.\(outcome ?? "none")") }

    /// "Polish" for `pl`; a tag without words shows as it is.
    package func language(_ tag: String) -> String {
        let key = "messaging.language.\(tag)"
        return words.has(key) ? words(key) : tag
    }
}
