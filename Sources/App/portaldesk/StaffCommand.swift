import ArgumentParser
import DeskApp

struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff",
        abstract: "Adds, lists, disables and resets members of staff.",
        subcommands: [Add.self, List.self, Disable.self, Reset.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds somebody and prints a set-up link that works once and for 24 hours."
        )

        @OptionGroup var location: RootOption
        @Argument(help: "Small letters, digits, dot, hyphen, underscore and at-sign.") var login: String
        @Option(help: "The name that colleagues see.") var name: String
        @Option(help: "A portal's key, or all; may be repeated.") var portal: [String]
        @Option(help: "A role, such as helpdesk; may be repeated.") var role: [String]
        @Option(help: "The address of the console.") var url = "http://127.0.0.1:8080"

        func run() async throws {
            try await Refusals.inWords {
                let path = try await StaffTasks.add(
                    try DeskConfiguration(root: location.root),
                    login: login,
                    name: name,
                    portals: portal,
                    roles: role
                )
                print(url + path)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists everybody with state and roles.")

        @OptionGroup var location: RootOption

        func run() async throws {
            try await Refusals.inWords {
                let lines = try await StaffTasks.list(try DeskConfiguration(root: location.root))
                for line in lines { print(line) }
            }
        }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ends somebody's sessions and keeps them out.")

        @OptionGroup var location: RootOption
        @Argument var login: String

        func run() async throws {
            try await Refusals.inWords {
                try await StaffTasks.disable(try DeskConfiguration(root: location.root), login: login)
                print("\(login) is disabled.")
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Voids password, authenticator and sessions, and prints a new set-up link."
        )

        @OptionGroup var location: RootOption
        @Argument var login: String
        @Option(help: "The address of the console.") var url = "http://127.0.0.1:8080"

        func run() async throws {
            try await Refusals.inWords {
                print(url + (try await StaffTasks.reset(try DeskConfiguration(root: location.root), login: login)))
            }
        }
    }
}
