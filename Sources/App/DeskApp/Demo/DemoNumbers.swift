import DeskKit
import Identifiers
import Portals

/// The numbers by which a country knows its people, companies and cars.
extension DemoPeople {
    typealias Numbers = (tax: String?, register: String?, personal: String?)

    func numbers(
        _ kind: ClientKind,
        _ person: DemoPerson,
        _ city: DemoCountry.City,
        _ born: CivilDate,
        _ random: inout DemoRandom
    ) -> Numbers {
        switch country.country {
        case "PL": polish(kind, person, born, &random)
        case "HU": hungarian(kind, born, &random)
        default: russian(kind, city, &random)
        }
    }

    private func polish(
        _ kind: ClientKind,
        _ person: DemoPerson,
        _ born: CivilDate,
        _ random: inout DemoRandom
    ) -> Numbers {
        guard kind != .person else { return (nil, nil, pesel(born, person, &random)) }
        let first = random.pick(["5", "6", "7", "8", "9"])
        return (
            random.number(.plNIP, "\(first)dddddddd?", today: today),
            random.number(.plREGON, "dddddddd?", today: today),
            nil
        )
    }

    private func pesel(_ born: CivilDate, _ person: DemoPerson, _ random: inout DemoRandom) -> String {
        let month = born.month + (born.year >= 2000 ? 20 : 0)
        let sex = random.below(5) * 2 + (person.isWoman ? 0 : 1)
        let date = padded(born.year % 100, 2) + padded(month, 2) + padded(born.day, 2)
        return random.number(.plPESEL, "\(date)ddd\(sex)?", today: today)
    }

    private func hungarian(_ kind: ClientKind, _ born: CivilDate, _ random: inout DemoRandom) -> Numbers {
        let county = random.pick(["41", "42", "43", "02", "06", "13", "15", "20"])
        switch kind {
        case .company:
            let tax = random.number(.huTaxNumber, "1dddddd?-2-\(county)", today: today)
            let court = random.pick(["01", "13", "09", "08", "02"])
            return (tax, random.number(.huCompanyReg, "\(court)-09-1ddddd", today: today), nil)
        case .soleTrader: return (random.number(.huTaxNumber, "6dddddd?-1-\(county)", today: today), nil, nil)
        case .person:
            let days = padded(born.dayNumber + 37_620, 5)
            return (nil, nil, random.number(.huTaxID, "8\(days)ddd?", today: today))
        }
    }

    private func russian(_ kind: ClientKind, _ city: DemoCountry.City, _ random: inout DemoRandom) -> Numbers {
        let region = city.region ?? "77"
        let year = padded(random.within(3...24), 2)
        guard kind == .company else {
            return (
                random.number(.ruINN, "\(region)dddddddd??", today: today),
                random.number(.ruOGRNIP, "3\(year)\(region)ddddddddd?", today: today), nil
            )
        }
        return (
            random.number(.ruINN, "\(region)ddddddd?", today: today),
            random.number(.ruOGRN, "1\(year)\(region)ddddddd?", today: today), nil
        )
    }

    /// The registration of a car that is at home in this city.
    func plate(_ city: DemoCountry.City, _ random: inout DemoRandom) -> String {
        let area = random.pick(city.plates)
        guard country.country == "RU" else {
            let forms = area.count == 2 ? ["ddddd", "ddddL", "dddLL"] : ["ddLL", "dLdd", "dddd"]
            return "\(area) " + random.fill(random.pick(forms))
        }
        return random.fill("R\(random.within(1...9))ddRR") + area
    }

    func vin(_ maker: String, _ random: inout DemoRandom) -> String {
        maker + random.fill("LLddLLLddddddd")
    }

    /// What somebody shows to prove who they are.
    func paper(_ random: inout DemoRandom) -> (kind: String, number: String) {
        switch country.country {
        case "PL": ("card", random.number(.plIDCard, "DLL?ddddd", today: today))
        case "HU": ("card", random.number(.huIDCard, "ddddddLE", today: today))
        default: ("passport", random.number(.ruPassport, "45\(padded(random.within(4...24), 2)) dddddd", today: today))
        }
    }

    /// Where an office asks for it: the account from which is paid.
    func bankAccount(_ random: inout DemoRandom) -> String {
        switch country.country {
        case "PL": random.number(.plNRB, "??11602202dddddddddddddddd", today: today)
        case "HU": random.number(.huGIRO, "11773016-ddddddd?", today: today)
        default: random.number(.ruAccount, "044525225/40702810?ddddddddddd", today: today)
        }
    }

    func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
