/// The kinds of files of the book of business, in the order in which they are merged.
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
    package var columns: [String] { fields.map(\.name) }

    var fields: [BookField] {
        switch self {
        case .client: Self.clientFields
        case .contact:
            [
                .key, .needed("client", .text(64)), .needed("kind", .words(["phone", "email"])),
                .needed("value", .identifier), .open("trusted", .words(["true", "false"])),
            ]
        case .contract: Self.contractFields
        case .invoice:
            [
                .key, .needed("client", .text(64)), .open("contract", .text(64)), .needed("number", .text(64)),
                .needed("issued_on", .date), .needed("due_on", .date), .amount, .currency,
            ]
        case .instalment:
            [
                .key, .needed("contract", .text(64)), .open("invoice", .text(64)),
                .needed("kind", .words(["instalment", "extra_fee", "insurance"])), .open("number", .number),
                .needed("due_on", .date), .amount, .currency,
            ]
        case .payment:
            [
                .key, .open("invoice", .text(64)), .open("instalment", .text(64)), .needed("paid_on", .date), .amount,
                .currency,
            ]
        case .policy:
            [
                .key, .needed("client", .text(64)), .open("contract", .text(64)), .needed("number", .text(64)),
                .needed("kind", .text(40)), .open("variant", .text(60)), .needed("insurer", .text(200)),
                .needed("starts_on", .date), .needed("expires_on", .date),
            ]
        }
    }

    private static let clientFields: [BookField] = [
        .key, .needed("kind", .words(["person", "sole_trader", "company"])), .needed("name", .text(300)),
        .needed("country", .capitals(2)), .needed("language", .smallLetters(2)), .open("customer_number", .text(64)),
        .open("tax_number", .identifier), .open("register_number", .identifier), .open("personal_number", .identifier),
        .open("birth_date", .date), .open("address", .text(500)),
    ]

    private static let contractFields: [BookField] = [
        .key, .needed("client", .text(64)), .needed("number", .text(64)),
        .needed("kind", .words(["operating", "finance", "loan", "rental", "insurance"])), .needed("signed_on", .date),
        .open("starts_on", .date), .open("ends_on", .date), .open("ended_on", .date), .currency,
        .open("net_value_minor", .amount(signed: false)), .open("asset_kind", .text(40)),
        .open("asset_name", .text(200)), .open("registration", .text(32)), .open("vin", .text(32)),
    ]
}

/// One column of a file.
struct BookField: Sendable {
    let name: String
    let rule: FieldRule
    /// Whether a file without the column, or a row without a value in it, says nothing.
    let isNeeded: Bool

    static func needed(_ name: String, _ rule: FieldRule) -> BookField {
        BookField(name: name, rule: rule, isNeeded: true)
    }

    static func open(_ name: String, _ rule: FieldRule) -> BookField {
        BookField(name: name, rule: rule, isNeeded: false)
    }

    static let key = needed("key", .text(64))
    static let amount = needed("amount_minor", .amount(signed: true))
    static let currency = needed("currency", .capitals(3))
}
