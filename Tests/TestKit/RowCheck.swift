import Postgres

/// What the catalogue of a database says of its types and columns.
struct SchemaFacts: Sendable {
    struct TypeFact: Sendable {
        var name: String
        /// The element's type of an array, else 0.
        var element: UInt32
    }

    var types: [UInt32: TypeFact] = [:]
    /// Columns of tables, as "table:number", that may hold NULL.
    var nullable: Set<String> = []

    static func read(_ connection: DirectConnection) async throws -> SchemaFacts {
        var facts = SchemaFacts()
        let types = try await connection.execute(
            "SELECT oid::int8, typname, CASE WHEN typcategory = 'A' THEN typelem::int8 ELSE 0 END FROM pg_type"
        )
        for row in types {
            guard row.count == 3, let oid = row[0].flatMap({ UInt32($0) }), let name = row[1] else { continue }
            facts.types[oid] = TypeFact(name: name, element: row[2].flatMap { UInt32($0) } ?? 0)
        }
        let columns = try await connection.execute(
            """
            SELECT a.attrelid::int8 || ':' || a.attnum FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attnotnull
            """
        )
        facts.nullable = Set(columns.compactMap { $0.first ?? nil })
        return facts
    }
}

/// One statement's columns against one row type.
struct RowCheck {
    let entry: CatalogEntry
    let description: StatementDescription
    let facts: SchemaFacts

    func problems(_ row: ExpectedRow?) -> [String] {
        guard let row else {
            return entry.cardinality == .exec ? [] : ["\(entry.name) is :\(entry.cardinality.rawValue) but a Statement"]
        }
        guard entry.cardinality != .exec else { return ["\(entry.name) is :exec but a Query"] }
        return shape(row) + row.columns.flatMap(column)
    }

    private func shape(_ row: ExpectedRow) -> [String] {
        let names = description.columns.map(\.name)
        var problems = Dictionary(grouping: names, by: \.self).filter { $0.value.count > 1 }.keys
            .map { "\(entry.name) answers two columns \($0)" }
        if row.columns.contains(where: { $0.name == nil }) {
            if names.count != 1 { problems.append("\(entry.name) answers \(names.count) columns for a single value") }
            return problems
        }
        let read = Set(row.columns.compactMap(\.name))
        problems += Set(names).subtracting(read).sorted().map { "\(entry.name) answers \($0), which nothing reads" }
        return problems
    }

    private func column(_ expected: ExpectedRow.Column) -> [String] {
        let place = expected.name.map { "\(entry.name).\($0)" } ?? entry.name
        let found =
            expected.name.map { name in description.columns.first { $0.name == name } } ?? description.columns.first
        guard let found else { return ["\(place) is read, but the statement does not answer it"] }
        var problems: [String] = []
        let source = "\(found.sourceTable):\(found.sourceColumn)"
        if !expected.isOptional, facts.nullable.contains(source), !entry.notNull.contains(found.name) {
            problems.append("\(place) may be NULL and is not optional")
        }
        let fact = facts.types[found.type]
        let element = fact?.element ?? 0
        if expected.isArray != (element != 0) {
            problems.append(
                "\(place) is \(fact?.name ?? "?"), read as \(expected.isArray ? "an array" : expected.type)"
            )
        } else {
            let name = (element == 0 ? fact : facts.types[element])?.name ?? "?"
            if !Self.fits(name, expected.type) { problems.append("\(place) is \(name), read as \(expected.type)") }
        }
        return problems
    }

    /// Whether the text of this PostgreSQL type reads as this Swift type.
    private static func fits(_ type: String, _ swift: String) -> Bool {
        switch type {
        case "bool": swift == "Bool"
        case "bytea": swift == "[UInt8]"
        case "int2": ["Int16", "Int32", "Int64", "Int"].contains(swift)
        case "int4", "oid": ["Int32", "Int64", "Int"].contains(swift)
        case "int8": ["Int64", "Int"].contains(swift)
        case "float4": ["Float", "Double"].contains(swift)
        case "float8": swift == "Double"
        case "date": ["CivilDate", "String"].contains(swift)
        case "timestamp": ["CivilDateTime", "String"].contains(swift)
        case "timestamptz": swift == "Date"
        case "uuid": ["UUID", "String"].contains(swift)
        default: swift == "String"
        }
    }
}
