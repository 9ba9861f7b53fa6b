/// Which rows of a table are a client's, as the register says it:
///
///     client_id
///     contract_id in contract.id
///     subject_id in application.id when subject_kind = application or …
///     reference in message.reference as uuid
package struct RegisterRows: Sendable, Hashable {
    struct Way: Sendable, Hashable {
        let column: String
        /// "contract.id"; nil where the column is the client's own id.
        let source: String?
        let type: String
        /// Only rows in which this column has this value.
        let condition: (column: String, value: String)?

        static func == (left: Way, right: Way) -> Bool { left.sql == right.sql }
        func hash(into hasher: inout Hasher) { hasher.combine(sql) }

        /// `$2` is the client, `$3` the keys that were found before, by their source.
        var sql: String {
            let same =
                source.map { source in
                    "t.\(column) = ANY (ARRAY(SELECT e.k::\(type) "
                        + "FROM jsonb_array_elements_text($3 -> '\(source)') AS e (k)))"
                } ?? "t.\(column) = $2"
            guard let condition else { return same }
            return "t.\(condition.column) = '\(condition.value)' AND \(same)"
        }
    }

    let ways: [Way]

    /// SQL about the row `t`.
    package var sql: String { ways.map { "(\($0.sql))" }.joined(separator: " OR ") }

    /// The keys it goes by, "contract.id".
    package var sources: [String] { ways.compactMap(\.source) }

    /// Nil when the text has another form.
    init?(_ text: String) {
        var ways: [Way] = []
        for part in text.replacing("\n", with: " ").split(separator: " or ") {
            guard let way = Self.way(part.split(separator: " ").map(String.init)) else { return nil }
            ways.append(way)
        }
        guard !ways.isEmpty else { return nil }
        self.ways = ways
    }

    private static func way(_ words: [String]) -> Way? {
        var rest = words[...]
        guard let column = rest.popFirst(), isName(column) else { return nil }
        var source: String?
        var type = "bigint"
        var condition: (String, String)?
        while let word = rest.popFirst() {
            switch word {
            case "in" where source == nil:
                guard let name = rest.popFirst(), name.split(separator: ".").count == 2,
                    name.split(separator: ".").allSatisfy({ isName(String($0)) })
                else { return nil }
                source = name
            case "as":
                guard let name = rest.popFirst(), isName(name) else { return nil }
                type = name
            case "when" where condition == nil:
                guard let name = rest.popFirst(), rest.popFirst() == "=", let value = rest.popFirst(), isName(name),
                    isName(value)
                else { return nil }
                condition = (name, value)
            default: return nil
            }
        }
        return Way(column: column, source: source, type: type, condition: condition)
    }

    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
    }
}
