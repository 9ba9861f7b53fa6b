import Testing

@testable import DeskApp

@Suite struct ConfigurationTests {
    private func concurrency(_ text: String?) throws -> [String: Int] {
        let environment = text.map { ["PORTALDESK_CONCURRENCY": $0] } ?? [:]
        return try DeskConfiguration(environment: environment).concurrency
    }

    @Test func `each queue has its own concurrency, the others share one number`() throws {
        #expect(try concurrency(nil) == ["": 8])
        #expect(try concurrency("3") == ["": 3])
        #expect(try concurrency("4, messaging=16,watch=1") == ["": 4, "messaging": 16, "watch": 1])
        #expect(try concurrency("messaging=2") == ["messaging": 2])
    }

    @Test func `the address from outside loses its last slash`() throws {
        let address = { try DeskConfiguration(environment: ["PORTALDESK_PUBLIC_URL": $0]).publicURL }
        #expect(try address("https://desk.example/") == "https://desk.example")
        #expect(try address("http://127.0.0.1:8080/console") == "http://127.0.0.1:8080/console")
        #expect(try address("") == nil)
    }

    @Test(arguments: [
        "desk.example", "ftp://desk.example", "https://", "https://a:b@desk.example", "https://x/?y", "/a",
    ])
    func `an address that gateways cannot reach is refused by its name`(text: String) throws {
        let problem = #expect(throws: DeskConfiguration.Problem.self) {
            try DeskConfiguration(environment: ["PORTALDESK_PUBLIC_URL": text])
        }
        #expect(problem?.name == "PORTALDESK_PUBLIC_URL")
    }

    @Test(arguments: ["0", "many", "8,8", "messaging=", "messaging=1001", "a=1,a=2", "-1"])
    func `what is no concurrency is refused by its name`(text: String) {
        #expect(throws: DeskConfiguration.Problem.self) { try concurrency(text) }
    }
}
