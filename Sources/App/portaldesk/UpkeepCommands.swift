import ArgumentParser
import DeskApp
import Foundation

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Brings the database to the newest version."
    )

    @OptionGroup var location: RootOption

    func run() async throws {
        try await Refusals.inWords {
            let applied = try await Upkeep.migrate(try DeskConfiguration(root: location.root))
            print(applied.isEmpty ? "The database is up to date." : applied.joined(separator: "\n"))
        }
    }
}

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks through the installation and says what is wrong with it."
    )

    @OptionGroup var location: RootOption
    @Option(help: "The address that serve will listen on.") var host = "127.0.0.1"
    @Option(help: "The certificate chain, as PEM.") var tlsCert: String?
    @Option(help: "The certificate's key, as PEM.") var tlsKey: String?

    func run() async throws {
        try await Refusals.inWords {
            let configuration = try DeskConfiguration(
                root: location.root,
                host: host,
                tlsCertificate: tlsCert,
                tlsKey: tlsKey
            )
            let findings = await Upkeep.check(configuration)
            for finding in findings {
                print("\(finding.subject): \(finding.isWarning ? "warning, " : "")\(finding.problem ?? "ok")")
            }
            if findings.contains(where: { $0.problem != nil && !$0.isWarning }) { throw ExitCode.failure }
        }
    }
}

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The key file.",
        subcommands: [Generate.self]
    )

    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes a new key file that only its owner can read; an existing file is never touched."
        )

        @Argument(help: "The file to write.") var file: String

        func run() async throws {
            try await Refusals.inWords { try Upkeep.generateKeys(file) }
        }
    }
}

/// Turns what a command throws into a line for a person and the exit code of a failure.
enum Refusals {
    static func inWords(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let exit as ExitCode {
            throw exit
        } catch let error as ValidationError {
            throw error
        } catch {
            FileHandle.standardError.write(Data("portaldesk: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
