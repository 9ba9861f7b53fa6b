import Access
import DeskApp
import DeskKit
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Postgres
import Secrets
import TestKit

@testable import Texts

/// The whole house on a bench's database, asked by people of the street: anonymous, by HTTP, without a socket.
struct Street: Sendable {
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let headers: HTTPFields
        let body: String

        func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(type, from: Data(body.utf8))
        }
    }

    let bench: Bench
    private let installation: Installation
    let rooms: Rooms

    init(_ bench: Bench) async throws {
        self.bench = bench
        let json = try String(contentsOfFile: Repository.path("sql/demo/portals/ebok-millennium.json"), encoding: .utf8)
        try await bench.test.sql("UPDATE portal SET profile = ('\(json.replacing("'", with: "''"))'::jsonb) -> 'rules'")
        let keys = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID().uuidString)").path
        try KeyRing.generate(to: keys)
        let configuration = try DeskConfiguration(
            environment: [
                "DATABASE_URL": bench.test.urls.console, "WORKER_DATABASE_URL": bench.test.urls.worker,
                "PORTALDESK_KEYS": keys,
            ],
            root: Repository.path("")
        )
        installation = try Installation(configuration, as: .console, isStrict: true)
        try FileManager.default.removeItem(atPath: keys)
        rooms = try Rooms(installation)
    }

    func ask(
        _ path: String,
        _ method: HTTPRequest.Method = .get,
        _ headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> Answer {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let sent = fields
        return try await Application(router: try Console(installation, rooms).router()).test(.router) { client in
            try await client.execute(
                uri: path,
                method: method,
                headers: sent,
                body: body.map { ByteBuffer(string: $0) }
            ) { response in
                Answer(status: response.status, headers: response.headers, body: String(buffer: response.body))
            }
        }
    }

    func decide(
        _ decisions: String,
        once: String = UUID().uuidString,
        _ headers: [String: String] = [:]
    ) async throws -> Answer {
        let all = ["Content-Type": "application/json", "Idempotency-Key": once].merging(headers) { $1 }
        return try await ask(
            "/api/public/one/v1/consents",
            .post,
            all,
            body: "{\"method\": \"save\", \"decisions\": [\(decisions)]}"
        )
    }

    func decision(_ purpose: String, _ action: String, _ hash: String) -> String {
        "{\"purpose\": \"\(purpose)\", \"action\": \"\(action)\", \"text\": \"\(hash)\"}"
    }
}

struct Problem: Decodable {
    struct Inner: Decodable {
        let code: String
        let message: String
    }
    let error: Inner
}

struct ReceiptAnswer: Decodable, Equatable {
    struct Header: Decodable, Equatable { let receipt: String }
    struct Parties: Decodable, Equatable { let visitor: String? }
    struct Event: Decodable, Equatable {
        let purpose: String
        let action: String
        let hash: String
        let previous: String?
    }
    let header: Header
    let parties: Parties
    let events: [Event]
}
