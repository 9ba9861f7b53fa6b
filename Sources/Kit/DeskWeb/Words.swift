package import DeskKit

/// The texts and formats of one language, as a page uses them: `words("accounts.locked", ["n": 5])`, `words.date(due)`.
package struct Words: Sendable {
    package let language: Language
    let catalog: Catalog

    package init(_ catalog: Catalog, _ language: Language) {
        self.catalog = catalog
        self.language = language
    }

    package func callAsFunction(_ key: String, _ arguments: [String: TextArgument] = [:]) -> String {
        catalog.text(key, arguments, language)
    }

    package func has(_ key: String) -> Bool {
        catalog.has(key)
    }

    /// A whole number, grouped: "2,184", "2 184".
    package func number(_ value: Int) -> String {
        catalog.grouped(value, language)
    }

    package func number(_ value: Int64) -> String {
        catalog.grouped(Int(value), language)
    }

    /// A count that stops at a thousand: "1,000+".
    package func count(_ value: CappedCount) -> String {
        number(value.shown) + (value.isCapped ? "+" : "")
    }

    /// An amount with its currency: "PLN 6,140.66", "6 140,66 zł". Whole forints are written without fillér.
    package func money(_ value: Money) -> String {
        let symbol = catalog.constant("desk.money.symbol.\(value.currency)", language) ?? value.currency
        return self("desk.money.pattern", ["amount": .text(amount(value)), "symbol": .text(symbol)])
    }

    /// An amount without its currency, for columns that name it in their heading.
    package func amount(_ value: Money) -> String {
        let magnitude = value.minor.magnitude
        let whole = group(
            digits: String(magnitude / 100),
            by: catalog.constant("desk.number.group", language) ?? "",
            negative: value.minor < 0
        )
        let rest = magnitude % 100
        if rest == 0, value.currency == "HUF" { return whole }
        let decimal = catalog.constant("desk.number.decimal", language) ?? "."
        return whole + decimal + (rest < 10 ? "0" : "") + String(rest)
    }

    /// A file's size in the largest fitting unit of 1,000: "812 kB", "1.4 MB".
    package func size(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return self("desk.size.bytes", ["n": .number(bytes)]) }
        let units = ["kilobytes", "megabytes", "gigabytes"]
        var unit = 0
        var scale = 1000
        // What would round to a full thousand is written in the next unit.
        while bytes >= scale * 1000 - scale / 2, unit < units.count - 1 {
            unit += 1
            scale *= 1000
        }
        let tenths = (bytes / 100 + scale / 2000) / (scale / 1000)
        let decimal = catalog.constant("desk.number.decimal", language) ?? "."
        let shown = tenths < 100 ? "\(tenths / 10)\(decimal)\(tenths % 10)" : number((tenths + 5) / 10)
        return self("desk.size.\(units[unit])", ["size": .text(shown)])
    }
}
