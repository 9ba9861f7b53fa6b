import Audit
import DeskKit
import FoundationEssentials
import Portals
import Postgres
import Secrets

/// Records what somebody decided: append-only, with the words that they were shown. The same request under the same key
/// answers the first one's receipt and records nothing.
struct RecordConsent: Sendable {
    struct Request: Sendable, Hashable {
        var subject: ConsentSubject
        var method: ConsentMethod
        var decisions: [Decision]
        /// The sender's own key of this request.
        var onceKey: String
        /// The past day on the paper or of the call; nil for now.
        var decidedOn: CivilDate?
        /// Who typed it in.
        var staff: StaffID?
    }

    /// What was recorded, or had been recorded before.
    struct Receipt: Sendable {
        let id: UUID
        let at: Date
        let rows: [ConsentRow]
        let isRepeat: Bool
    }

    static let most = 20

    static func decide(_ request: Request) throws(ConsentRefusal) {
        let decisions = request.decisions
        guard (1...most).contains(decisions.count) else { throw .nothingDecided }
        guard Set(decisions.map(\.purpose)).count == decisions.count else { throw .decidedTwice }
        let grants = decisions.count { $0.action == .grant }
        switch request.method {
        case .acceptAll: guard grants == decisions.count else { throw .wrongMethod }
        case .rejectAll, .gpc, .unsubscribe: guard grants == 0 else { throw .wrongMethod }
        case .save, .portal, .phone, .paper, .import: break
        }
    }

    /// Which of a purpose's words were shown. Withdrawing is always possible, whatever is on the screen.
    static func words(_ rows: [ShownWords], _ decision: Decision) throws(ConsentRefusal) -> ShownWords {
        guard let purpose = rows.first else { throw .unknownPurpose }
        if decision.action == .withdraw { return rows.first { $0.isCurrent == true } ?? purpose }
        guard rows.contains(where: { $0.versionID != nil }) else { throw .unknownText }
        guard let current = rows.first(where: { $0.isCurrent == true }) else { throw .textChanged }
        return current
    }

    /// Throws `ConsentRefusal`, `PostgresError`.
    func run(_ request: Request, portal: PortalID, in session: Session) throws -> Receipt {
        try Self.decide(request)
        let fingerprint = Self.fingerprint(request)
        let onceKey = Digest.sha256(Array(request.onceKey.utf8))
        let once: Parameters = ["portal": portal, "once_key": onceKey]
        guard
            let id = try session.first(
                ConsentsQueries.addReceipt,
                once.merging(["request": fingerprint]) { $1 }
            )
        else {
            let found = try session.first(ConsentsQueries.findReceipt, once.merging(["receipt": nil]) { $1 })
            guard let found, found.request == fingerprint else { throw ConsentRefusal.keyReused }
            return try Self.receipt(found.id, found.at, portal, isRepeat: true, in: session)
        }
        for decision in request.decisions {
            try record(decision, request, receipt: id, portal: portal, in: session)
        }
        let found = try session.first(ConsentsQueries.findReceipt, once.merging(["receipt": nil]) { $1 })
        return try Self.receipt(id, found?.at ?? Date(), portal, isRepeat: false, in: session)
    }

    private func record(
        _ decision: Decision,
        _ request: Request,
        receipt: UUID,
        portal: PortalID,
        in session: Session
    ) throws {
        let hash = try Self.hash(decision)
        let rows = try session.all(
            ConsentsQueries.shownWords,
            ["portal": portal, "key": decision.purpose, "hash": hash ?? [], "decided_on": request.decidedOn]
        )
        let words = try Self.words(rows, decision)
        let isShown = words.versionID != nil && hash != nil
        try session.run(
            ConsentsQueries.addConsent,
            request.subject.parameters.merging([
                "portal": portal, "receipt": receipt, "purpose": words.purposeID, "action": decision.action,
                "method": request.method, "version": isShown ? words.versionID : nil,
                "locale": isShown ? words.locale : nil, "text_hash": isShown ? hash : nil, "staff": request.staff,
                "decided_on": request.decidedOn,
            ]) { $1 }
        )
    }

    static func receipt(
        _ id: UUID,
        _ at: Date,
        _ portal: PortalID,
        isRepeat: Bool,
        in session: Session
    ) throws -> Receipt {
        let rows = try session.all(ConsentsQueries.consentsOfReceipt, ["portal": portal, "receipt": id])
        return Receipt(id: id, at: at, rows: rows, isRepeat: isRepeat)
    }

    private static func hash(_ decision: Decision) throws(ConsentRefusal) -> [UInt8]? {
        guard let text = decision.text else {
            guard decision.action == .withdraw else { throw .unknownText }
            return nil
        }
        guard let bytes = HexText.bytes(text), bytes.count == 32 else { throw .unknownText }
        return bytes
    }

    /// What makes two requests the same.
    private static func fingerprint(_ request: Request) -> [UInt8] {
        let decisions = request.decisions.sorted { $0.purpose < $1.purpose }
            .map { "\($0.purpose)=\($0.action.rawValue)=\($0.text ?? "")" }
        let day = request.decidedOn?.iso ?? ""
        let text = ["\(request.subject)", request.method.rawValue, day] + decisions
        return Digest.sha256(Array(text.joined(separator: "\n").utf8))
    }
}

/// Reads hexadecimal.
enum HexText {
    /// Nil for anything but pairs of small or capital digits.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.map { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let known = digits.compactMap(\.self)
        return stride(from: 0, to: known.count, by: 2).map { known[$0] << 4 | known[$0 + 1] }
    }
}
