import Markdown
import Testing

@Suite struct WordDiffTests {
    private func pieces(_ old: String, _ new: String) -> [String] {
        WordDiff(from: old, to: new).blocks.flatMap { block -> [String] in
            switch block {
            case .same(let lines): lines.map { "=\($0)" }
            case .changed(let pieces):
                pieces.map { piece in
                    switch piece.kind {
                    case .same: "=\(piece.text)"
                    case .removed: "-\(piece.text)"
                    case .added: "+\(piece.text)"
                    }
                }
            }
        }
    }

    @Test func `equal texts have no differences`() {
        #expect(WordDiff(from: "a\nb", to: "a\nb").isEmpty)
        #expect(WordDiff(from: "", to: "").isEmpty)
        #expect(!WordDiff(from: "a", to: "b").isEmpty)
    }

    @Test func `a changed word is told and its neighbours stay`() {
        #expect(
            pieces("Dane trzymamy 5 lat.", "Dane trzymamy 6 lat.")
                == ["=Dane trzymamy ", "-5", "+6", "= lat."]
        )
        #expect(pieces("ein Żółw, zwei", "ein Żuk, zwei") == ["=ein ", "-Żółw", "+Żuk", "=, zwei"])
    }

    @Test func `lines that stay are not compared`() {
        #expect(pieces("eins\nzwei\ndrei", "eins\n2\ndrei") == ["=eins", "-zwei", "+2", "=drei"])
    }

    @Test func `words that change one after another read as one change`() {
        #expect(pieces("a stary dom b", "a nowy blok b") == ["=a ", "-stary dom", "+nowy blok", "= b"])
    }

    @Test func `lines that come or go are whole`() {
        #expect(pieces("a\nb", "a\nx\nb") == ["=a", "+x", "=b"])
        #expect(pieces("a\nx\nb", "a\nb") == ["=a", "-x", "=b"])
    }

    @Test func `old and new can be put together again from the pieces`() {
        let words = ["Dane", " ", "osobowe", ",", "\n", "5", "lat", "é", "👩‍👩‍👧", "\n\n"]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let texts = (0..<2).map { _ in
                (0..<Int.random(in: 0...30, using: &random)).map { _ in words.randomElement() ?? "" }.joined()
            }
            var (old, new): ([String], [String]) = ([], [])
            for block in WordDiff(from: texts[0], to: texts[1]).blocks {
                switch block {
                case .same(let lines):
                    old.append(lines.joined(separator: "\n"))
                    new.append(lines.joined(separator: "\n"))
                case .changed(let pieces):
                    if pieces.contains(where: { $0.kind != .added }) {
                        old.append(pieces.filter { $0.kind != .added }.map(\.text).joined())
                    }
                    if pieces.contains(where: { $0.kind != .removed }) {
                        new.append(pieces.filter { $0.kind != .removed }.map(\.text).joined())
                    }
                }
            }
            // An empty line that comes or goes has no characters to show.
            #expect(old.joined().filter { $0 != "\n" } == texts[0].filter { $0 != "\n" })
            #expect(new.joined().filter { $0 != "\n" } == texts[1].filter { $0 != "\n" })
        }
    }

    @Test func `very different long texts count as replaced`() {
        let old = (0..<4_000).map { "a\($0)" }.joined(separator: "\n")
        let new = (0..<4_000).map { "b\($0)" }.joined(separator: "\n")
        #expect(pieces(old, new) == ["-\(old)", "+\(new)"])
    }
}
