package import DeskKit
package import DeskWeb

/// Says a line of the trail in words. The words of an action stand with the room that writes it: `account.locked` is
/// found as `audit.account.locked` in that room's file of texts, whichever it is. Facts and personal values fill the
/// placeholders; a fact that is a code has its words under `audit.facts.<fact>.<code>` of the same file.
package struct AuditWords: Sendable {
    private let catalog: Catalog
    /// The file of texts that knows an action.
    private let rooms: [String: String]

    package init(catalog: Catalog) {
        self.catalog = catalog
        var rooms: [String: String] = [:]
        for key in catalog.keys {
            guard let dot = key.firstIndex(of: ".") else { continue }
            let path = key[key.index(after: dot)...]
            guard path.hasPrefix("audit."), !path.hasPrefix("audit.facts.") else { continue }
            rooms[String(path.dropFirst("audit.".count))] = String(key[..<dot])
        }
        self.rooms = rooms
    }

    /// Every action that has words, for the viewer's filter.
    package var actions: [String] { rooms.keys.sorted() }

    /// An action's sentence with everything left open, for the viewer's filter.
    package func label(of action: String, in language: Language) -> String {
        guard let room = rooms[action] else { return action }
        let key = "\(room).audit.\(action)"
        let open = catalog.placeholders(of: key).map { ($0, TextArgument.text("…")) }
        return catalog.text(key, Dictionary(uniqueKeysWithValues: open), language)
    }

    /// The sentence of a line; an action without words (from a newer version, say) shows as its own name.
    package func text(of line: AuditLine, in language: Language) -> String {
        guard let room = rooms[line.action] else { return line.action }
        var arguments: [String: TextArgument] = [:]
        for (name, value) in line.facts.merging(line.personal, uniquingKeysWith: { fact, _ in fact }) {
            let code = "\(room).audit.facts.\(name).\(value)"
            if catalog.has(code) {
                arguments[name] = .text(catalog.text(code, [:], language))
            } else if let number = Int(value) {
                arguments[name] = .number(number)
            } else {
                arguments[name] = .text(value)
            }
        }
        for name in catalog.placeholders(of: "\(room).audit.\(line.action)") where arguments[name] == nil {
            arguments[name] = .text("–")
        }
        return catalog.text("\(room).audit.\(line.action)", arguments, language)
    }

    /// Lines as a history shows them, with who did it; `today` decides how their times are said.
    package func entries(_ lines: [AuditLine], today: CivilDate, _ words: Words) -> [TimelineEntry] {
        lines.map { line in
            TimelineEntry(
                line.at,
                today: today,
                text: text(of: line, in: words.language),
                detail: line.actorName.isEmpty ? nil : line.actorName,
                words: words
            )
        }
    }
}
