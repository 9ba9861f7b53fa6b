import DeskKit
import Foundation
import TestKit
import Testing

@testable import Transport

@Suite struct SMTPTests {
    let transport = SMTPTransport(connections: 1)
    let patient = SendDeadlines(connect: .seconds(10), total: .seconds(30))
    /// Long enough for a whole hand-over on a busy machine.
    let short = SendDeadlines(connect: .seconds(3), total: .seconds(3))
    let brief = SendDeadlines(connect: .milliseconds(800), total: .milliseconds(800))

    func server(_ peer: Peer, _ deadlines: SendDeadlines? = nil) throws -> SMTPServer {
        try SMTPServer(host: "127.0.0.1", port: peer.port, encryption: .none, deadlines: deadlines ?? patient)
    }

    func kind(_ outcome: SendOutcome) -> String {
        switch outcome {
        case .accepted: "accepted"
        case .temporary: "temporary"
        case .permanent: "permanent"
        case .uncertain: "uncertain"
        }
    }

    @Test func `a message is delivered once, as written, to one recipient`() async throws {
        let peer = try await Peer.smtp()
        let text = "Dzień dobry,\n.\n..kropki\n" + String(repeating: "Łódź ", count: 40)
        let outcome = await transport.send(try message(to: "zofia", text: text, html: "<p>x</p>"), to: try server(peer))
        #expect(kind(outcome) == "accepted", "\(outcome)")
        #expect(outcome.reply.code == 250)
        #expect(outcome.reply.text == "2.0.0 Ok: queued as 4F1A2B")
        let received = try await peer.next("message")
        #expect(received.sender == "desk@example.test")
        #expect(received.recipients == ["zofia@example.test"])
        let expected = String(decoding: try message(to: "zofia", text: text, html: "<p>x</p>").encoded(), as: UTF8.self)
        #expect(received.data == expected)
        #expect(await peer.rest().isEmpty)
    }

    @Test func `two messages share one connection`() async throws {
        let peer = try await Peer.smtp()
        for person in ["a", "b"] {
            let outcome = await transport.send(try message(to: person), to: try server(peer))
            #expect(kind(outcome) == "accepted")
        }
        let events = await peer.rest()
        #expect(events.filter { $0.event == "connection" }.count == 1)
        #expect(events.filter { $0.event == "message" }.count == 2)
    }

    @Test(arguments: [
        ("unknown", "permanent", 550, SendStage.recipient, false), ("greylisted", "temporary", 451, .recipient, false),
        ("busy", "temporary", 421, .recipient, true), ("spam", "permanent", 554, .final, false),
        ("full", "temporary", 452, .final, false),
    ])
    func `a refusal is classed by its code and stage, and the next message flows`(
        person: String,
        expected: String,
        code: Int,
        stage: SendStage,
        channel: Bool
    ) async throws {
        let peer = try await Peer.smtp()
        let outcome = await transport.send(try message(to: person), to: try server(peer))
        #expect(kind(outcome) == expected, "\(outcome)")
        #expect(outcome.reply.code == code)
        #expect(outcome.reply.stage == stage)
        #expect(outcome.reply.concernsChannel == channel)
        #expect(!outcome.reply.text.contains("@") && !outcome.reply.text.contains("600100200"))
        let next = await transport.send(try message(to: "zofia"), to: try server(peer))
        #expect(kind(next) == "accepted", "\(next)")
    }

    @Test func `a refused sender is the channel's fault`() async throws {
        let peer = try await Peer.smtp()
        let outcome = await transport.send(try message(to: "zofia", from: "stranger"), to: try server(peer))
        #expect(kind(outcome) == "temporary")
        #expect(outcome.reply.stage == .sender && outcome.reply.concernsChannel)
    }

    @Test(arguments: ["silent", "hang", "odd"])
    func `no clear answer after the message is uncertain, and it was sent once`(person: String) async throws {
        let peer = try await Peer.smtp()
        let deadlines = person == "hang" ? short : patient
        let outcome = await transport.send(try message(to: person), to: try server(peer, deadlines))
        #expect(kind(outcome) == "uncertain", "\(outcome)")
        #expect(outcome.reply.stage == .final && outcome.reply.problem != nil)
        #expect(await peer.rest().filter { $0.event == "message" }.count == 1)
    }

    @Test func `a server that does not speak is temporary`() async throws {
        let peer = try await Peer.smtp("--mute")
        let outcome = await transport.send(try message(to: "zofia"), to: try server(peer, brief))
        #expect(kind(outcome) == "temporary")
        #expect(outcome.reply.problem == .timedOut && outcome.reply.concernsChannel)
    }

    @Test func `nobody listening and no such host are temporary`() async throws {
        let closed = try SMTPServer(host: "127.0.0.1", port: 1, encryption: .none, deadlines: patient)
        let refused = await transport.send(try message(to: "zofia"), to: closed)
        #expect(kind(refused) == "temporary" && refused.reply.problem == .notConnected, "\(refused)")
        let unknown = try SMTPServer(host: "nobody.invalid", port: 25, encryption: .none, deadlines: patient)
        let lost = await transport.send(try message(to: "zofia"), to: unknown)
        #expect(kind(lost) == "temporary" && lost.reply.problem == .notResolved, "\(lost)")
    }

    @Test func `a cancelled task breaks a handed-over message off as uncertain`() async throws {
        let peer = try await Peer.smtp()
        let server = try server(peer)
        let hanging = try message(to: "hang")
        let transport = transport
        try await withThrowingTaskGroup(of: SendOutcome.self) { group in
            group.addTask { await transport.send(hanging, to: server) }
            _ = try await peer.next("message")
            group.cancelAll()
            let outcome = try #require(try await group.next())
            #expect(kind(outcome) == "uncertain")
            #expect(outcome.reply.problem == .cancelled)
        }
    }

    @Test(arguments: [("starttls", SMTPServer.Encryption.startTLS), ("implicit", .implicitTLS)])
    func `encryption is verified against the given authority and carries the password`(
        mode: String,
        encryption: SMTPServer.Encryption
    ) async throws {
        let folder = NSTemporaryDirectory() + "/smtp-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let peer = try await Peer.smtp("--tls", mode, "--folder", folder, "--auth")
        let server = { (password: String, authorities: String?) throws in
            try SMTPServer(
                host: "localhost",
                port: peer.port,
                encryption: encryption,
                credentials: .init(user: Redacted("desk"), password: Redacted(password)),
                authorities: authorities,
                deadlines: patient
            )
        }
        let stranger = await transport.send(try message(to: "zofia"), to: try server("right", nil))
        #expect(kind(stranger) == "temporary" && stranger.reply.problem == .notTrusted, "\(stranger)")
        let wrong = await transport.send(try message(to: "zofia"), to: try server("wrong", folder + "/cert.pem"))
        #expect(kind(wrong) == "temporary" && wrong.reply.stage == .authentication, "\(wrong)")
        #expect(wrong.reply.concernsChannel && wrong.reply.code == 535)
        let right = await transport.send(try message(to: "zofia"), to: try server("right", folder + "/cert.pem"))
        #expect(kind(right) == "accepted", "\(right)")
        let received = try await peer.next("message")
        #expect(received.tls == true && received.auth == true)
    }

    @Test func `a server without encryption is not spoken to when encryption is asked for`() async throws {
        let peer = try await Peer.smtp()
        let server = try SMTPServer(host: "localhost", port: peer.port, encryption: .startTLS, deadlines: patient)
        let outcome = await transport.send(try message(to: "zofia"), to: server)
        #expect(kind(outcome) == "temporary" && outcome.reply.concernsChannel, "\(outcome)")
        #expect(await peer.rest().filter { $0.event == "message" }.isEmpty)
    }

    @Test func `settings that cannot be right are refused by name`() {
        let credentials = SMTPServer.Credentials(user: Redacted("u"), password: Redacted("p"))
        #expect(throws: SettingsProblem.host) { try SMTPServer(host: "a/b", port: 25, encryption: .none) }
        #expect(throws: SettingsProblem.host) { try SMTPServer(host: "", port: 25, encryption: .none) }
        #expect(throws: SettingsProblem.port) { try SMTPServer(host: "a", port: 0, encryption: .none) }
        #expect(throws: SettingsProblem.helloName) {
            try SMTPServer(host: "a", port: 25, encryption: .none, helloName: "x\r\ny")
        }
        #expect(throws: SettingsProblem.passwordInTheClear) {
            try SMTPServer(host: "mail.example.test", port: 25, encryption: .none, credentials: credentials)
        }
    }
}
