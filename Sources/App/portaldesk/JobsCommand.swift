import ArgumentParser
import DeskApp
import DeskKit
import JobRunner

struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Schedules and their runs.",
        subcommands: [List.self, History.self, Pause.self, Resume.self, Run.self]
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text, json
    }

    /// What every task of it can be told.
    struct Options: ParsableArguments {
        @Option(help: "Where admin-web, sql and jobs lie.")
        var root: String?

        @Option(help: "The key of a portal, or all.")
        var portal = "all"

        @Option(help: "How to print the answer: text or json.")
        var format = Format.text

        var key: String? { portal == "all" ? nil : portal }
    }
}

extension JobsCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All schedules with their next run.")
        @OptionGroup var options: Options

        func run() async throws {
            try await Refusals.inWords {
                let reports = try await JobsAtHand.open(options.root).list(portal: options.key)
                try show(reports, options.format, JobLines.text)
            }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The newest runs.")
        @Argument(help: "A schedule, such as reminders.payments.") var name: String?
        @Option(help: "How many.") var limit = 50
        @OptionGroup var options: Options

        func run() async throws {
            try await Refusals.inWords {
                let hand = try await JobsAtHand.open(options.root)
                let reports = try await hand.history(portal: options.key, name: name, limit: max(1, min(limit, 10_000)))
                try show(reports, options.format, JobLines.text)
            }
        }
    }

    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stops a schedule from firing until it is resumed.")
        @Argument(help: "The schedule.") var name: String
        @Option(help: "Why; everybody reads it.") var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            try await Refusals.inWords {
                try await JobsAtHand.open(options.root).pause(name, portal: options.key, reason: reason)
            }
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets a paused schedule fire again.")
        @Argument(help: "The schedule.") var name: String
        @OptionGroup var options: Options

        func run() async throws {
            try await Refusals.inWords {
                try await JobsAtHand.open(options.root).resume(name, portal: options.key)
            }
        }
    }

    struct Run: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts a run now and waits for its end.",
            discussion: "Exit status: 0 every run finished or waits for a second person, 1 one of them failed."
        )
        @Argument(help: "The schedule.") var name: String
        @Option(help: "The day it is about, 2026-11-21; today by each portal's clock when left out.") var on: String?
        @Flag(help: "Write nothing; print what would be done.") var dryRun = false
        @OptionGroup var options: Options

        func run() async throws {
            try await Refusals.inWords {
                let date = try on.map { text in
                    guard let date = CivilDate(iso: text) else {
                        throw ValidationError("\(text) is no day of the calendar.")
                    }
                    return date
                }
                if dryRun {
                    let reports = try await JobsAtHand.dryRun(name, options.root, portal: options.key, on: date)
                    return try show(reports, options.format, JobLines.text)
                }
                let hand = try await JobsAtHand.open(options.root)
                let reports = try await hand.run(name, portal: options.key, on: date)
                try show(reports, options.format, JobLines.text)
                if reports.contains(where: { ![.finished, .waiting].contains($0.state) }) { throw ExitCode.failure }
            }
        }
    }
}

private func show<Report: Encodable>(
    _ reports: [Report],
    _ format: JobsCommand.Format,
    _ line: (Report) -> String
) throws {
    switch format {
    case .json: print(try JobLines.json(reports))
    case .text: for report in reports { print(line(report)) }
    }
}
