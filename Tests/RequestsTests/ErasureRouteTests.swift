import DeskKit
import HTTPTypes
import Portals
import Postgres
import TestKit
import Testing

@testable import Requests

@Suite struct ErasureRouteTests {
    /// A house whose database knows the register, and a client whom nothing binds.
    private func house() async throws -> (House, String) {
        let house = try await House.make()
        let register = try Register.load(root: Repository.root)
        try await house.test.ownerDatabase.transaction(.everyPortal) { try register.install(in: $0) }
        let client = try await house.client(try await house.portal())
        return (house, "/requests/klientefl/erasures/\(client)")
    }

    private func hash(_ house: House) async throws -> String {
        try await house.test.value("SELECT encode(plan_hash, 'hex') FROM erasure WHERE state <> 'dropped'") ?? ""
    }

    private func state(_ house: House) async throws -> String? {
        try await house.test.value("SELECT string_agg(state, ' ' ORDER BY id) FROM erasure")
    }

    @Test(arguments: ["plan", "approve", "return", "drop", "execute", "holds", "release"])
    func `a step of an erasure is refused to foreign forms, missing rights and other portals`(
        step: String
    ) async throws {
        let (house, path) = try await house()
        let officer = house.counter(House.piotr)
        #expect(try await officer.post("\(path)/plan").status == .seeOther)
        let day = "2127-01-01"
        let fields = ["hash": try await hash(house), "number": "1", "reason": "claim", "review": day, "hold": "1"]
        let before = try await state(house)
        #expect(try await officer.post("\(path)/\(step)", fields, token: .foreign).status == .forbidden)
        for who in [House.ewa, House.olga, House.gabor] {
            #expect(try await house.counter(who).post("\(path)/\(step)", fields).status == .forbidden, "\(who.name)")
        }
        for key in ["legitimo", "arval", "no-such"] {
            let elsewhere = path.replacing("klientefl", with: key)
            #expect(try await officer.post("\(elsewhere)/\(step)", fields).status == .notFound, "\(key)")
        }
        #expect(try await state(house) == before)
        #expect(try await house.test.value("SELECT count(*) FROM erasure_hold") == "0")
        #expect(
            try await house.test.value(
                "SELECT count(*) FROM audit_event WHERE action LIKE 'client_erasure%' AND action !~ 'planned$'"
            ) == "0"
        )
    }

    @Test func `an erasure is planned, approved by a second person and carried out over HTTP`() async throws {
        let (house, path) = try await house()
        let one = house.counter(House.piotr)
        let two = house.counter(House.jan)
        #expect(try await one.post("\(path)/plan").location == path)
        #expect(try await one.get(path).status == .ok)
        let number = path.split(separator: "/").last.map(String.init) ?? ""
        let plan = ["hash": try await hash(house), "number": number]
        let own = try await one.post("\(path)/approve", plan)
        #expect(own.status == .unprocessableContent)
        #expect(try await two.post("\(path)/approve", plan).status == .seeOther)
        #expect(try await one.post("\(path)/approve", plan).status == .unprocessableContent)
        #expect(try await two.post("\(path)/execute").status == .unprocessableContent)
        #expect(try await one.post("\(path)/execute").status == .seeOther)
        #expect(try await state(house) == "done")
        #expect(try await one.post("\(path)/execute").status == .unprocessableContent)
        #expect(try await one.get("\(path)/certificate").status == .ok)
        #expect(try await house.counter(House.ewa).get("\(path)/certificate").status == .forbidden)
        #expect(
            try await house.test.sql(
                "SELECT action FROM audit_event WHERE action LIKE 'client_erasure%' ORDER BY id"
            ).compactMap { $0.first ?? nil } == [
                "client_erasure.planned", "client_erasure.approved", "client_erasure.executed",
            ]
        )
    }

    @Test func `what was typed stays when it is wrong or the page is old, and nothing is done`() async throws {
        let (house, path) = try await house()
        #expect(try await house.counter(House.piotr).post("\(path)/plan").status == .seeOther)
        let officer = house.counter(House.jan)
        let wrong = try await officer.post("\(path)/approve", ["hash": try await hash(house), "number": "K-12345"])
        #expect(wrong.status == .unprocessableContent)
        #expect(wrong.body.contains("K-12345"))
        let old = try await officer.post(
            "\(path)/approve",
            ["hash": try await hash(house), "number": "K-67890"],
            token: .expired
        )
        #expect(old.status == .unprocessableContent)
        #expect(old.body.contains("K-67890"))
        let day = try await officer.post("\(path)/holds", ["reason": "claim", "review": "kiedyś"])
        #expect(day.status == .unprocessableContent)
        #expect(day.body.contains("kiedyś"))
        let past = try await officer.post("\(path)/holds", ["reason": "claim", "review": "2020-01-01"])
        #expect(past.status == .unprocessableContent)
        #expect(past.body.contains("2020-01-01"))
        #expect(try await state(house) == "planned")
        #expect(try await house.test.value("SELECT count(*) FROM erasure_hold") == "0")
    }

    @Test func `a hold is placed and let go once, each with its line`() async throws {
        let (house, path) = try await house()
        let officer = house.counter(House.piotr)
        let hold = ["reason": "dispute", "review": "2127-01-01"]
        #expect(try await officer.post("\(path)/holds", hold).status == .seeOther)
        async let one = officer.post("\(path)/release", ["hold": "1"])
        async let two = house.counter(House.jan).post("\(path)/release", ["hold": "1"])
        let statuses = try await [one.status.code, two.status.code].sorted()
        #expect(statuses == [303, 422])
        for action in ["hold_placed", "hold_released"] {
            let sql = "SELECT count(*) FROM audit_event WHERE action = 'client_erasure.\(action)'"
            #expect(try await house.test.value(sql) == "1")
        }
    }

    @Test func `of two who plan, return or drop at once one does, and the trail says so once`() async throws {
        let (house, path) = try await house()
        let one = house.counter(House.piotr)
        let two = house.counter(House.jan)
        async let first = one.post("\(path)/plan")
        async let second = two.post("\(path)/plan")
        _ = try await [first, second]
        #expect(try await state(house) == "planned")
        async let drop = one.post("\(path)/drop")
        async let again = two.post("\(path)/drop")
        let statuses = try await [drop.status.code, again.status.code].sorted()
        #expect(statuses == [303, 422])
        #expect(try await state(house) == "dropped")
        let sql = "SELECT count(*) FROM audit_event WHERE action = 'client_erasure.dropped'"
        #expect(try await house.test.value(sql) == "1")
    }
}
