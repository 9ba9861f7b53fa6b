import ArgumentParser
import DeskApp

struct ErasuresCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erasures",
        abstract: "The ledger of erasures.",
        subcommands: [Replay.self]
    )

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "After a restore: repeats every erasure of the ledger that the database does not know."
        )

        @OptionGroup var location: RootOption
        @Argument(help: "The ledger, as PORTALDESK_LEDGER named it.") var ledger: String

        func run() async throws {
            try await Refusals.inWords {
                let done = try await Upkeep.replayErasures(ledger, try DeskConfiguration(root: location.root))
                for line in done.lines { print(line) }
                guard !done.open.isEmpty else { return }
                print("begun and not known to be done: \(done.open.map(String.init).joined(separator: ", "))")
                throw ExitCode.failure
            }
        }
    }
}
