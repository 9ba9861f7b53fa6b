import Yams

/// How long a country's law has a class of data kept: one line of `sql/retention.yml`.
package struct RegisterPeriod: Sendable, Hashable, Encodable {
    enum Start: String, Sendable, Encodable {
        /// From the end of the year in which the class's clock starts.
        case yearEnd = "year_end"
        case day
    }

    package let country: String
    package let retention: String
    let years: Int
    let start: Start
    /// The rule that says so, in its own language.
    let law: String

    enum CodingKeys: String, CodingKey {
        case country, years, start, law
        case retention = "class"
    }

    /// Throws `RegisterFaults`.
    static func read(_ text: String) throws -> [RegisterPeriod] {
        var faults: [String] = []
        var periods: [RegisterPeriod] = []
        let root = try? Yams.compose(yaml: text)?.mapping
        for (country, classes) in root ?? [:] {
            for (retention, rule) in classes.mapping ?? [:] {
                guard let country = country.string, country.count == 2, let retention = retention.string,
                    let years = rule["years"]?.int, (1...100).contains(years),
                    let start = rule["from"]?.string.flatMap(Start.init), let law = rule["law"]?.string
                else {
                    faults.append(
                        "retention.yml: \(country.string ?? "") \(retention.string ?? "") needs years, from, law"
                    )
                    continue
                }
                periods.append(
                    RegisterPeriod(country: country, retention: retention, years: years, start: start, law: law)
                )
            }
        }
        if periods.isEmpty { faults.append("retention.yml: has no periods") }
        guard faults.isEmpty else { throw RegisterFaults(faults: faults) }
        return periods
    }
}
