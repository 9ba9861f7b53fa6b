import DeskKit
import Foundation
import Portals

/// What one application says: the fields of the form as the paper has them.
struct DemoForm {
    let client: DemoClient
    let people: DemoPeople
    let portal: PortalProfile
    let kind: ApplicationKind
    let userCount: Int
    /// Who takes the paper in.
    let witness: String
    private(set) var fields: [String: String] = [:]

    init(
        _ client: DemoClient,
        people: DemoPeople,
        portal: PortalProfile,
        kind: ApplicationKind,
        users: Int,
        witness: String
    ) {
        self.client = client
        self.people = people
        self.portal = portal
        self.kind = kind
        userCount = users
        self.witness = witness
        var random = DemoRandom(seed: people.plan.seed &+ 31, index: client.index)
        addClient(&random)
        addSignatory(&random)
        if kind == .office { addOffice(&random) }
        for number in 1...users { addUser(number) }
        for document in portal.rules.documents[kind] { fields["seen.\(document.rawValue)"] = "1" }
    }

    /// The number by which the client is found again.
    var mainNumber: String { client.taxNumber ?? client.personalNumber ?? "" }

    /// The portal users: person and login.
    var users: [(person: DemoPerson, login: String)] {
        (1...userCount).map { number in
            let person = number == 1 ? client.person : people.person(of: client.index, number)
            return (person, login(person))
        }
    }

    private mutating func addClient(_ random: inout DemoRandom) {
        fields["client.kind"] = client.kind.rawValue
        fields["client.name"] = client.name
        for kind in portal.rules.identifiers[client.kind] {
            fields["client.number.\(kind)"] = number(kind, &random)
        }
        fields["client.address"] = client.address
        fields["client.phone"] = client.phone
        fields["client.email"] = client.email
    }

    private func number(_ kind: String, _ random: inout DemoRandom) -> String? {
        switch kind {
        case "pl_nip", "hu_tax_number", "ru_inn": client.taxNumber
        case "pl_regon", "hu_company_reg", "ru_ogrn", "ru_ogrnip": client.registerNumber
        case "pl_pesel", "hu_tax_id": client.personalNumber
        case "pl_krs": random.fill("0000dddddd")
        case "ru_kpp": random.fill("\(client.city.region ?? "77")dd01001")
        default: nil
        }
    }

    private mutating func addSignatory(_ random: inout DemoRandom) {
        let paper = people.paper(&random)
        fields["signatory.1.name"] = client.person.name
        fields["signatory.1.paper"] = paper.kind
        fields["signatory.1.paper_number"] = paper.number
        if people.country.country != "RU" {
            fields["signatory.1.paper_expiry"] = people.today.adding(days: random.within(300...3000))?.iso
        }
        fields["signatory.1.signs"] = "alone"
        fields["witness.name"] = witness
        fields["witness.place"] = client.city.name
        fields["witness.date"] = people.today.adding(days: -random.within(1...6))?.iso
        fields["witness.regulations"] = portal.rules.regulationsVersion
    }

    private mutating func addOffice(_ random: inout DemoRandom) {
        fields["office.founded"] = people.today.adding(days: -random.within(900...9000))?.iso
        fields["office.contact"] = client.person.name
        fields["office.certificate"] = random.fill("dd ddddddd")
        fields["office.account"] = people.bankAccount(&random)
    }

    private mutating func addUser(_ number: Int) {
        let (person, login) = users[number - 1]
        let prefix = "user.\(number)."
        fields[prefix + "login"] = login
        fields[prefix + "name"] = person.name
        fields[prefix + "phone"] = person.phone
        fields[prefix + "email"] = person.email
        if number == 2 { fields[prefix + "remind_days"] = "7" }
        guard number == 1, portal.rules.userRights.contains(.users) else { return }
        fields[prefix + "right.users"] = "1"
    }

    private func login(_ person: DemoPerson) -> String {
        switch portal.rules.loginKind {
        case .phone: String(person.phone.dropFirst(3))
        case .companyCode: String(person.email.prefix { $0 != "@" }.prefix(30))
        case .email: person.email
        }
    }
}

/// The paper forms of a language, `sql/demo/papers`.
struct DemoPapers {
    private let form: String
    private let user: String

    init(folder: String, language: String) throws {
        form = try String(contentsOfFile: "\(folder)/\(language).txt", encoding: .utf8)
        user = try String(contentsOfFile: "\(folder)/\(language).user.txt", encoding: .utf8)
    }

    /// The signed form as a PDF of three pages.
    func scan(_ form: DemoForm) -> [UInt8] {
        var values = form.fields
        values["portal"] = form.portal.name
        values["number"] = form.mainNumber
        values["users"] = form.users.enumerated().map { position, user in
            self.user.filled([
                "n": String(position + 1), "name": user.person.name, "login": user.login, "phone": user.person.phone,
                "email": user.person.email,
            ])
        }.joined(separator: "\n")
        var paper = DemoPaper(
            self.form.filled(values),
            random: DemoRandom(seed: form.people.plan.seed &+ 43, index: form.client.index)
        )
        return paper.pdf()
    }
}
