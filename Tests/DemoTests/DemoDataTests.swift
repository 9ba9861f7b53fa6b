import DeskKit
import Foundation
import Identifiers
import TestKit
import Testing

@testable import Clients
@testable import DeskApp
@testable import Portals

/// What the demo draws, before anything is loaded.
struct DemoDataTests {
    static let portals = ["arval", "ebok-millennium", "klientefl", "legitimo"]

    private func people(_ portal: String, clients: Int? = nil) throws -> DemoPeople {
        let today = try #require(CivilDate(iso: "2026-11-21"))
        var plan: DemoBookPlan = try .demo(Repository.path("sql/demo/books/\(portal).json"))
        plan.clients = clients ?? plan.clients
        let country: DemoCountry = try .demo(Repository.path("sql/demo/countries/\(plan.country).json"))
        return DemoPeople(country: country, plan: plan, today: today)
    }

    private func isValid(_ kind: IdentifierKind, _ value: String, _ country: String) throws -> Bool {
        let place = IdentifierCountry(rawValue: country).flatMap { kind.countries.contains($0) ? $0 : nil }
        let today = try #require(CivilDate(iso: "2026-11-21"))
        return try kind.check(value, country: place, today: today).valid
    }

    @Test(arguments: portals)
    func `every number of a drawn client is one that its country could have given`(_ portal: String) throws {
        let people = try people(portal)
        let country = people.country.country
        let kinds: [String: [IdentifierKind]] = [
            "PL": [.plNIP, .plREGON, .plPESEL], "HU": [.huTaxNumber, .huCompanyReg, .huTaxID],
            "RU": [.ruINN, .ruOGRN, .ruOGRNIP],
        ]
        for index in 0..<min(people.plan.clients, 200) {
            let client = people.client(index)
            for number in [client.taxNumber, client.registerNumber, client.personalNumber].compactMap({ $0 }) {
                #expect(try (kinds[country] ?? []).contains { try isValid($0, number, country) }, "\(client.name)")
            }
            #expect(try isValid(.phone, client.phone, country), "\(client.phone)")
            #expect(try isValid(.phoneSMS, client.person.phone, country), "\(client.person.phone)")
            #expect(try isValid(.email, client.email, country), "\(client.email)")
            #expect(!client.name.contains("{") && !client.address.contains("{"))
        }
    }

    @Test(arguments: portals)
    func `cars have registrations and chassis numbers of their country`(_ portal: String) throws {
        let people = try people(portal)
        let country = people.country.country
        var random = DemoRandom(seed: 5, index: 1)
        for index in 0..<150 {
            let contract = DemoContract(people.client(index), 0, people: people, random: &random)
            if !contract.registration.isEmpty {
                #expect(try isValid(.vehiclePlate, contract.registration, country), "\(contract.registration)")
                #expect(try isValid(.vin, contract.vin, country), "\(contract.vin)")
            }
            #expect(contract.signed < contract.starts && contract.starts < contract.ends && contract.amount > 0)
        }
    }

    @Test(arguments: portals)
    func `identity papers and bank accounts pass their checks`(_ portal: String) throws {
        let people = try people(portal)
        let country = people.country.country
        let papers: [String: IdentifierKind] = ["PL": .plIDCard, "HU": .huIDCard, "RU": .ruPassport]
        let accounts: [String: IdentifierKind] = ["PL": .plNRB, "HU": .huGIRO, "RU": .ruAccount]
        var random = DemoRandom(seed: 9, index: 2)
        for _ in 0..<30 {
            #expect(try isValid(try #require(papers[country]), people.paper(&random).number, country))
            #expect(try isValid(try #require(accounts[country]), people.bankAccount(&random), country))
        }
    }

    @Test func `the same day draws the same files`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/demo-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let people = try people("ebok-millennium", clients: 40)
        let identity = PortalIdentity(
            key: "p",
            name: "P",
            country: "PL",
            timeZone: "Europe/Warsaw",
            currency: "PLN",
            languages: ["pl"]
        )
        func draw() throws -> [Data] {
            try DemoBook(people: people, portal: identity).files.write(to: folder)
                .map { try Data(contentsOf: URL(filePath: $0)) }
        }
        let first = try draw()
        #expect(try draw() == first)
        #expect(first.allSatisfy { $0.count > 200 })
    }

    @Test(arguments: portals)
    func `a signed form is a document of three pages in its own letters`(_ portal: String) throws {
        let people = try people(portal)
        let country = people.country.country
        let form = Repository.path("sql/demo/papers/\(people.country.language).txt")
        let text = try String(contentsOfFile: form, encoding: .utf8)
        var paper = DemoPaper(text, random: DemoRandom(seed: 3, index: 4))
        let file = String(decoding: paper.pdf(), as: UTF8.self)
        #expect(file.hasPrefix("%PDF-1.4\n"))
        #expect(file.components(separatedBy: "/Type /Page /Parent").count == 4)
        let letter = ["PL": "lslash", "HU": "uhungarumlaut", "RU": "afii10065"]
        #expect(file.contains("/" + (try #require(letter[country]))))
    }

    @Test func `the authenticator's code is six digits of the secret that is printed`() throws {
        let list = try DemoStaffList.load(root: Repository.path(""))
        #expect(try list.code(at: 1_700_000_000).utf8.count == 6)
        #expect(list.signIns.count == 7)
        #expect(Set(list.signIns.map(\.totp)) == [list.totp])
    }
}
