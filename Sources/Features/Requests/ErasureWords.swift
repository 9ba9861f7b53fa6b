package import DeskWeb

/// Says a plan in words.
package struct ErasureWords: Sendable {
    let words: Words

    package init(_ words: Words) {
        self.words = words
    }

    /// "Retained by law until 31 December 2031".
    package func restriction(_ restriction: ClientRestriction) -> String {
        guard let until = restriction.until else { return words("erasure.nothing_left") }
        return words("erasure.retained_until", ["date": .text(words.date(until))])
    }

    func table(_ name: String) -> String {
        let key = "erasure.table.\(name)"
        return words.has(key) ? words(key) : name
    }

    func retention(_ name: String) -> String {
        let key = "erasure.class.\(name)"
        return words.has(key) ? words(key) : name
    }

    func tag(_ state: ErasureState) -> TagView {
        let tone: TagView.Tone =
            switch state {
            case .planned: .warn
            case .approved, .dropped: .plain
            case .partial, .done: .good
            }
        return TagView(tone, words("erasure.state.\(state.rawValue)"))
    }

    /// One row for each table, class, action and reason of a plan.
    func rows(_ lines: [ErasureLine]) -> [ErasurePlanRow] {
        var order: [String] = []
        var groups: [String: [ErasureLine]] = [:]
        for line in lines {
            let key = "\(line.class) \(line.tableName) \(line.action) \(line.reason ?? "")"
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(line)
        }
        return order.compactMap { groups[$0].flatMap(row) }
    }

    private func row(_ lines: [ErasureLine]) -> ErasurePlanRow? {
        guard let line = lines.first else { return nil }
        var meanings: [String] = []
        for meaning in lines.map(\.meaning) where !meaning.isHarmless {
            let text = words("erasure.meaning.\(meaning.rawValue)")
            if !meanings.contains(text) { meanings.append(text) }
        }
        let proof = lines.allSatisfy { $0.remaining == 0 } ? words("erasure.proof") : nil
        return ErasurePlanRow(
            table: table(line.tableName),
            meanings: meanings.joined(separator: ", "),
            hasMeanings: !meanings.isEmpty,
            retention: retention(line.class),
            rows: words.number(lines.map(\.cells).max() ?? 0),
            action: words("erasure.action.\(line.action.rawValue)"),
            reason: line.reason.map { words("erasure.reason.\($0)") },
            law: line.law,
            until: line.action == .keep ? line.until.map { words.date($0) } ?? words("erasure.until_open") : nil,
            proof: proof
        )
    }
}

struct ErasurePlanRow: Sendable {
    let table: String
    let meanings: String
    let hasMeanings: Bool
    let retention: String
    let rows: String
    let action: String
    let reason: String?
    let law: String?
    let until: String?
    let proof: String?
}
