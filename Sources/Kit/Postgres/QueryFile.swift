/// The form of `sql/queries/<module>.sql`: statements under `-- name: close_account :one`, parameters as `@account_id`.
enum QueryFile {
    /// Throws `.unknownStatement` with file and line.
    static func parse(_ text: String, module: String) throws(PostgresError) -> [CatalogEntry] {
        var entries: [CatalogEntry] = []
        var header: (name: String, cardinality: Cardinality, line: Int)?
        var body: [Substring] = []
        for (offset, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard line.hasPrefix("-- name:") else {
                body.append(line)
                continue
            }
            entries += try entry(header, body, module).map { [$0] } ?? []
            header = try annotation(line, module, offset + 1)
            body = []
        }
        entries += try entry(header, body, module).map { [$0] } ?? []
        return entries
    }

    private static func annotation(
        _ line: Substring,
        _ module: String,
        _ number: Int
    ) throws(PostgresError) -> (name: String, cardinality: Cardinality, line: Int) {
        let words = line.dropFirst("-- name:".count).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[1].hasPrefix(":"), let kind = Cardinality(rawValue: String(words[1].dropFirst())),
            words[0].allSatisfy({ $0 == "_" || ("a"..."z").contains($0) || ("0"..."9").contains($0) })
        else {
            throw PostgresError(
                .unknownStatement,
                reason: "\(module).sql line \(number): expected -- name: some_name :one|:first|:many|:exec"
            )
        }
        return (String(words[0]), kind, number)
    }

    private static func entry(
        _ header: (name: String, cardinality: Cardinality, line: Int)?,
        _ body: [Substring],
        _ module: String
    ) throws(PostgresError) -> CatalogEntry? {
        let pieces = SQLLexer.pieces(of: body.joined(separator: "\n"))
        guard let header else {
            if pieces.contains(where: { !isBlank($0) }) {
                throw PostgresError(.unknownStatement, reason: "\(module).sql: SQL before the first -- name:")
            }
            return nil
        }
        let (sql, parameters) = rewrite(pieces)
        let statements = pieces.split(separator: .semicolon).count { $0.contains { !isBlank($0) } }
        guard statements == 1 else {
            throw PostgresError(
                .unknownStatement,
                query: "\(module).\(header.name)",
                reason: "\(module).sql line \(header.line): \(statements) statements under one name"
            )
        }
        return CatalogEntry(
            name: "\(module).\(header.name)",
            module: module,
            cardinality: header.cardinality,
            sql: sql,
            parameters: parameters,
            notNull: notNull(body),
            line: header.line
        )
    }

    private static func notNull(_ body: [Substring]) -> Set<String> {
        let marks = body.filter { $0.hasPrefix("-- not null:") }
        let names = marks.flatMap { $0.dropFirst("-- not null:".count).split { $0 == "," || $0.isWhitespace } }
        return Set(names.map(String.init))
    }

    private static func isBlank(_ piece: SQLLexer.Piece) -> Bool {
        switch piece {
        case .comment, .semicolon: true
        case .code(let text): text.allSatisfy(\.isWhitespace)
        case .quoted, .parameter: false
        }
    }

    /// `$n` for `@name`, comments and the closing semicolon left out; a name used twice keeps its number.
    private static func rewrite(_ pieces: [SQLLexer.Piece]) -> (sql: String, parameters: [String]) {
        var sql = ""
        var names: [String] = []
        for piece in pieces {
            switch piece {
            case .code(let text), .quoted(let text): sql += text
            case .comment: sql += " "
            case .semicolon: break
            case .parameter(let name):
                let number = names.firstIndex(of: name) ?? names.count
                if number == names.count { names.append(name) }
                sql += "$\(number + 1)"
            }
        }
        let start = sql.firstIndex { !$0.isWhitespace } ?? sql.endIndex
        let end = sql.lastIndex { !$0.isWhitespace } ?? sql.startIndex
        return (start <= end && start < sql.endIndex ? String(sql[start...end]) : "", names)
    }
}
