import Foundation

/// What names, streets and cars a country has, `sql/demo/countries/<CC>.json`.
struct DemoCountry: Decodable, Sendable {
    struct Names: Decodable, Sendable {
        let f: [String]
        let m: [String]
    }

    struct City: Decodable, Sendable {
        let name: String
        /// The pattern of its postal codes; braces hold a `d` per digit drawn.
        let post: String
        let plates: [String]
        /// The number of the region that begins Russian tax numbers.
        let region: String?
    }

    struct Vehicle: Decodable, Sendable {
        let kind: String
        let name: String
        /// Net, in whole units of the country's currency.
        let price: Int
        /// The maker's three characters; nil for machines, which have no registration either.
        let vin: String?
    }

    struct Cover: Decodable, Sendable {
        let kind: String
        let variants: [String]
    }

    let country: String
    let language: String
    let mailDomain: String
    /// What becomes of letters that addresses do not have.
    let ascii: [String: String]
    let person: String
    let soleTrader: String
    let address: String
    let first: Names
    let last: Names
    let middle: Names?
    let longPersons: [String]
    let stems: [String]
    let trades: [String]
    let companies: [String]
    let longCompanies: [String]
    let streets: [String]
    let cities: [City]
    let mobile: [String]
    let landline: [String]
    let vehicles: [Vehicle]
    let insurers: [String]
    let covers: [Cover]
}

/// How one portal's book is made, `sql/demo/books/<portal>.json`.
struct DemoBookPlan: Decodable, Sendable {
    let portal: String
    let country: String
    let seed: UInt64
    var clients: Int
    /// Percent; the rest are persons.
    let companies: Int
    let soleTraders: Int
    let customers: String
    let contractNumber: String
    let invoiceNumber: String
    /// Whether instalments are invoiced, or paid as they are.
    let invoices: Bool
    let policyNumber: String
    let contractKinds: [String]
    let contractsPerClient: [Int]
    let months: [Int]
    let vatPercent: Int
    /// An extra fee in minor units.
    let fee: Int
    /// Yearly premiums in minor units, where contracts are insurance.
    let premiums: [Int]?
}

extension Decodable {
    /// A data file of the demo. Throws what `JSONDecoder` says of it.
    static func demo(_ path: String) throws -> Self {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
    }
}

extension String {
    /// With what stands in braces replaced.
    func filled(_ values: [String: String]) -> String {
        var text = self
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return text
    }
}
