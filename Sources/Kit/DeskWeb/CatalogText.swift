/// One text of a catalogue, cut at its placeholders once, when it is loaded.
struct CatalogText: Sendable {
    enum Piece: Sendable, Equatable {
        case literal(String)
        case argument(String)
    }

    let forms: [PluralForm: [Piece]]
    let plain: [Piece]?

    /// Reads `Text with {placeholders}`.
    init(plain text: String) throws(CatalogError) {
        plain = try Self.pieces(of: text)
        forms = [:]
    }

    init(forms texts: [PluralForm: String]) throws(CatalogError) {
        var forms: [PluralForm: [Piece]] = [:]
        for (form, text) in texts {
            forms[form] = try Self.pieces(of: text)
        }
        self.forms = forms
        plain = nil
    }

    var isPlural: Bool { plain == nil }

    /// The names of all placeholders; a plural text always takes `n`, even where a form does not show it.
    var placeholders: Set<String> {
        var names: Set<String> = isPlural ? ["n"] : []
        for piece in forms.values.joined() + (plain ?? []) {
            if case .argument(let name) = piece { names.insert(name) }
        }
        return names
    }

    /// The text of a key that takes no arguments; nil for one that does.
    var constant: String? {
        guard let plain, placeholders.isEmpty else { return nil }
        return plain.reduce(into: "") { text, piece in
            if case .literal(let literal) = piece { text += literal }
        }
    }

    /// The text where its count is not a number.
    var openPieces: [Piece]? { plain ?? forms[.many] ?? forms[.other] }

    func pieces(for number: Int?, in language: Language) -> [Piece]? {
        if let plain { return plain }
        guard let number else { return nil }
        return forms[language.pluralForm(of: number)] ?? forms[.other]
    }

    private static func pieces(of text: String) throws(CatalogError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else { throw CatalogError(.unclosedPlaceholder) }
            let name = rest[rest.index(after: open)..<close]
            guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }) else {
                throw CatalogError(.badPlaceholder)
            }
            pieces.append(.argument(String(name)))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        return pieces
    }
}

/// What a placeholder of a text is filled with. Numbers are written in the reader's way; `n` chooses the plural form.
package enum TextArgument: Codable, Hashable, Sendable, ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    case number(Int)
    case text(String)

    package init(integerLiteral value: Int) {
        self = .number(value)
    }

    package init(stringLiteral value: String) {
        self = .text(value)
    }
}
