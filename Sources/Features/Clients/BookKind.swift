/// The kinds of files of the book of business, in the order in which they are merged: `<kind>s.csv` by name.
package enum BookKind: String, CaseIterable, Sendable {
    case client, contact, contract, invoice, instalment, payment, policy

    /// The file's name without folder, "policies.csv".
    package var fileName: String {
        self == .policy ? "policies.csv" : rawValue + "s.csv"
    }

    package init?(fileName: String) {
        guard let kind = Self.allCases.first(where: { $0.fileName == fileName.lowercased() }) else { return nil }
        self = kind
    }

    /// The columns in the order of the staging table.
    package var columns: [String] {
        switch self {
        case .client:
            [
                "key", "kind", "name", "country", "language", "customer_number", "tax_number", "register_number",
                "personal_number", "birth_date", "address",
            ]
        case .contact: ["key", "client", "kind", "value", "trusted"]
        case .contract:
            [
                "key", "client", "number", "kind", "signed_on", "starts_on", "ends_on", "ended_on", "currency",
                "net_value_minor", "asset_kind", "asset_name", "registration", "vin",
            ]
        case .invoice: ["key", "client", "contract", "number", "issued_on", "due_on", "amount_minor", "currency"]
        case .instalment: ["key", "contract", "invoice", "kind", "number", "due_on", "amount_minor", "currency"]
        case .payment: ["key", "invoice", "instalment", "paid_on", "amount_minor", "currency"]
        case .policy:
            [
                "key", "client", "contract", "number", "kind", "variant", "insurer", "starts_on", "expires_on",
            ]
        }
    }

    /// Columns without which a file of the kind says nothing.
    var required: Set<String> {
        switch self {
        case .client: ["key", "kind", "name", "country", "language"]
        case .contact: ["key", "client", "kind", "value"]
        case .contract: ["key", "client", "number", "kind", "signed_on", "currency"]
        case .invoice: ["key", "client", "number", "issued_on", "due_on", "amount_minor", "currency"]
        case .instalment: ["key", "contract", "kind", "due_on", "amount_minor", "currency"]
        case .payment: ["key", "paid_on", "amount_minor", "currency"]
        case .policy: ["key", "client", "number", "kind", "insurer", "starts_on", "expires_on"]
        }
    }
}
