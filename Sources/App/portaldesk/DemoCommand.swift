import ArgumentParser
import DeskApp
import Foundation

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Four synthetic portals to try everything on.",
        subcommands: [Load.self, SignIns.self]
    )

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Loads portals, clients, applications and staff; what is there already stays."
        )

        @OptionGroup var location: RootOption
        @Option(help: "The address that serve listens on: the demo goes with loopback alone.") var host = "127.0.0.1"

        func run() async throws {
            try await Refusals.inWords {
                let loader = try DemoLoader(try DeskConfiguration(root: location.root, host: host)) {
                    FileHandle.standardOutput.write(Data("\($0)\n".utf8))
                }
                try await loader.load()
                await loader.close()
            }
        }
    }

    struct SignIns: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sign-ins",
            abstract: "How the demo's staff sign in, with the second step's code of this half minute."
        )

        enum Format: String, ExpressibleByArgument { case text, json }

        @OptionGroup var location: RootOption
        @Option(help: "text or json.") var format = Format.text

        func run() async throws {
            try await Refusals.inWords {
                let list = try DemoStaffList.load(root: try DeskConfiguration(root: location.root).root)
                print(format == .json ? try json(list) : try table(list))
            }
        }

        private func json(_ list: DemoStaffList) throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(list.signIns), as: UTF8.self)
        }

        private func table(_ list: DemoStaffList) throws -> String {
            let now = Int64(Date().timeIntervalSince1970)
            let code = try list.code(at: now)
            var lines = [Self.row("role", "login", "password", "code")]
            lines += list.signIns.map { Self.row($0.role, $0.login, $0.password, code) }
            lines.append(
                "The code changes in \(30 - now % 30) seconds and works once; `demo sign-ins` prints the next."
            )
            lines.append("For an authenticator app, the secret of them all: \(list.totp)")
            return lines.joined(separator: "\n")
        }

        private static func row(_ fields: String...) -> String {
            let widths = [18, 12, 24, 6]
            return zip(fields, widths).map { field, width in
                field + String(repeating: " ", count: max(0, width - field.count))
            }.joined()
        }
    }
}
