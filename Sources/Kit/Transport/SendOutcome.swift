/// What became of one message on the wire. Remote behaviour never throws: it ends here.
package enum SendOutcome: Sendable, Hashable {
    /// The other side took it; `reference` is its own number for it, where it gave one.
    case accepted(reference: String?, Reply)
    /// Certainly not taken; worth another try later.
    case temporary(Reply)
    /// Refused for good: another try would fail too.
    case permanent(Reply)
    /// Handed over wholly or in part, and no clear answer: only a look at the other side can tell.
    case uncertain(Reply)

    package var reply: Reply {
        switch self {
        case .accepted(_, let reply), .temporary(let reply), .permanent(let reply), .uncertain(let reply): reply
        }
    }
}

/// How far an exchange had come.
package enum SendStage: String, Sendable, Hashable, Codable, CaseIterable {
    case queue, connect, greeting, encryption, authentication, sender, recipient, data, body, final, request, answer
}

/// Why there is no answer, or none that counts.
package enum TransportProblem: String, Sendable, Hashable, Codable, CaseIterable {
    case notResolved = "not_resolved"
    case notConnected = "not_connected"
    case notTrusted = "not_trusted"
    case notSignedIn = "not_signed_in"
    case timedOut = "timed_out"
    case closed
    case cancelled
    case overloaded
    case notUnderstood = "not_understood"
}

/// The other side's answer, safe to store and show: addresses and long numbers in it are masked.
package struct Reply: Sendable, Hashable {
    package let stage: SendStage
    /// The SMTP or HTTP code, if one came.
    package let code: Int?
    package let problem: TransportProblem?
    /// At most 300 characters, on one line, without personal data.
    package let text: String
    /// True when the channel is at fault and every other message would fare alike (a breaker counts these).
    package let concernsChannel: Bool

    init(stage: SendStage, code: Int?, problem: TransportProblem? = nil, text: String, concernsChannel: Bool = false) {
        self.stage = stage
        self.code = code
        self.problem = problem
        self.text = Self.masked(text)
        self.concernsChannel = concernsChannel
    }

    static func masked(_ text: String) -> String {
        let words = text.prefix(2_000).split(whereSeparator: { $0.isWhitespace || !isPrintable($0) })
        let line = words.map { word in
            let digits = word.unicodeScalars.count { (0x30...0x39).contains($0.value) }
            let number = digits >= 7 && word.allSatisfy { $0.isNumber || "+-().<>:;,".contains($0) }
            return word.contains("@") || number ? "•••" : String(word)
        }.joined(separator: " ")
        return String(line.prefix(300))
    }

    private static func isPrintable(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }
    }
}

/// How long an exchange may take.
package struct SendDeadlines: Sendable, Hashable {
    package let connect: Duration
    package let total: Duration

    package init(connect: Duration, total: Duration) {
        self.connect = connect
        self.total = total
    }

    /// The answer to the end of a message may take ten minutes (RFC 5321 §4.5.3.2.6).
    package static let smtp = SendDeadlines(connect: .seconds(15), total: .seconds(660))
    package static let http = SendDeadlines(connect: .seconds(10), total: .seconds(60))
}

extension Duration {
    var milliseconds: Int { Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
