import HTTPTypes
import Portals
import TestKit
import Testing

/// What the database itself refuses, whoever asks.
struct GuardTests {
    @Test func `a code that was used or made void, and a session that ended, stay so`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("ebok-millennium")
        let made = try await house.activate(portal, login: "kowalska")
        try await house.calling { caller in
            let redeemed = try await caller.post(
                "codes/redeem",
                ["companyCode": made.companyCode, "login": "kowalska", "code": made.code]
            )
            #expect(redeemed.status == 201)
            _ = try await caller.call(.delete, "session", token: redeemed.token)
        }
        #expect(try await house.test.value("SELECT count(*) FROM account_code WHERE used_at IS NOT NULL") == "1")
        #expect(try await house.test.value("SELECT count(*) FROM account_session WHERE ended_at IS NOT NULL") == "1")
        for undoing in [
            "UPDATE account_code SET used_at = NULL", "UPDATE account_code SET used_at = now() + interval '1 day'",
            "UPDATE account_code SET code_hash = '\\x00'", "UPDATE account_session SET ended_at = NULL",
        ] {
            await #expect(throws: (any Error).self, "\(undoing)") { try await house.test.sql(undoing) }
        }
    }

    @Test func `of ten simultaneous redemptions of one code one succeeds`() async throws {
        let house = try await House.make()
        let portal = try await house.portal("ebok-millennium")
        let made = try await house.activate(portal, login: "kowalska")
        try await house.calling { caller in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let answer = try await caller.post(
                            "codes/redeem",
                            ["companyCode": made.companyCode, "login": "kowalska", "code": made.code]
                        )
                        return answer.status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.count { $0 == 201 } == 1)
            #expect(statuses.allSatisfy { $0 == 201 || (400..<500).contains($0) })
        }
    }
}
