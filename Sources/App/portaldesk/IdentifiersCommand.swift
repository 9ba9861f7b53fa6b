import ArgumentParser
import DeskKit
import FoundationEssentials
import Identifiers

struct IdentifiersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identifiers",
        abstract: "Numbers, addresses, plates and documents: are they well formed?",
        subcommands: [Check.self]
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case text
        case json
    }
}

extension IdentifiersCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check one value, or with --stdin one JSON object per line.",
            discussion: """
                Exit status: 0 the value is valid, 1 it is not, 64 there is no such kind or country.
                A value may begin with a dash; if it is also an option of this command, put -- before it.

                With --stdin each line {"kind": …, "country": …, "value": …} is answered by one line
                {"valid": …, "normalized": …, "reason": …}; a line that cannot be read is answered with an "error" and
                makes the exit status 65. Only there can a value hold NUL.

                Kinds: \(IdentifierKind.allCases.map(\.rawValue).joined(separator: ", ")).
                """
        )

        @Argument(help: "What the value is, such as pl_nip.")
        var kind: String?

        @Argument(help: "The value, as one argument.")
        var value: String?

        @Option(help: "HU, INT, PL, RU or US; needed where the kind has rules in several countries.")
        var country: String?

        @Option(help: "How to print the answer: text or json.")
        var format = Format.text

        @Flag(help: "Read JSON lines from standard input.")
        var stdin = false

        func validate() throws {
            if stdin {
                guard kind == nil, value == nil, country == nil else {
                    throw ValidationError("With --stdin kind, country and value stand in the lines.")
                }
            } else {
                guard kind != nil, value != nil else { throw ValidationError("Give one KIND and one VALUE.") }
            }
        }

        func run() async throws {
            let today = try latestDayOnEarth()
            if stdin {
                var answers = IdentifierLines(today: today)
                try JSONLines.answerStandardInput { answers.answer($0) }
                guard answers.unreadable == 0 else { throw ExitCode(65) }
            } else {
                try checkOne(kind ?? "", value ?? "", today)
            }
        }

        private func checkOne(_ kind: String, _ value: String, _ today: CivilDate) throws {
            let verdict: Verdict
            do {
                verdict = try Identifiers.check(kind: kind, value: value, country: country, today: today)
            } catch {
                throw ValidationError("\(error)")
            }
            switch format {
            case .json: print(IdentifierLines.json(verdict))
            case .text: print(verdict.normalized ?? "not valid: \(verdict.reason?.rawValue ?? "")")
            }
            guard verdict.valid else { throw ExitCode(1) }
        }
    }
}

extension IdentifiersCommand.Check {
    /// The parser takes each argument with a dash in front for an option. Of the arguments of this command only its own
    /// options are; the others move behind a `--`.
    static func separatingValues(_ arguments: [String]) -> [String] {
        guard arguments.starts(with: ["identifiers", "check"]) else { return arguments }
        var options: [String] = []
        var values: [String] = []
        var rest = arguments.dropFirst(2)
        while let argument = rest.popFirst() {
            switch argument {
            case "--":
                values += rest
                rest = []
            case "--country", "--format":
                options.append(argument)
                if let setting = rest.popFirst() { options.append(setting) }
            case "--stdin", "-h", "--help": options.append(argument)
            case _ where argument.hasPrefix("--country=") || argument.hasPrefix("--format="): options.append(argument)
            default: values.append(argument)
            }
        }
        return ["identifiers", "check"] + options + ["--"] + values
    }
}

/// No database is asked here, so the day of the zone furthest ahead (UTC+14) bounds dates of birth: nobody's today
/// counts as the future.
private func latestDayOnEarth() throws -> CivilDate {
    let seconds = WallClock.system.now().timeIntervalSince1970 + 14 * 3600
    guard let day = CivilDate(dayNumber: Int((seconds / 86_400).rounded(.down))) else {
        throw ValidationError("The clock of this machine is not within the years 1 to 9999.")
    }
    return day
}
