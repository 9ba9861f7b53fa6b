package import DeskKit

/// Checks an entry as it came from outside. `kind` and `country` are the public names ("pl_nip", "PL"); a country may
/// be left out where the kind has only one. `today` bounds dates of birth. Throws when kind or country has no rule.
package func check(
    kind: String,
    value: String,
    country: String?,
    today: CivilDate
) throws(UnknownIdentifier) -> Verdict {
    guard let known = IdentifierKind(rawValue: kind) else { throw .kind(kind) }
    guard let country else { return try known.check(value, today: today) }
    guard let place = IdentifierCountry(rawValue: country) else { throw .country(country, kind: known) }
    return try known.check(value, country: place, today: today)
}

extension IdentifierKind {
    /// Checks an entry of this kind. Throws when the kind has no rule for the country. Linear in the entry's length,
    /// and constant beyond the kind's limit.
    package func check(
        _ value: String,
        country: IdentifierCountry? = nil,
        today: CivilDate
    ) throws(UnknownIdentifier) -> Verdict {
        let place = try resolve(country)
        do {
            return .valid(try normalize(value, in: place, today: today))
        } catch {
            return .invalid(error)
        }
    }

    private func normalize(
        _ value: String,
        in country: IdentifierCountry,
        today: CivilDate
    ) throws(Reason) -> String {
        switch self {
        case .plIDCard, .plKRS, .plNIP, .plNRB, .plPassport, .plPESEL, .plREGON:
            try polish(try cleaned(value), today)
        case .huCompanyReg, .huGIRO, .huIDCard, .huPassport, .huPersonalID, .huTAJ, .huTaxID, .huTaxNumber:
            try hungarian(try cleaned(value), today)
        case .ruAccount, .ruBIK, .ruCorrAccount, .ruINN, .ruKPP, .ruOGRN, .ruOGRNIP, .ruPassport, .ruSNILS:
            try russian(try cleaned(value))
        case .euVAT: try euVATNumber(try cleaned(value), of: country)
        case .iban: try ibanNumber(try cleaned(value), of: country)
        case .vin: try vehicleNumber(try cleaned(value), checkDigit: .northAmericanOnly)
        case .vinCheckDigit: try vehicleNumber(try cleaned(value), checkDigit: .always)
        case .vehiclePlate: try registrationPlate(value, of: country)
        case .phone: try phoneNumber(value, of: country).international
        case .phoneSMS: try mobilePhone(value, of: country)
        case .e164: try e164Number(value)
        case .email: try emailAddress(value)
        case .smsCommand: try clientCommand(value)
        case .mrzName: try transliteratedName(value, by: .icao)
        case .mrzNameRUInternal: try transliteratedName(value, by: .russianInternal)
        case .mrzTD1: try machineReadableZone(value, .td1)
        case .mrzTD2: try machineReadableZone(value, .td2)
        case .mrzTD3: try machineReadableZone(value, .td3)
        }
    }

    private func polish(_ text: [UInt8], _ today: CivilDate) throws(Reason) -> String {
        switch self {
        case .plIDCard: try polishIDCard(text)
        case .plKRS: try string(numeric(text, lengths: [10]))
        case .plNIP: try polishNIP(text)
        case .plNRB: try polishNRB(text)
        case .plPassport: try polishPassport(text)
        case .plPESEL: try polishPESEL(text, today)
        default: try polishREGON(text)
        }
    }

    private func hungarian(_ text: [UInt8], _ today: CivilDate) throws(Reason) -> String {
        switch self {
        case .huCompanyReg: try hungarianCompany(text)
        case .huGIRO: try hungarianGIRO(text)
        case .huIDCard: try hungarianIDCard(text)
        case .huPassport: try hungarianPassport(text)
        case .huPersonalID: try hungarianPersonalID(text, today)
        case .huTAJ: try hungarianTAJ(text)
        case .huTaxID: try hungarianTaxID(text, today)
        default: try hungarianTaxNumber(text)
        }
    }

    private func russian(_ text: [UInt8]) throws(Reason) -> String {
        switch self {
        case .ruAccount: try russianAccount(text, .customer)
        case .ruCorrAccount: try russianAccount(text, .correspondent)
        case .ruBIK: try russianBIK(text)
        case .ruINN: try russianINN(text)
        case .ruKPP: try russianKPP(text)
        case .ruOGRN: try russianOGRN(text)
        case .ruOGRNIP: try russianOGRNIP(text)
        case .ruPassport: try russianPassport(text)
        default: try russianSNILS(text)
        }
    }
}
