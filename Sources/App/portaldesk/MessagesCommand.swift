import ArgumentParser
import DeskApp
import Foundation

struct MessagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "What comes back of messages that were sent.",
        subcommands: [Bounces.self]
    )

    struct Bounces: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes in the reports of mail servers on e-mails that could not be delivered.",
            discussion: """
                A mailbox file, or one mail as a mail server pipes it in (an alias like
                bounces: "|portaldesk messages bounces -"). Addresses that do not exist are not written to any more.
                What was taken in before changes nothing. Exit status: 0 done, 74 the file cannot be read, 75 try again
                later.
                """
        )

        @Argument(help: "The mailbox file, or - for standard input.") var file: String
        @OptionGroup var location: RootOption

        func run() async throws {
            let mailbox: Data
            do {
                mailbox =
                    file == "-"
                    ? try FileHandle.standardInput.readToEnd() ?? Data()
                    : try Data(contentsOf: URL(filePath: file), options: .alwaysMapped)
            } catch {
                FileHandle.standardError.write(Data("portaldesk: \(file) cannot be read\n".utf8))
                throw ExitCode(74)
            }
            do {
                let lines = try await MessageTasks.takeBounces(mailbox, try DeskConfiguration(root: location.root))
                for line in lines { print(line) }
            } catch {
                // A mail server keeps the mail and comes back with it.
                FileHandle.standardError.write(Data("portaldesk: \(error)\n".utf8))
                throw ExitCode(75)
            }
        }
    }
}
