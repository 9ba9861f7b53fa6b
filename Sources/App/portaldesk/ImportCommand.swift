import ArgumentParser
import DeskApp
import Foundation

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes files of the main system's book of business into a portal.",
        discussion: """
            The files are named clients.csv, contacts.csv, contracts.csv, invoices.csv, instalments.csv, payments.csv
            and policies.csv; the README lists their headers. One call is one transaction: a wrong row anywhere, and
            nothing changes. Exit status: 0 done, 1 wrong rows, 64 the call makes no sense, 74 a file cannot be read.
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    @Argument(help: "The files, in any order.") var files: [String]
    @Option(help: "The key of the portal.") var portal: String
    @Flag(help: "Says what would be new, changed, same and wrong, and changes nothing.") var dryRun = false
    @Option(help: "How to print the answer: text or json.") var format = Format.text
    @OptionGroup var location: RootOption

    func run() async throws {
        try await Refusals.inWords {
            let line = ProgressLine()
            let answer: ImportTask.Answer
            do {
                answer = try await ImportTask.run(
                    try DeskConfiguration(root: location.root),
                    files: files,
                    portal: portal,
                    dryRun: dryRun,
                    progress: line.show
                )
            } catch ImportTask.Failure.usage(let words) {
                throw ValidationError(words)
            } catch ImportTask.Failure.cannotRead(let words) {
                FileHandle.standardError.write(Data("portaldesk: \(words)\n".utf8))
                throw ExitCode(74)
            }
            line.clear()
            switch format {
            case .json: print(try answer.json())
            case .text: for line in answer.lines { print(line) }
            }
            if answer.isRefused { throw ExitCode(1) }
        }
    }
}

/// Says on a terminal how far the reading is; elsewhere nothing.
private struct ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    func show(_ file: String, _ rows: Int) {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(file): \(rows)".utf8))
    }

    func clear() {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
