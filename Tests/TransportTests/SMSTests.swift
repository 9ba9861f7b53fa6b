import DeskKit
import Foundation
import TestKit
import Testing

@testable import Transport

@Suite struct SMSTests {
    let http = HTTPTransport(connections: 1)
    let patient = SendDeadlines(connect: .seconds(10), total: .seconds(30))

    func gateway(_ peer: Peer, _ path: String, _ placement: SMSGateway.Placement = .query) -> SMSGateway {
        SMSGateway(
            url: "http://127.0.0.1:\(peer.port)/\(path)",
            placement: placement,
            parameters: [.init("to", "{to}"), .init("text", "{text}"), .init("ref", "{sender}-{reference}")],
            headers: [.init("X-Key", "{secret}")],
            sender: "DESK",
            successPattern: "^OK",
            idPattern: "id=([A-Z0-9-]+)",
            permanentPattern: "ERROR 21",
            temporaryPattern: "ERROR 12"
        )
    }

    func send(
        _ gateway: SMSGateway,
        text: String = "Kod & ś {secret} 100%",
        deadlines: SendDeadlines? = nil
    ) async throws -> SendOutcome {
        let message = SMSMessage(to: Redacted("+48600100200"), text: Redacted(text), reference: "m17")
        return try await SMSTransport(over: http).send(
            message,
            through: gateway,
            user: Redacted("me"),
            secret: Redacted("p&w"),
            deadlines: deadlines ?? patient
        )
    }

    @Test func `Kannel's answer is taken and its parameters are encoded`() async throws {
        let peer = try await Peer.http()
        let kannel = SMSGateway.kannel(url: "http://127.0.0.1:\(peer.port)/kannel", sender: "DESK")
        guard case .accepted(nil, let reply) = try await send(kannel) else {
            Issue.record("another outcome")
            return
        }
        #expect(reply.code == 202 && reply.text == "0: Accepted for delivery")
        let request = try await peer.next("request")
        #expect(request.method == "GET")
        #expect(
            request.query == "username=me&password=p%26w&from=DESK&to=%2B48600100200"
                + "&text=Kod%20%26%20%C5%9B%20%7Bsecret%7D%20100%25&charset=UTF-8&coding=2"
        )
        _ = try await send(kannel, text: "Kod 123456 @£€")
        #expect(try await peer.next("request").query?.hasSuffix("&coding=0") == true)
    }

    @Test func `form and JSON carry the same values, the answer's number is kept`() async throws {
        let peer = try await Peer.http()
        guard case .accepted("ABC-77", _) = try await send(gateway(peer, "id", .form)) else {
            Issue.record("another outcome")
            return
        }
        let form = try await peer.next("request")
        #expect(form.method == "POST" && form.type == "application/x-www-form-urlencoded" && form.key == "p&w")
        #expect(form.body == "to=%2B48600100200&text=Kod%20%26%20%C5%9B%20%7Bsecret%7D%20100%25&ref=DESK-m17")
        guard case .accepted("ABC-77", _) = try await send(gateway(peer, "id", .json), text: "a\"b\n") else {
            Issue.record("another outcome")
            return
        }
        let json = try await peer.next("request")
        #expect(json.type == "application/json")
        #expect(json.body == #"{"ref":"DESK-m17","text":"a\"b\n","to":"+48600100200"}"#)
        var wide = gateway(peer, "id", .query)
        wide.charset = .utf16
        _ = try await send(wide, text: "ś1")
        #expect(try await peer.next("request").query?.contains("text=%01%5B%00%31") == true)
    }

    @Test(arguments: [
        ("broken", "uncertain", 500), ("away", "temporary", 503), ("credit", "temporary", 200),
        ("number", "permanent", 200), ("html", "uncertain", 200), ("empty", "uncertain", 200),
        ("denied", "temporary", 403), ("wrong", "permanent", 400), ("big", "uncertain", 200),
        ("redirect", "temporary", 302), ("midway", "uncertain", 200), ("drop", "uncertain", nil),
        ("hang", "uncertain", nil),
    ])
    func `each misbehaviour has its class, and the request went out once`(
        path: String,
        expected: String,
        code: Int?
    ) async throws {
        let peer = try await Peer.http()
        let brief = SendDeadlines(connect: .seconds(3), total: .seconds(3))
        let outcome = try await send(gateway(peer, path), deadlines: path == "hang" ? brief : patient)
        let kind =
            switch outcome {
            case .accepted: "accepted"
            case .temporary: "temporary"
            case .permanent: "permanent"
            case .uncertain: "uncertain"
            }
        #expect(kind == expected, "\(outcome)")
        #expect(outcome.reply.code == code)
        #expect(!outcome.reply.text.contains("600100200"))
        #expect(await peer.rest().count == 1)
    }

    @Test func `a kept connection that dies under a request does not repeat it`() async throws {
        let peer = try await Peer.http()
        _ = try await send(gateway(peer, "id"))
        guard case .uncertain = try await send(gateway(peer, "drop")) else {
            Issue.record("another outcome")
            return
        }
        let requests = await peer.rest()
        #expect(requests.map(\.path) == ["/id", "/drop"])
        #expect(Set(requests.map(\.connection)).count == 1, "the second went over the kept connection")
    }

    @Test func `nobody listening is temporary`() async throws {
        let nobody = SMSGateway.kannel(url: "http://127.0.0.1:1/", sender: "DESK")
        guard case .temporary(let reply) = try await send(nobody) else {
            Issue.record("another outcome")
            return
        }
        #expect(reply.problem == .notConnected && reply.concernsChannel)
    }

    @Test func `an answer is kept to 64 KiB`() async throws {
        let peer = try await Peer.http()
        let call = try HTTPCall(url: Redacted("http://127.0.0.1:\(peer.port)/big"), deadlines: patient)
        guard case .answered(200, let body) = await http.request(call) else {
            Issue.record("another outcome")
            return
        }
        #expect(body.reveal().count == 65_536)
    }

    @Test func `beyond its places a transport says overloaded`() async throws {
        let none = HTTPTransport(connections: 0, waiting: 0)
        let call = try HTTPCall(url: Redacted("http://127.0.0.1:1/"))
        #expect(await none.request(call) == .notSent(.overloaded))
    }

    @Test func `wrong settings are refused by name before anything is sent`() {
        var gateway = SMSGateway.kannel(url: "http://127.0.0.1:1/", sender: "DESK")
        gateway.url = "file:///etc/passwd"
        #expect(throws: SettingsProblem.url) { try gateway.validate() }
        gateway.url = "http://a/\r\nX: y"
        #expect(throws: SettingsProblem.url) { try gateway.validate() }
        gateway.url = "https://a/"
        gateway.successPattern = "("
        #expect(throws: SettingsProblem.pattern("(")) { try gateway.validate() }
        gateway.successPattern = nil
        gateway.parameters = [.init("to", "{too}")]
        #expect(throws: SettingsProblem.placeholder("too")) { try gateway.validate() }
        gateway.parameters = [.init("", "{to}")]
        #expect(throws: SettingsProblem.parameterName) { try gateway.validate() }
        #expect(throws: SettingsProblem.header) {
            try HTTPCall(url: Redacted("http://a/"), headers: [("X-A", Redacted("b\r\nc"))])
        }
    }

    @Test func `the seven-bit alphabet holds € and no ś`() {
        #expect(GSMAlphabet.holds("Żółw".replacingOccurrences(of: "Żółw", with: "Zolw [€] ñ\n")))
        for letter in ["ś", "ł", "ő", "й", "ç", "`", "🚗"] { #expect(!GSMAlphabet.holds(letter)) }
    }
}
