import ArgumentParser
import DeskApp

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Writes a copy of the whole database into a new folder, while it is in use.",
        discussion: """
            By pg_dump, with the login that BACKUP_DATABASE_URL names (role portaldesk_backup). The keys, the ledger of
            erasures and the send journal are not in it; keep a copy of the keys somewhere else.
            """
    )

    @Argument(help: "The folder to make.") var folder: String
    @OptionGroup var location: RootOption

    func run() async throws {
        try await Refusals.inWords {
            for line in try await Backups.make(folder, try DeskConfiguration(root: location.root)) { print(line) }
        }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Fills an empty database from a backup, as its owner.",
        discussion: """
            By pg_restore, in one transaction. What was sent after the backup is known from the send journal: workers
            that start on this database send nothing until somebody has seen the list and marked it.
            """
    )

    @Argument(help: "The folder that `backup` made.") var folder: String
    @OptionGroup var location: RootOption

    func run() async throws {
        try await Refusals.inWords {
            for line in try await Backups.restore(folder, try DeskConfiguration(root: location.root)) { print(line) }
        }
    }
}
