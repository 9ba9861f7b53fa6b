import FoundationEssentials

/// The meaning and fate of every column of the schema, and how long countries have a class of data kept: the files of
/// `sql/register` and `sql/retention.yml`. A test fails for a column without an entry.
package struct Register: Sendable {
    package let tables: [RegisterTable]
    package let periods: [RegisterPeriod]

    /// Reads the files under `root/sql`. Throws `RegisterFaults` with everything that is wrong in any of them.
    package static func load(root: String) throws -> Register {
        var faults: [String] = []
        var tables: [RegisterTable] = []
        let folder = root + "/sql/register"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        for name in names.filter({ $0.hasSuffix(".yml") }).sorted() {
            let file = RegisterFile(module: String(name.dropLast(4)), text: try text(folder + "/" + name))
            tables += file.tables
            faults += file.faults
        }
        for (name, double) in Dictionary(grouping: tables, by: \.name) where double.count > 1 {
            faults.append("\(name) stands in \(double.map(\.module).joined(separator: " and "))")
        }
        faults += unfoundSources(tables)
        let periods = try RegisterPeriod.read(try text(root + "/sql/retention.yml"))
        guard faults.isEmpty else { throw RegisterFaults(faults: faults.sorted()) }
        return Register(tables: tables, periods: periods)
    }

    /// A client's tables, each after those whose keys it goes by.
    package var clientTables: [RegisterTable] {
        var rest = tables.filter { $0.rows != nil }.sorted { $0.name < $1.name }
        var ordered: [RegisterTable] = []
        while let next = rest.firstIndex(where: { table in
            Set(table.rows?.sources.map(Self.table) ?? []).isSubset(of: ordered.map(\.name))
        }) {
            ordered.append(rest.remove(at: next))
        }
        return ordered
    }

    /// The keys that other tables go by, "contract.id", in an order in which each can be found.
    package var sources: [String] {
        let all = Set(tables.flatMap { $0.rows?.sources ?? [] })
        return clientTables.flatMap { table in all.filter { Self.table($0) == table.name }.sorted() }
    }

    static func table(_ source: String) -> String { String(source.prefix { $0 != "." }) }

    private static func unfoundSources(_ tables: [RegisterTable]) -> [String] {
        let known = Set(
            tables.filter { $0.rows != nil }.flatMap { table in table.columns.map { "\(table.name).\($0.name)" } }
        )
        return tables.flatMap { table in
            (table.rows?.sources ?? []).filter { !known.contains($0) }.map {
                "\(table.name) goes by \($0), which is no client's"
            }
        }
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else { throw RegisterFaults(faults: ["\(path) cannot be read as UTF-8"]) }
        return text
    }
}
