package import Foundation

/// A server of Python's on the other end of a real socket, told apart by its script under `TransportTests/peers/`.
package final class Peer {
    /// One thing that happened there.
    package struct Event: Decodable {
        package let event: String
        package var port: Int?
        package var sender: String?
        package var recipients: [String]?
        package var data: String?
        package var tls: Bool?
        package var auth: Bool?
        package var method: String?
        package var path: String?
        package var query: String?
        package var body: String?
        package var connection: Int?
        package var type: String?
        package var key: String?
        package var files: [Enclosure]?
    }

    /// What was attached to a message, its content in base64.
    package struct Enclosure: Decodable, Equatable, Sendable {
        package let name: String?
        package let type: String
        package let content: Data

        package init(name: String?, type: String, content: Data) {
            (self.name, self.type, self.content) = (name, type, content)
        }
    }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    package let port: Int
    private let process: Process
    private let input = Pipe()
    private let events: AsyncStream<String>

    package static func smtp(_ arguments: String...) async throws -> Peer {
        try await Peer("smtp_peer.py", arguments)
    }

    package static func http() async throws -> Peer { try await Peer("http_peer.py", []) }

    private init(_ script: String, _ arguments: [String]) async throws {
        let output = Pipe()
        for end in [input.fileHandleForWriting, output.fileHandleForReading] {
            // Another peer must not inherit these ends, or this one would outlive the tests.
            _ = fcntl(end.fileDescriptor, F_SETFD, FD_CLOEXEC)
        }
        process = Process()
        process.executableURL = URL(fileURLWithPath: try Self.python())
        process.arguments = [Repository.path("Tests/TransportTests/peers/\(script)")] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        events = Self.lines(of: output)
        guard let line = await events.first(where: { _ in true }), let port = Self.decode(line)?.port else {
            throw Problem(description: "\(script) did not become ready")
        }
        self.port = port
    }

    deinit { end() }

    private func end() { try? input.fileHandleForWriting.write(contentsOf: Data("end\n".utf8)) }

    /// The next event of a kind; an issue if the peer ends before.
    package func next(_ kind: String) async throws -> Event {
        for await line in events {
            if let event = Self.decode(line), event.event == kind { return event }
        }
        throw Problem(description: "the peer ended without \(kind)")
    }

    /// Ends the peer and gives what it had still to tell.
    package func rest() async -> [Event] {
        end()
        var rest: [Event] = []
        for await line in events {
            guard let event = Self.decode(line), event.event != "end" else { break }
            rest.append(event)
        }
        return rest
    }

    private static func decode(_ line: String) -> Event? {
        try? JSONDecoder().decode(Event.self, from: Data(line.utf8))
    }

    private static func python() throws -> String {
        if let named = ProcessInfo.processInfo.environment["PORTALDESK_TEST_PYTHON"] { return named }
        let path = Repository.path(".portaldesk/test-venv/bin/python")
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Problem(
                description: "\(path) is missing: run bin/test, or set PORTALDESK_TEST_PYTHON to one with aiosmtpd"
            )
        }
        return path
    }

    private static func lines(of pipe: Pipe) -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        let descriptor = dup(pipe.fileHandleForReading.fileDescriptor)
        let thread = Thread {
            guard let file = fdopen(descriptor, "r") else { return continuation.finish() }
            var buffer: UnsafeMutablePointer<CChar>?
            var capacity = 0
            while getline(&buffer, &capacity, file) > 0 {
                if let buffer { continuation.yield(String(cString: buffer)) }
            }
            free(buffer)
            fclose(file)
            continuation.finish()
        }
        thread.start()
        return stream
    }
}
