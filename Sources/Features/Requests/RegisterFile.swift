import Yams

/// Reads one file of `sql/register`, noting all that is wrong in it.
struct RegisterFile {
    private let module: String
    private(set) var faults: [String] = []
    private(set) var tables: [RegisterTable] = []

    private static let keys: Set<String> = ["whose", "rows", "unless", "class", "fate", "starts", "columns"]

    init(module: String, text: String) {
        self.module = module
        guard let root = try? Yams.compose(yaml: text)?.mapping else {
            faults.append("\(module).yml: must be tables and what is said of them")
            return
        }
        for (key, value) in root {
            guard let name = key.string, RegisterRows.isName(name), let entry = value.mapping else {
                faults.append("\(module).yml: \(key.string ?? "a key") is no table")
                continue
            }
            read(name, entry)
        }
    }

    private mutating func read(_ table: String, _ entry: Node.Mapping) {
        func text(_ key: String) -> String? { entry[key]?.string }
        for key in entry.keys.compactMap(\.string) where !Self.keys.contains(key) {
            note(table, "\(key) is no key of the register")
        }
        let owner = text("whose").flatMap(RegisterTable.Owner.init)
        if owner == nil { note(table, "whose must be client, staff, portal or system") }
        let isClients = owner == .client
        let rows = text("rows").flatMap(RegisterRows.init)
        if isClients != (rows != nil) { note(table, "rows must say which are a client's, and only there") }
        if isClients != (text("class") != nil) { note(table, "class stands with a client's rows, and only there") }
        let fate = text("fate")
        if let fate, fate != "delete" || !isClients { note(table, "fate can only be delete, of a client's rows") }
        var starts: [String: String] = [:]
        for (key, value) in entry["starts"]?.mapping ?? [:] {
            guard let name = key.string, let sql = value.string else {
                note(table, "starts must be classes and their days")
                continue
            }
            starts[name] = sql
        }
        var columns: [RegisterColumn] = []
        for (key, value) in entry["columns"]?.mapping ?? [:] {
            guard let column = column(key.string ?? "", value.string ?? "", mayStay: !isClients || fate != nil) else {
                note(
                    table,
                    "\(key.string ?? "a column"): \(value.string ?? "") must be a meaning, then a fate if the row stays"
                )
                continue
            }
            columns.append(column)
        }
        tables.append(
            RegisterTable(
                module: module,
                name: table,
                owner: owner ?? .system,
                rows: rows,
                exception: text("unless"),
                retention: text("class"),
                isDeleted: fate == "delete",
                starts: starts,
                columns: columns
            )
        )
    }

    /// "identifier erase aml"; nil when it is not that, or a personal value of a row that stays has no fate.
    private func column(_ name: String, _ text: String, mayStay: Bool) -> RegisterColumn? {
        let words = text.split(separator: " ").map(String.init)
        guard RegisterRows.isName(name), let first = words.first, let meaning = RegisterColumn.Meaning(rawValue: first),
            words.count <= 3
        else { return nil }
        if words.count == 1 {
            guard mayStay || meaning.isHarmless else { return nil }
            return RegisterColumn(name: name, meaning: meaning, fate: .stays, retention: nil)
        }
        guard !mayStay, let fate = RegisterColumn.Fate(rawValue: words[1]) else { return nil }
        return RegisterColumn(name: name, meaning: meaning, fate: fate, retention: words.count > 2 ? words[2] : nil)
    }

    private mutating func note(_ table: String, _ reason: String) {
        faults.append("\(module).yml: \(table): \(reason)")
    }
}
