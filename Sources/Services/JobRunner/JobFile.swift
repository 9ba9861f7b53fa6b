import DeskKit
import FoundationEssentials
import Yams

/// When jobs of a kind arise: one file `jobs/<module>.<job>.yml`. A schedule is made of it for each of its portals.
package struct JobFile: Sendable, Hashable {
    /// The file's name without `.yml`.
    package let name: String
    package let handler: String
    package let queue: String
    package let cron: CronExpression
    /// An IANA name, nil for each portal's own zone.
    package let zone: String?
    package let missed: MissedRuns
    /// A missed occurrence that is later than this does not run any more.
    package let latestMinutes: Int
    package let attempts: Int
    package let backoff: Backoff
    package let timeout: Duration
    package let owner: String
    package let runbook: String
    /// Keys of portals, nil for all.
    package let portals: [String]?
    package let missingHour: MissingHour
    package let repeatedHour: RepeatedHour
    /// Counts up with each change that workers holding an older file must not undo.
    package let version: Int
    /// Changes whenever the file does.
    package let digest: String
    /// How new the program is that brings the file; a worker of an older one must not undo what this one brought.
    var release = 0

    static let keys: Set<String> = [
        "handler", "queue", "cron", "every", "zone", "missed", "latest", "missing_hour", "repeated_hour", "attempts",
        "backoff", "timeout", "owner", "runbook", "portals", "version",
    ]

    /// Reads one file. Throws `JobFileFaults` with everything that is wrong in it.
    init(name: String, text: String, registry: JobRegistry) throws(JobFileFaults) {
        var reader = try JobFileReader(file: name + ".yml", text: text)
        let handler = reader.text("handler") { registry.policy($0) == nil ? "no handler has this name" : nil } ?? ""
        let policy = registry.policy(handler) ?? JobPolicy()
        self.name = name
        self.handler = handler
        queue = reader.text("queue", default: policy.queue) ?? ""
        let cron = reader.timetable()
        // An interval counts in a zone whose clocks are never changed, unless the file wants otherwise.
        zone = reader.text("zone", default: cron?.every == nil ? nil : "UTC").flatMap { $0 == "portal" ? nil : $0 }
        missed = reader.choice("missed", MissedRuns.self) ?? .skip
        latestMinutes = reader.number("latest", 1...100_000) ?? 1
        attempts = reader.number("attempts", 1...100, default: policy.maxAttempts) ?? 1
        missingHour = reader.choice("missing_hour", MissingHour.self, default: .shift) ?? .shift
        repeatedHour = reader.choice("repeated_hour", RepeatedHour.self, default: .first) ?? .first
        version = reader.number("version", 1...1_000_000, default: 1) ?? 1
        let first = reader.number("backoff", 1...86_400, default: Int(policy.backoff.first.seconds)) ?? 1
        backoff = Backoff(first: .seconds(first), longest: max(policy.backoff.longest, .seconds(first)))
        timeout = .seconds(reader.number("timeout", 1...86_400, default: Int(policy.timeout.seconds)) ?? 1)
        owner = reader.text("owner") ?? ""
        runbook = reader.text("runbook") ?? ""
        portals = reader.portals("portals")
        digest = JobFileReader.digest(text)
        reader.refuseUnknown(Self.keys)
        guard let cron, reader.faults.isEmpty else { throw JobFileFaults(reader.faults) }
        self.cron = cron
    }

    /// Reads every `*.yml` of the folder, as a program of this release. Throws `JobFileFaults` with everything that is
    /// wrong in any of them.
    package static func load(
        directory: String,
        registry: JobRegistry,
        release: Int = 0
    ) throws(JobFileFaults) -> [JobFile] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw JobFileFaults([JobFileFault(file: directory, key: nil, reason: "the folder cannot be read")])
        }
        var files: [JobFile] = []
        var faults: [JobFileFault] = []
        for name in names.filter({ $0.hasSuffix(".yml") }).sorted() {
            guard let data = FileManager.default.contents(atPath: directory + "/" + name),
                let text = String(validating: data, as: UTF8.self)
            else {
                faults.append(JobFileFault(file: name, key: nil, reason: "cannot be read as UTF-8"))
                continue
            }
            do throws(JobFileFaults) {
                var file = try JobFile(name: String(name.dropLast(4)), text: text, registry: registry)
                file.release = release
                files.append(file)
            } catch {
                faults += error.faults
            }
        }
        guard faults.isEmpty else { throw JobFileFaults(faults) }
        return files
    }
}

/// One thing wrong with a job file.
package struct JobFileFault: Sendable, Hashable, CustomStringConvertible {
    package let file: String
    package let key: String?
    package let reason: String

    package var description: String { "jobs/\(file): " + (key.map { "\($0): " } ?? "") + reason }
}

/// Everything wrong with the job files; a worker that meets it does not start.
package struct JobFileFaults: Error, Sendable, Hashable, CustomStringConvertible {
    package let faults: [JobFileFault]

    init(_ faults: [JobFileFault]) {
        self.faults = faults
    }

    package var description: String { faults.map(\.description).joined(separator: "\n") }
}
