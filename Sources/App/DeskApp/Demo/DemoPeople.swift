import DeskKit
import Identifiers
import Portals

/// A synthetic person with what a form asks about them.
struct DemoPerson: Sendable {
    let name: String
    let isWoman: Bool
    let email: String
    let phone: String
}

/// A synthetic client, the same whenever it is drawn.
struct DemoClient: Sendable {
    let index: Int
    let kind: ClientKind
    let name: String
    let person: DemoPerson
    let city: DemoCountry.City
    let address: String
    let taxNumber: String?
    let registerNumber: String?
    let personalNumber: String?
    let birthDate: CivilDate?
    let phone: String
    let email: String

    /// The main system's key.
    var key: String { "C\(100_000 + index)" }
}

/// Draws the people and companies of a portal.
struct DemoPeople: Sendable {
    let country: DemoCountry
    let plan: DemoBookPlan
    let today: CivilDate
    /// So many days before a due date the portal reminds.
    var remindDays = 5

    func client(_ index: Int) -> DemoClient {
        var random = DemoRandom(seed: plan.seed, index: index)
        let kind = kind(&random)
        let city = random.pick(country.cities)
        let person = person(&random)
        let name = name(kind, index, person, city, &random)
        let born = CivilDate(dayNumber: today.dayNumber - random.within(23 * 365...71 * 365)) ?? today
        let numbers = numbers(kind, person, city, born, &random)
        return DemoClient(
            index: index,
            kind: kind,
            name: name,
            person: person,
            city: city,
            address: address(city, &random),
            taxNumber: numbers.tax,
            registerNumber: numbers.register,
            personalNumber: numbers.personal,
            birthDate: kind == .person ? born : nil,
            phone: kind == .company ? landline(&random) : person.phone,
            email: kind == .company ? mail(name, index) : person.email
        )
    }

    /// A portal user or signatory beside the client's own person.
    func person(of index: Int, _ number: Int) -> DemoPerson {
        var random = DemoRandom(seed: plan.seed &+ 7, index: index * 8 + number)
        return person(&random)
    }

    func person(_ random: inout DemoRandom) -> DemoPerson {
        let isWoman = random.chance(50)
        var parts = ["first": random.pick(isWoman ? country.first.f : country.first.m)]
        parts["last"] = random.pick(isWoman ? country.last.f : country.last.m)
        if let middle = country.middle { parts["middle"] = random.pick(isWoman ? middle.f : middle.m) }
        let phone = random.fill("+\(code)\(random.pick(country.mobile))ddddddd")
        let address = ascii("\(parts["first"] ?? "") \(parts["last"] ?? "")", between: ".")
        return DemoPerson(
            name: country.person.filled(parts),
            isWoman: isWoman,
            email: "\(address)\(random.within(10...99))@\(country.mailDomain)",
            phone: phone
        )
    }

    private func kind(_ random: inout DemoRandom) -> ClientKind {
        let draw = random.below(100)
        if draw < plan.companies { return .company }
        return draw < plan.companies + plan.soleTraders ? .soleTrader : .person
    }

    private func name(
        _ kind: ClientKind,
        _ index: Int,
        _ person: DemoPerson,
        _ city: DemoCountry.City,
        _ random: inout DemoRandom
    ) -> String {
        // The longest names come early, so that whoever looks at the demo meets them.
        let long = kind == .company ? country.longCompanies : country.longPersons
        if kind == .company || (kind == .person) != (country.country == "RU"), index % 40 < 2, index / 40 < long.count {
            return long[index / 40]
        }
        switch kind {
        case .person: return person.name
        case .soleTrader:
            let parts = person.name.split(separator: " ").map(String.init)
            let order = country.person.split(separator: " ").map { String($0.dropFirst().dropLast()) }
            var values = Dictionary(zip(order, parts)) { first, _ in first }
            values["trade"] = random.pick(country.trades)
            return country.soleTrader.filled(values)
        case .company:
            return random.pick(country.companies).filled([
                "stem": random.pick(country.stems), "trade": random.pick(country.trades), "city": city.name,
                "last": random.pick(country.last.m), "first": random.pick(country.first.m),
            ])
        }
    }

    private func address(_ city: DemoCountry.City, _ random: inout DemoRandom) -> String {
        let house =
            random.chance(30) ? "\(random.within(1...120))/\(random.within(1...60))" : "\(random.within(1...140))"
        let post = random.fill(city.post.filter { $0 != "{" && $0 != "}" })
        return country.address.filled([
            "street": random.pick(country.streets), "house": house, "post": post,
            "city": city.name,
        ])
    }

    private var code: String {
        switch country.country {
        case "HU": "36"
        case "RU": "7"
        default: "48"
        }
    }

    private func landline(_ random: inout DemoRandom) -> String {
        random.fill("+\(code)\(random.pick(country.landline))ddddddd")
    }

    private func mail(_ name: String, _ index: Int) -> String {
        "\(ascii(name, between: "-").prefix(40))\(index)@\(country.mailDomain)"
    }

    /// Lower-case ASCII words.
    private func ascii(_ text: String, between: String) -> String {
        let plain = text.lowercased().map { country.ascii[String($0)] ?? String($0) }.joined()
        return plain.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }.joined(separator: between)
    }
}
