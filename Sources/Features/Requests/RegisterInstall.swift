import FoundationEssentials
package import Postgres

extension Register {
    /// Writes the register and the periods into the database, replacing what is there. Needs the owner's rights. Throws
    /// `PostgresError`.
    package func install(in session: Session) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        let text = String(decoding: try encoder.encode(Rows(self)), as: UTF8.self)
        _ = try session.one(ErasureQueries.installRegister, ["register": text])
    }

    /// What the database's function `install_register` reads.
    private struct Rows: Encodable {
        struct Table: Encodable {
            let name: String
            let position: Int
            let `class`: String
            let isDeleted: Bool
            let rows: String
            let exception: String
            let sources: [String]
            let starts: [String: String]
        }

        struct Column: Encodable {
            let tableName: String
            let name: String
            let meaning: String
            let fate: String
            let `class`: String
        }

        let tables: [Table]
        let columns: [Column]
        let periods: [RegisterPeriod]

        init(_ register: Register) {
            let sources = register.sources
            tables = register.clientTables.enumerated().map { position, table in
                Table(
                    name: table.name,
                    position: position,
                    class: table.retention ?? "",
                    isDeleted: table.isDeleted,
                    rows: table.rows?.sql ?? "false",
                    exception: table.exception ?? "false",
                    sources: sources.filter { Register.table($0) == table.name }
                        .map { String($0.dropFirst(table.name.count + 1)) },
                    starts: table.starts
                )
            }
            columns = register.clientTables.flatMap { table in
                table.touchedColumns.map { column in
                    Column(
                        tableName: table.name,
                        name: column.name,
                        meaning: column.meaning.rawValue,
                        fate: table.isDeleted ? "delete" : column.fate.rawValue,
                        class: column.retention ?? table.retention ?? ""
                    )
                }
            }
            periods = register.periods
        }
    }
}

extension RegisterTable {
    /// The columns that a plan lists: the personal ones, or of a row that goes without having any, its key.
    var touchedColumns: [RegisterColumn] {
        guard isDeleted else { return columns.filter { $0.fate != .stays } }
        let personal = columns.filter { !$0.meaning.isHarmless }
        return personal.isEmpty ? Array(columns.dropFirst().prefix(1)) : personal
    }
}
