import DeskKit
import FoundationEssentials
package import Postgres

/// The statements of `sql/queries/messaging_journal.sql`.
package enum JournalQueries {
    static let server = Query<String>("messaging_journal.journal_server")
    static let marks = Query<JournalMark>("messaging_journal.journal_marks")
    static let markFile = Statement("messaging_journal.mark_file")
    static let forgetFiles = Statement("messaging_journal.forget_files")
    static let unknownLines = Query<Int>("messaging_journal.unknown_lines")
    static let raiseFence = Statement("messaging_journal.raise_fence")
    static let addLines = Statement("messaging_journal.add_lines")
    static let answerLines = Statement("messaging_journal.answer_lines")
    static let hasUnlinkedLines = Query<Bool>("messaging_journal.has_unlinked_lines")
    static let plannedReferences = Query<PlannedReference>("messaging_journal.planned_references")
    static let linkLines = Statement("messaging_journal.link_lines")
    static let sentBefore = Query<SentBefore>("messaging_journal.sent_before")
    static let holdLine = Statement("messaging_journal.hold_line")
    static let handOverAsJournaled = Statement("messaging_journal.hand_over_as_journaled")
    static let noteTrouble = Statement("messaging_journal.note_trouble")
    static let endTrouble = Statement("messaging_journal.end_trouble")
    static let markFence = Query<String>("messaging_journal.mark_fence")
    static let countLines = Query<Int>("messaging_journal.count_lines")

    package static let all: [any QueryDescribing] = [
        server, marks, markFile, forgetFiles, unknownLines, raiseFence, addLines, answerLines, hasUnlinkedLines,
        plannedReferences, linkLines, sentBefore, holdLine, handOverAsJournaled, noteTrouble, endTrouble, markFence,
        countLines,
    ]
}

struct JournalMark: Decodable, Sendable {
    let file: String
    let bytes: Int
    /// Compared within the time that files are kept.
    let fresh: Bool
}

struct PlannedReference: Decodable, Sendable {
    let id: MessageID
    let reference: UUID
}

struct SentBefore: Decodable, Sendable {
    let hash: [UInt8]
    let attempt: Int
    let handedAt: Date
    let answer: String?
    /// Whether it is this message's own hand-over, and not one with the same words.
    let own: Bool
}
