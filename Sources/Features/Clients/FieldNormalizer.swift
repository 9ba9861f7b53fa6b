import DeskKit
import Identifiers

/// Brings numbers, phones and addresses into the one form in which the book keeps them, by the country that the row
/// names. The main system's own spelling of a number is not worth keeping.
struct FieldNormalizer: Sendable {
    /// Why a field is refused; the codes are those of `Identifiers`, and our own for what is no identifier.
    struct Refusal: Error {
        let code: String
    }

    let kind: BookKind
    let country: String
    let today: CivilDate

    /// Whether the column is ever written otherwise than it stands.
    func changes(_ column: String) -> Bool {
        switch (kind, column) {
        case (.client, "tax_number"), (.client, "register_number"), (.client, "personal_number"): true
        case (.contact, "value"): true
        default: false
        }
    }

    /// The text to keep; an empty one is NULL. Text itself is kept as it came, without blanks at its ends.
    func normalize(
        _ text: String,
        _ column: String,
        _ record: CSVRecords.Record,
        _ places: [Int?]
    ) -> Result<String, Refusal> {
        let trimmed = text.trimmingBlanks
        guard !trimmed.unicodeScalars.contains("\0") else { return .failure(Refusal(code: "forbidden_character")) }
        guard changes(column), !trimmed.isEmpty else { return .success(trimmed) }
        if kind == .contact {
            return contact(trimmed, other("kind", record, places))
        }
        let place = other("country", record, places) ?? country
        let kinds = identifiers(column, place, company: other("kind", record, places) == "company")
        return check(trimmed, kinds, place)
    }

    private func contact(_ text: String, _ kind: String?) -> Result<String, Refusal> {
        if kind == "email" { return check(text, [.email], nil) }
        return text.hasPrefix("+") ? check(text, [.e164], nil) : check(text, [.phone], country)
    }

    /// Which identifiers a column may hold; the first whose check passes is it.
    private func identifiers(_ column: String, _ country: String, company: Bool) -> [IdentifierKind] {
        switch (column, country) {
        case ("tax_number", "PL"): [.plNIP]
        case ("tax_number", "HU"): company ? [.huTaxNumber] : [.huTaxNumber, .huTaxID]
        case ("tax_number", "RU"): [.ruINN]
        case ("register_number", "PL"): [.plREGON, .plKRS]
        case ("register_number", "HU"): [.huCompanyReg]
        case ("register_number", "RU"): [.ruOGRN, .ruOGRNIP]
        case ("personal_number", "PL"): [.plPESEL]
        case ("personal_number", "HU"): [.huTaxID, .huPersonalID]
        case ("personal_number", "RU"): [.ruSNILS, .ruPassport]
        default: []
        }
    }

    private func check(_ text: String, _ kinds: [IdentifierKind], _ country: String?) -> Result<String, Refusal> {
        // A client from elsewhere: its number is kept as it is.
        guard let first = kinds.first else { return .success(text) }
        var refusal: Reason?
        for kind in [first] + kinds.dropFirst() {
            let place = kind == .phone ? country.flatMap(IdentifierCountry.init(rawValue:)) : nil
            guard let verdict = try? kind.check(text, country: place, today: today) else { continue }
            if let normalized = verdict.normalized { return .success(normalized) }
            refusal = refusal ?? verdict.reason
        }
        return .failure(Refusal(code: refusal?.rawValue ?? Reason.wrongCountry.rawValue))
    }

    private func other(_ column: String, _ record: CSVRecords.Record, _ places: [Int?]) -> String? {
        guard let index = kind.columns.firstIndex(of: column), let place = places[index] else { return nil }
        return CSVField.text(record.fields[place])
    }
}

extension String {
    /// Without blanks at its ends.
    var trimmingBlanks: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
