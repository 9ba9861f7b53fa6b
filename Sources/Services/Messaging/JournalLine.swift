import DeskKit
import FoundationEssentials
import Portals
import Secrets

/// A hand-over as the journal knows it: keyed hashes, and nothing that says to whom or about what.
struct JournalEntry: Hashable, Sendable {
    let portal: PortalID
    /// Of our reference.
    let hash: [UInt8]
    let attempt: Int
    /// Seconds since 1970.
    let at: Int64
    let channel: Channel
    let kind: String
    /// Of the recipient and the words; nil for what holds a code, which is new each time.
    let words: [UInt8]?
}

/// One line of a journal file. A hand-over is on the disk before the gateway is asked; what the gateway said follows
/// when it is convenient, and may be missing.
enum JournalLine: Hashable, Sendable {
    case handOver(JournalEntry)
    case answer(portal: PortalID, hash: [UInt8], attempt: Int, word: String)

    static let answers: Set<String> = ["accepted", "temporary", "permanent", "uncertain"]

    var portal: PortalID {
        switch self {
        case .handOver(let entry): entry.portal
        case .answer(let portal, _, _, _): portal
        }
    }

    /// With the line break that makes it valid.
    var text: String {
        switch self {
        case .handOver(let entry):
            "> \(entry.portal) \(Hex.encode(entry.hash)) \(entry.attempt) \(entry.at) \(entry.channel.rawValue)"
                + " \(entry.kind) \(entry.words.map(Hex.encode) ?? "-")\n"
        case .answer(let portal, let hash, let attempt, let word):
            "< \(portal) \(Hex.encode(hash)) \(attempt) \(word)\n"
        }
    }

    /// Nil for what no version of the program has written.
    init?(_ text: some StringProtocol) {
        let parts = String(text).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 4, let portal = PortalID(parts[1]), let hash = Hex.decode(parts[2]),
            hash.count == JournalHashes.length, let attempt = Int(parts[3]), (1...32_767).contains(attempt)
        else { return nil }
        switch (parts[0], parts.count) {
        case (">", 8):
            guard let at = Int64(parts[4]), at >= 0, let channel = Channel(rawValue: parts[5]), !parts[6].isEmpty
            else { return nil }
            let words = Hex.decode(parts[7])
            guard parts[7] == "-" || words?.count == JournalHashes.length else { return nil }
            self = .handOver(
                JournalEntry(
                    portal: portal,
                    hash: hash,
                    attempt: attempt,
                    at: at,
                    channel: channel,
                    kind: parts[6],
                    words: words
                )
            )
        case ("<", 5) where Self.answers.contains(parts[4]):
            self = .answer(portal: portal, hash: hash, attempt: attempt, word: parts[4])
        default: return nil
        }
    }
}

/// The keyed hashes of the journal: without the key file nobody can tell what a line speaks of.
struct JournalHashes: Sendable {
    static let length = 16
    private let lookup: LookupHash

    init(_ keyRing: KeyRing) {
        lookup = keyRing.lookup(.journal)
    }

    /// Newest key first.
    func references(_ reference: UUID, portal: PortalID) -> [[UInt8]] {
        cut(lookup.candidates(reference.uuidString.lowercased(), scope: "message \(portal)"))
    }

    func words(_ content: MessageContent, to recipient: String, kind: String, portal: PortalID) -> [[UInt8]] {
        let text = [kind, recipient, content.subject, content.body].joined(separator: "\u{0}")
        return cut(lookup.candidates(text, scope: "words \(portal)"))
    }

    /// What the first line of a file says, so that a journal under other keys is known as such.
    var headers: [String] {
        cut(lookup.candidates("header")).map { "# portaldesk journal 1 \(Hex.encode($0))" }
    }

    private func cut(_ hashes: [[UInt8]]) -> [[UInt8]] { hashes.map { Array($0.prefix(Self.length)) } }
}

/// Bytes as lower-case hexadecimal digits.
enum Hex {
    static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = value(digits[place]), let low = value(digits[place + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
