import DeskKit
import Foundation
import TestKit
import Testing

@testable import JobRunner

@Suite struct JobFileTests {
    static let good = """
        handler: tests.probe
        cron: "0 9 * * *"
        zone: portal
        missed: one
        latest: 480
        owner: scheduler
        runbook: "Look at it."
        """

    private func read(_ text: String, name: String = "tests.probe") throws -> JobFile {
        try JobFile(name: name, text: text, registry: try JobRegistry([Probe()]))
    }

    private func faults(_ text: String, name: String = "tests.probe") -> [String] {
        do {
            _ = try read(text, name: name)
            return []
        } catch {
            return (error as? JobFileFaults)?.faults.map(\.description) ?? ["\(error)"]
        }
    }

    @Test func `what a file leaves out is the handler's`() throws {
        let file = try read(Self.good)
        #expect(file.queue == "tests" && file.attempts == 3 && file.timeout == .seconds(60))
        #expect(file.backoff == Probe.backoff && file.zone == nil && file.portals == nil)
    }

    @Test func `what a file says wins`() throws {
        let file = try read(Self.good + "\nqueue: slow\nattempts: 7\nbackoff: 5\ntimeout: 9\nportals: [warsaw]")
        #expect(file.queue == "slow" && file.attempts == 7 && file.timeout == .seconds(9))
        #expect(file.backoff.first == .seconds(5) && file.portals == ["warsaw"])
    }

    @Test(arguments: [
        ("cron: \"0 9 * * *\"", "cron: \"0 9 30 2 *\"", "jobs/tests.probe.yml: cron: 0 9 30 2 *: names a day"),
        ("handler: tests.probe", "handler: tests.nobody", "jobs/tests.probe.yml: handler: tests.nobody: no handler"),
        ("missed: one", "missed: twice", "jobs/tests.probe.yml: missed: must be one of skip, one, all"),
        ("latest: 480", "latest: soon", "jobs/tests.probe.yml: latest: must be a whole number"),
        ("latest: 480", "latest: 0", "jobs/tests.probe.yml: latest: must be a whole number"),
        ("owner: scheduler\n", "", "jobs/tests.probe.yml: owner: is missing"),
        ("owner: scheduler", "owner: [a, b]", "jobs/tests.probe.yml: owner: must be text"),
        ("owner: scheduler", "owner: scheduler\nretries: 3", "jobs/tests.probe.yml: retries: is no key"),
        ("owner: scheduler", "owner: scheduler\nportals: []", "jobs/tests.probe.yml: portals: must be all or a list"),
        ("zone: portal", "zone: portal\nzone: UTC", "jobs/tests.probe.yml: "),
        ("zone: portal", "zone: \"portal", "jobs/tests.probe.yml: line "),
    ])
    func `a wrong one says file, key and reason`(part: String, wrong: String, words: String) {
        let found = faults(Self.good.replacingOccurrences(of: part, with: wrong))
        #expect(found.count == 1 && found[0].hasPrefix(words), "\(found)")
    }

    @Test func `everything that is wrong is said at once`() {
        let found = faults("handler: tests.nobody\ncron: never\ncolour: red\n")
        let keys = ["handler", "cron", "zone", "missed", "latest", "owner", "runbook", "colour"]
        #expect(found.count == keys.count)
        for key in keys { #expect(found.contains { $0.hasPrefix("jobs/tests.probe.yml: \(key): ") }) }
    }

    @Test(arguments: ["", "just words", "- a\n- b"])
    func `a file that is no mapping is refused`(text: String) {
        #expect(!faults(text).isEmpty)
    }

    @Test func `a name that is not module and job is refused`() {
        #expect(faults(Self.good, name: "probe").count == 1)
        #expect(faults(Self.good, name: "../probe.x").count == 1)
    }

    @Test func `a folder with one wrong file loads none`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "jobs-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.good.utf8).write(to: folder.appending(path: "tests.probe.yml"))
        try Data([0xff, 0xfe]).write(to: folder.appending(path: "tests.other.yml"))
        let registry = try JobRegistry([Probe()])
        let fault = JobFileFault(file: "tests.other.yml", key: nil, reason: "cannot be read as UTF-8")
        #expect(throws: JobFileFaults([fault])) { try JobFile.load(directory: folder.path, registry: registry) }
        try FileManager.default.removeItem(at: folder.appending(path: "tests.other.yml"))
        #expect(try JobFile.load(directory: folder.path, registry: registry).map(\.name) == ["tests.probe"])
    }

    @Test func `two handlers of one kind are refused`() {
        #expect(throws: JobFileFaults.self) { try JobRegistry([Probe(), Probe()]) }
    }

    @Test func `a zone that no clock has and a portal that is none stop the start`() async throws {
        let bench = try await Bench.make()
        let text = Self.good.replacingOccurrences(of: "zone: portal", with: "zone: Europe/Warszawa")
        let file = try read(text + "\nportals: [paris]")
        let sync = ScheduleSync(queue: bench.queue)
        let faults = JobFileFaults([
            JobFileFault(file: "tests.probe.yml", key: "zone", reason: "Europe/Warszawa is no time zone"),
            JobFileFault(file: "tests.probe.yml", key: "portals", reason: "paris is no portal"),
        ])
        await #expect(throws: faults) { try await sync.sync([file], database: bench.database.workerDatabase) }
        #expect(try await bench.database.value("SELECT count(*) FROM schedule") == "0")
    }
}
