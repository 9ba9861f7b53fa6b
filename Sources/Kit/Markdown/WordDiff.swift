/// What changed between two texts, word by word.
package struct WordDiff: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case same, removed, added }

    /// A run of characters that stayed, went or came.
    package struct Piece: Sendable, Hashable {
        package let kind: Kind
        package let text: String

        package init(_ kind: Kind, _ text: String) {
            self.kind = kind
            self.text = text
        }
    }

    /// Lines that stayed as they were, or a place that changed.
    package enum Block: Sendable, Hashable {
        case same([String])
        case changed([Piece])
    }

    package let blocks: [Block]

    package var isEmpty: Bool {
        blocks.allSatisfy { if case .same = $0 { true } else { false } }
    }

    /// Compares by lines first and by words where lines differ.
    package init(from old: String, to new: String) {
        let old = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let new = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        blocks = Self.runs(from: old, to: new).map { run in
            switch run {
            case .same(let lines): .same(lines)
            case .changed(let removed, let added): .changed(Self.words(from: removed, to: added))
            }
        }
    }

    private static func words(from removed: [String], to added: [String]) -> [Piece] {
        guard !removed.isEmpty else { return [Piece(.added, added.joined(separator: "\n"))] }
        guard !added.isEmpty else { return [Piece(.removed, removed.joined(separator: "\n"))] }
        let old = tokens(removed.joined(separator: "\n"))
        let new = tokens(added.joined(separator: "\n"))
        var pieces: [Piece] = []
        for run in joined(runs(from: old, to: new)) {
            switch run {
            case .same(let words): pieces.append(Piece(.same, words.joined()))
            case .changed(let removed, let added):
                if !removed.isEmpty { pieces.append(Piece(.removed, removed.joined())) }
                if !added.isEmpty { pieces.append(Piece(.added, added.joined())) }
            }
        }
        return pieces
    }

    /// Two changed places with nothing but blanks between them read as one.
    private static func joined(_ runs: [Run]) -> [Run] {
        var result: [Run] = []
        for (index, run) in runs.enumerated() {
            if case .same(let words) = run, index > 0, index < runs.count - 1,
                words.allSatisfy({ $0.allSatisfy(\.isWhitespace) })
            {
                result.append(.changed(words, words))
            } else {
                result.append(run)
            }
        }
        return result.reduce(into: []) { done, run in
            if case .changed(let removed, let added) = run, case .changed(let before, let after)? = done.last {
                done[done.count - 1] = .changed(before + removed, after + added)
            } else {
                done.append(run)
            }
        }
    }

    /// Words, runs of blanks, and everything else character by character.
    private static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var kind: Int?
        for character in text {
            let own = character.isLetter || character.isNumber ? 0 : character.isWhitespace ? 1 : 2
            if own == kind, own != 2 {
                tokens[tokens.count - 1].append(character)
            } else {
                tokens.append(String(character))
            }
            kind = own
        }
        return tokens
    }

    private enum Run {
        case same([String])
        case changed([String], [String])
    }

    /// Above this number of elements that differ in place, everything between counts as replaced: the comparison costs
    /// the square of it.
    private static let most = 2_500

    private static func runs(from old: [String], to new: [String]) -> [Run] {
        var start = 0
        while start < old.count, start < new.count, old[start] == new[start] { start += 1 }
        var end = 0
        while end < old.count - start, end < new.count - start, old[old.count - 1 - end] == new[new.count - 1 - end] {
            end += 1
        }
        let before = Array(old[start..<old.count - end])
        let after = Array(new[start..<new.count - end])
        var runs: [Run] = []
        if start > 0 { runs.append(.same(Array(old[..<start]))) }
        if before.count + after.count > most {
            runs.append(.changed(before, after))
        } else {
            runs += compared(before, after)
        }
        if end > 0 { runs.append(.same(Array(old[(old.count - end)...]))) }
        return runs
    }

    private static func compared(_ old: [String], _ new: [String]) -> [Run] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var runs: [Run] = []
        var (here, there) = (0, 0)
        while here < old.count || there < new.count {
            var same: [String] = []
            while here < old.count, there < new.count, !removed.contains(here), !added.contains(there) {
                same.append(old[here])
                here += 1
                there += 1
            }
            if !same.isEmpty { runs.append(.same(same)) }
            var (gone, come): ([String], [String]) = ([], [])
            while here < old.count, removed.contains(here) {
                gone.append(old[here])
                here += 1
            }
            while there < new.count, added.contains(there) {
                come.append(new[there])
                there += 1
            }
            if !gone.isEmpty || !come.isEmpty { runs.append(.changed(gone, come)) }
        }
        return runs
    }
}
