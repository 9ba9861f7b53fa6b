/// An amount in minor units (grosz, fillér, kopeck) and its ISO 4217 currency. All currencies of the house have two
/// decimal digits, the forint included: its accounts are kept in fillér and shown without them.
package struct Money: Hashable, Codable, Sendable {
    package let minor: Int64
    package let currency: String

    package init(minor: Int64, currency: String) {
        self.minor = minor
        self.currency = currency
    }

    /// The sum, or nil when the currencies differ or the sum does not fit.
    package func adding(_ other: Money) -> Money? {
        guard other.currency == currency else { return nil }
        let (sum, overflow) = minor.addingReportingOverflow(other.minor)
        return overflow ? nil : Money(minor: sum, currency: currency)
    }
}
