/// The country whose rules apply; `international` for kinds that have one rule everywhere.
package enum IdentifierCountry: String, CaseIterable, Codable, Sendable {
    case hungary = "HU"
    case international = "INT"
    case poland = "PL"
    case russia = "RU"
    case unitedStates = "US"
}

/// Every kind of identifier there is a rule for. The raw values are public (vectors.json, CLI).
package enum IdentifierKind: String, CaseIterable, Codable, Sendable {
    case e164
    case email
    case euVAT = "eu_vat"
    case huCompanyReg = "hu_company_reg"
    case huGIRO = "hu_giro"
    case huIDCard = "hu_id_card"
    case huPassport = "hu_passport"
    case huPersonalID = "hu_personal_id"
    case huTAJ = "hu_taj"
    case huTaxID = "hu_tax_id"
    case huTaxNumber = "hu_tax_number"
    case iban
    case mrzName = "mrz_name"
    case mrzNameRUInternal = "mrz_name_ru_internal"
    case mrzTD1 = "mrz_td1"
    case mrzTD2 = "mrz_td2"
    case mrzTD3 = "mrz_td3"
    case phone
    case phoneSMS = "phone_sms"
    case plIDCard = "pl_id_card"
    case plKRS = "pl_krs"
    case plNIP = "pl_nip"
    case plNRB = "pl_nrb"
    case plPassport = "pl_passport"
    case plPESEL = "pl_pesel"
    case plREGON = "pl_regon"
    case ruAccount = "ru_account"
    case ruBIK = "ru_bik"
    case ruCorrAccount = "ru_corr_account"
    case ruINN = "ru_inn"
    case ruKPP = "ru_kpp"
    case ruOGRN = "ru_ogrn"
    case ruOGRNIP = "ru_ogrnip"
    case ruPassport = "ru_passport"
    case ruSNILS = "ru_snils"
    case smsCommand = "sms_command"
    case vehiclePlate = "vehicle_plate"
    case vin
    case vinCheckDigit = "vin_check_digit"

    /// The countries this kind has rules for, at least one.
    package var countries: [IdentifierCountry] {
        switch self {
        case .euVAT, .iban: [.hungary, .poland]
        case .phone, .phoneSMS, .vehiclePlate: [.hungary, .poland, .russia]
        case .huCompanyReg, .huGIRO, .huIDCard, .huPassport, .huPersonalID, .huTAJ, .huTaxID, .huTaxNumber: [.hungary]
        case .plIDCard, .plKRS, .plNIP, .plNRB, .plPassport, .plPESEL, .plREGON, .smsCommand: [.poland]
        case .ruAccount, .ruBIK, .ruCorrAccount, .ruINN, .ruKPP, .ruOGRN, .ruOGRNIP, .ruPassport, .ruSNILS,
            .mrzNameRUInternal:
            [.russia]
        case .vinCheckDigit: [.unitedStates]
        case .e164, .email, .mrzName, .mrzTD1, .mrzTD2, .mrzTD3, .vin: [.international]
        }
    }

    var countryList: String { countries.map(\.rawValue).joined(separator: ", ") }

    /// The country to use: the one named, or the kind's only one.
    func resolve(_ country: IdentifierCountry?) throws(UnknownIdentifier) -> IdentifierCountry {
        if let country {
            guard countries.contains(country) else { throw .country(country.rawValue, kind: self) }
            return country
        }
        guard countries.count == 1, let only = countries.first else { throw .countryMissing(kind: self) }
        return only
    }
}
