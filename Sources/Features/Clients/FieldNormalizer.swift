import DeskKit
import Identifiers

/// Brings numbers, phones and addresses into the one form in which the book keeps them, by the country that the row
/// names. The main system's own spelling of a number is not worth keeping.
struct FieldNormalizer: Sendable {
    /// Why a field is refused: the codes are those of `Identifiers`.
    struct Refusal: Error {
        let code: String
    }

    let country: String
    let today: CivilDate

    /// A phone or an e-mail address; a phone without a prefix is one of the portal's country.
    func contact(_ text: String, kind: String?) -> Result<String, Refusal> {
        if kind == "email" { return check(text, [.email], nil) }
        return text.hasPrefix("+") ? check(text, [.e164], nil) : check(text, [.phone], country)
    }

    /// A client's number; `place` is the country of the row.
    func number(_ text: String, _ column: String, place: String?, isCompany: Bool) -> Result<String, Refusal> {
        let place = place ?? country
        return check(text, identifiers(column, place, company: isCompany), place)
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
        guard let first = kinds.first else {
            return text.unicodeScalars.count > 64 ? .failure(Refusal(code: "too_long")) : .success(text)
        }
        var refusal: Reason?
        for kind in [first] + kinds.dropFirst() {
            let place = kind == .phone ? country.flatMap(IdentifierCountry.init(rawValue:)) : nil
            guard let verdict = try? kind.check(text, country: place, today: today) else { continue }
            if let normalized = verdict.normalized { return .success(normalized) }
            refusal = refusal ?? verdict.reason
        }
        return .failure(Refusal(code: refusal?.rawValue ?? Reason.wrongCountry.rawValue))
    }
}
