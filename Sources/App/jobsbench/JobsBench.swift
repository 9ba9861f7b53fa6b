import DeskKit
import Foundation
import JobRunner
import Logging
import Postgres
import ServiceLifecycle
import Synchronization

/// What `bin/bench --only jobs` lets run: the runner's own worker and queue, with jobs that do nothing. Prints one line
/// of figures. Takes WORKER_DATABASE_URL, BENCH_ADMIN_URL (a superuser's, past the walls) and PORTALDESK_ROOT.
@main
struct JobsBench {
    let database: Database
    let admin: DirectConnection
    let listenURL: String
    let logger: Logger

    static func main() async throws {
        let words = CommandLine.arguments.dropFirst().map { $0 }
        let environment = ProcessInfo.processInfo.environment
        guard let task = words.first, let url = environment["WORKER_DATABASE_URL"],
            let adminURL = environment["BENCH_ADMIN_URL"]
        else {
            print("jobsbench drain|thirds|memory JOBS BATCH | enqueue JOBS | latency TIMES")
            exit(64)
        }
        let numbers = words.dropFirst().compactMap { Int($0) }
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let bench = JobsBench(
            database: Database(
                configuration: DatabaseConfiguration(url: url, connections: 6),
                catalog: try QueryCatalog(directory: (environment["PORTALDESK_ROOT"] ?? ".") + "/sql/queries"),
                logger: logger
            ),
            admin: try await DirectConnection.open(url: adminURL),
            listenURL: url,
            logger: logger
        )
        switch (task, numbers.count) {
        case ("drain", 2): print(try await bench.drain(numbers[0], batch: numbers[1]).rate)
        case ("thirds", 2):
            let drained = try await bench.drain(numbers[0], batch: numbers[1])
            print(drained.thirds.map { String($0) }.joined(separator: " "))
        case ("memory", 2):
            let drained = try await bench.drain(numbers[0], batch: numbers[1])
            print("\(drained.halfway) \(drained.atEnd)")
        case ("enqueue", 1): print(try await bench.enqueue(numbers[0]))
        case ("latency", 1): print(try await bench.latency(numbers[0]))
        default: exit(64)
        }
        await bench.database.close()
    }

    private func worker(_ handler: any JobHandler, batch: Int, listener: Listener? = nil) throws -> Worker {
        var configuration = WorkerConfiguration(host: "bench", process: ProcessInfo.processInfo.processIdentifier)
        configuration.concurrency = batch
        return Worker(
            database: database,
            registry: try JobRegistry([handler]),
            configuration: configuration,
            listener: listener,
            logger: logger
        )
    }

    struct Drained: Sendable {
        var rate: Double
        var thirds: [Double]
        /// Resident memory in kB.
        var halfway: Int
        var atEnd: Int
    }

    /// Drains what waits in the queue; jobs a second, over all and by thirds.
    func drain(_ jobs: Int, batch: Int) async throws -> Drained {
        let course = Course(jobs: jobs)
        let worker = try worker(Nothing(course: course), batch: batch)
        let admin = admin
        let start = ContinuousClock.now
        try await withThrowingTaskGroup { group in
            group.addTask { try await worker.run() }
            while !course.isOver { try await Task.sleep(for: .milliseconds(5)) }
            let open = "SELECT EXISTS (SELECT FROM job WHERE state IN ('ready', 'leased'))"
            while try await admin.execute(open).first?.first != "f" {
                try await Task.sleep(for: .milliseconds(5))
            }
            group.cancelAll()
        }
        let end = ContinuousClock.now
        return course.drained(from: start, to: end)
    }

    /// Rows a second of bulk enqueueing, 10,000 to a transaction.
    func enqueue(_ jobs: Int) async throws -> Double {
        let queue = JobQueue()
        let start = ContinuousClock.now
        for first in stride(from: 0, to: jobs, by: 10_000) {
            let payloads = (first..<min(jobs, first + 10_000)).map { Payload(n: $0) }
            try await database.transaction(.portal(PortalID(1))) { session in
                try queue.enqueue(Nothing.self, portal: PortalID(1), payloads: payloads, in: session)
            }
        }
        return Double(jobs) / (ContinuousClock.now - start).inSeconds
    }

    /// From commit to the start of the handler, idle: median and 99th percentile in ms, then the median of a bare
    /// notification's way and of a round trip.
    func latency(_ times: Int) async throws -> String {
        let course = Course(jobs: .max)
        let listener = try Listener(
            configuration: DatabaseConfiguration(url: listenURL),
            channels: [WakeUps.channel],
            logger: logger
        )
        let worker = try worker(Nothing(course: course), batch: 8, listener: listener)
        let wakeUps = WakeUps(database: database, logger: logger)
        let queue = JobQueue(wakeUps: wakeUps)
        let bare = try await DirectConnection.open(url: listenURL)
        var (ours, trips): ([Double], [Double]) = ([], [])
        try await withThrowingTaskGroup { group in
            group.addTask { try await listener.run() }
            group.addTask { try await wakeUps.run() }
            group.addTask { try await worker.run() }
            try await Task.sleep(for: .seconds(1))
            for _ in 0..<times {
                let seen = course.count
                try await database.transaction(.portal(PortalID(1))) { session in
                    _ = try queue.enqueue(Nothing.self, portal: PortalID(1), payload: Payload(n: 0), in: session)
                }
                let committed = ContinuousClock.now
                while course.count == seen { try await Task.sleep(for: .microseconds(50)) }
                ours.append((course.last - committed).inSeconds * 1000)
                let before = ContinuousClock.now
                _ = try await bare.execute("SELECT 1")
                trips.append((ContinuousClock.now - before).inSeconds * 1000)
                try await Task.sleep(for: .milliseconds(30))
            }
            group.cancelAll()
        }
        return [ours.percentile(50), ours.percentile(99), trips.percentile(50)].map { String($0) }
            .joined(separator: " ")
    }
}

struct Payload: Codable, Sendable {
    var n: Int
}

/// A job that does nothing but be counted.
struct Nothing: JobHandler {
    static let kind = "bench.nothing"
    static let queue = "bench"
    let course: Course

    func run(_ job: JobContext) async throws -> JobOutcome {
        course.count(one: ContinuousClock.now)
        return .done
    }
}
