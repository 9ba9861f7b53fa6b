import FoundationEssentials

/// How many rows a statement answers, from its annotation.
package enum Cardinality: String, Sendable, Hashable {
    case one
    case first
    case many
    case exec
}

/// One statement of `sql/queries`.
package struct CatalogEntry: Sendable {
    /// "module.name".
    package let name: String
    package let module: String
    package let cardinality: Cardinality
    /// The statement with `$n` for each parameter.
    package let sql: String
    /// The parameters' names, `$1` first.
    package let parameters: [String]
    /// Columns that the statement's own conditions keep from being NULL though their table allows it: the line `-- not
    /// null: paid_on, invoice_id` under the name.
    package let notNull: Set<String>
    /// Line of the annotation in the module's file.
    package let line: Int

    /// The values in the statement's order.
    ///
    /// Throws `.parameters` when one is missing or one is too many.
    func arguments(_ given: Parameters) throws(PostgresError) -> [ParameterForm?] {
        var values: [ParameterForm?] = []
        values.reserveCapacity(parameters.count)
        for parameter in parameters {
            guard let value = given[parameter] else {
                throw PostgresError(.parameters, query: name, reason: "@\(parameter) is not given")
            }
            values.append(value?.postgresParameter)
        }
        if given.count != parameters.count {
            let extra = given.keys.filter { !parameters.contains($0) }.sorted().joined(separator: ", @")
            throw PostgresError(.parameters, query: name, reason: "the statement has no @\(extra)")
        }
        return values
    }
}

/// All named statements, loaded once at start from `sql/queries/<module>.sql`.
package struct QueryCatalog: Sendable {
    package let entries: [String: CatalogEntry]

    package init(entries: [CatalogEntry]) throws(PostgresError) {
        var byName: [String: CatalogEntry] = [:]
        for entry in entries where byName.updateValue(entry, forKey: entry.name) != nil {
            throw PostgresError(.unknownStatement, query: entry.name, reason: "the name stands twice")
        }
        self.entries = byName
    }

    /// Statements given as text by module, as a test has them.
    package init(sources: [String: String]) throws(PostgresError) {
        var entries: [CatalogEntry] = []
        for (module, text) in sources { entries += try QueryFile.parse(text, module: module) }
        try self.init(entries: entries)
    }

    /// Reads each `*.sql` of the directory.
    ///
    /// Throws `.configuration` for an unreadable directory and `.unknownStatement` with file and line for a malformed
    /// one.
    package init(directory: String) throws(PostgresError) {
        var entries: [CatalogEntry] = []
        for file in try SQLFiles.names(in: directory) {
            let text = try SQLFiles.text(directory + "/" + file)
            entries += try QueryFile.parse(text, module: String(file.dropLast(4)))
        }
        try self.init(entries: entries)
    }

    /// Throws `.unknownStatement` for a name that is not there or is annotated for another kind of call.
    func entry(_ name: String, _ cardinality: Set<Cardinality>) throws(PostgresError) -> CatalogEntry {
        guard let entry = entries[name] else { throw PostgresError(.unknownStatement, query: name) }
        guard cardinality.contains(entry.cardinality) else {
            throw PostgresError(
                .unknownStatement,
                query: name,
                reason: "annotated :\(entry.cardinality.rawValue), called as "
                    + cardinality.map(\.rawValue).sorted().joined(separator: " or ")
            )
        }
        return entry
    }
}

/// Reading the SQL folders.
enum SQLFiles {
    /// The names of the `*.sql` files, sorted.
    static func names(in directory: String) throws(PostgresError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".sql") }
                .sorted()
        } catch {
            throw PostgresError(.configuration, reason: "\(directory) cannot be read")
        }
    }

    static func text(_ path: String) throws(PostgresError) -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else { throw PostgresError(.configuration, reason: "\(path) cannot be read as UTF-8") }
        return text
    }
}
