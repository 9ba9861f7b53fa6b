import DeskKit
import DeskWeb
import Markdown
import Portals

/// Safe HTML on a page, for `{{> prose}}`; nothing else may be printed as it is.
struct ProseView: Sendable {
    /// BCP 47.
    let lang: String
    let html: String

    init(_ html: Markdown.HTML, lang: String) {
        self.lang = lang
        self.html = html.text
    }
}

/// What the pages of texts say of texts.
struct TextWords: Sendable {
    let words: Words

    init(_ words: Words) {
        self.words = words
    }

    /// "Privacy policy"; of a consent its purpose's word beside it.
    func name(_ kind: TextKind, _ key: String) -> String {
        let name = words("texts.kind.\(kind.rawValue)")
        return kind.isSingle ? name : "\(name) · \(key)"
    }

    /// A language's own name where the console knows it, else its tag.
    func language(_ locale: String) -> String {
        Language(rawValue: locale).map { words("desk.language.\($0.rawValue)") } ?? locale
    }

    func standing(_ standing: Standing) -> TagView {
        let tone: TagView.Tone =
            switch standing {
            case .live: .good
            case .draft, .review, .scheduled: .warn
            case .withdrawn: .bad
            case .superseded, .discarded: .plain
            }
        return TagView(tone, words("texts.standing.\(standing.rawValue)"))
    }

    func changeClass(_ changeClass: ChangeClass) -> String {
        words("texts.class.\(changeClass.rawValue)")
    }

    /// The choices of a change's class, each with what it does.
    var classes: [(value: String, text: String)] {
        ChangeClass.allCases.map { ($0.rawValue, changeClass($0)) }
    }
}

/// What differs between two versions, for `{{> text-diff}}`: changed places with two lines around them.
struct DiffView: Sendable {
    struct Piece: Sendable {
        let kept: String?
        let removed: String?
        let added: String?
    }

    struct Block: Sendable {
        let pieces: [Piece]
        /// How many lines were left out.
        let skipped: String?
    }

    let blocks: [Block]
    let hasChanges: Bool
    let lang: String

    init(_ diff: WordDiff, lang: String, _ words: Words) {
        self.lang = lang
        hasChanges = !diff.isEmpty
        let last = diff.blocks.count - 1
        blocks = diff.blocks.enumerated().flatMap { index, block -> [Block] in
            switch block {
            case .same(let lines):
                return Self.around(lines, isFirst: index == 0, isLast: index == last, words)
            case .changed(let pieces):
                let views = pieces.map { piece in
                    Piece(
                        kept: piece.kind == .same ? piece.text : nil,
                        removed: piece.kind == .removed ? piece.text : nil,
                        added: piece.kind == .added ? piece.text : nil
                    )
                }
                return [Block(pieces: views, skipped: nil)]
            }
        }
    }

    private static let context = 2

    private static func around(_ lines: [String], isFirst: Bool, isLast: Bool, _ words: Words) -> [Block] {
        func block(_ lines: some Collection<String>) -> [Block] {
            guard !lines.isEmpty else { return [] }
            let text = lines.joined(separator: "\n")
            return [Block(pieces: [Piece(kept: text, removed: nil, added: nil)], skipped: nil)]
        }
        let head = isFirst ? 0 : context
        let tail = isLast ? 0 : context
        guard lines.count > head + tail + 1 else { return block(lines) }
        let skipped = words("texts.diff.skipped", ["n": .number(lines.count - head - tail)])
        return block(lines.prefix(head)) + [Block(pieces: [], skipped: skipped)] + block(lines.suffix(tail))
    }
}
