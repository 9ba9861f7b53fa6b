import Foundation
import Synchronization

/// How a drain goes: how many jobs ran, when each third was reached, how much memory was held.
final class Course: Sendable {
    private struct State {
        var count = 0
        var last = ContinuousClock.now
        var marks: [ContinuousClock.Instant] = []
        var halfway = 0
    }

    private let jobs: Int
    private let state = Mutex(State())

    init(jobs: Int) {
        self.jobs = jobs
    }

    var count: Int { state.withLock { $0.count } }
    var last: ContinuousClock.Instant { state.withLock { $0.last } }
    var isOver: Bool { count >= jobs }

    func count(one now: ContinuousClock.Instant) {
        state.withLock { state in
            state.count += 1
            state.last = now
            if state.count == jobs / 3 || state.count == jobs / 3 * 2 { state.marks.append(now) }
            if state.count == jobs / 2 { state.halfway = residentMemory() }
        }
    }

    func drained(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) -> JobsBench.Drained {
        let (marks, halfway) = state.withLock { ($0.marks, $0.halfway) }
        let points = [start] + marks + [end]
        let third = Double(jobs) / 3
        return JobsBench.Drained(
            rate: Double(jobs) / (end - start).inSeconds,
            thirds: zip(points, points.dropFirst()).map { third / ($1 - $0).inSeconds },
            halfway: halfway,
            atEnd: residentMemory()
        )
    }
}

/// In kB, as /proc tells it; 0 where it does not.
func residentMemory() -> Int {
    let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension [Double] {
    /// The value below which so many percent lie.
    func percentile(_ percent: Int) -> Double {
        let sorted = sorted()
        return sorted.isEmpty ? 0 : sorted[Swift.min(sorted.count - 1, sorted.count * percent / 100)]
    }
}
