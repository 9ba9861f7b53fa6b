import ArgumentParser

/// The program: each task of it is a subcommand in a file of its own.
@main
struct PortalDeskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "portaldesk",
        abstract: "The staff side of client portals.",
        subcommands: [
            ServeCommand.self, WorkCommand.self, MigrateCommand.self, CheckCommand.self, KeysCommand.self,
            PortalsCommand.self, StaffCommand.self, ImportCommand.self, JobsCommand.self, IdentifiersCommand.self,
            ErasuresCommand.self, MessagesCommand.self, BackupCommand.self, RestoreCommand.self, DemoCommand.self,
        ]
    )

    static func main() async {
        await main(IdentifiersCommand.Check.separatingValues(Array(CommandLine.arguments.dropFirst())))
    }
}
