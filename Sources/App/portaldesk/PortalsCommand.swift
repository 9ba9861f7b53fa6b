import ArgumentParser
import DeskApp

struct PortalsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portals",
        abstract: "Adds and lists portals; the console's page does the same for administrators.",
        subcommands: [Add.self, List.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds the portal that a profile file describes, with its letters and schedules."
        )

        @OptionGroup var location: RootOption
        @Argument(help: "A profile as in sql/demo/portals.") var file: String
        @Option(help: "A key in place of the file's.") var key: String?
        @Option(help: "A name in place of the file's.") var name: String?

        func run() async throws {
            try await Refusals.inWords {
                print(
                    try await PortalTasks.add(
                        try DeskConfiguration(root: location.root),
                        file: file,
                        key: key,
                        name: name
                    )
                )
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the portals.")

        @OptionGroup var location: RootOption

        func run() async throws {
            try await Refusals.inWords {
                for line in try await PortalTasks.list(try DeskConfiguration(root: location.root)) { print(line) }
            }
        }
    }
}
