import Glibc

/// Reads a child's two streams side by side until both end, the time is over, or it writes more than it may.
struct OutputCollector {
    private(set) var output: [UInt8] = []
    private(set) var complaint: [UInt8] = []
    private let outputLimit: Int
    private let deadline: Int

    init(outputLimit: Int, seconds: Int) {
        self.outputLimit = outputLimit
        deadline = Self.milliseconds() + seconds * 1000
    }

    /// Answers how it ended early, or nil when both streams came to their end.
    mutating func collect(output: Int32, complaint: Int32) -> ChildProcess.Ending? {
        var streams = [pollfd(fd: output, events: Int16(POLLIN), revents: 0)]
        streams.append(pollfd(fd: complaint, events: Int16(POLLIN), revents: 0))
        while streams.contains(where: { $0.fd >= 0 }) {
            let left = deadline - Self.milliseconds()
            guard left > 0 else { return .outOfTime }
            let ready = poll(&streams, 2, Int32(left))
            if ready < 0 && errno != EINTR { return .outOfTime }
            guard ready > 0 else { continue }
            for index in streams.indices where streams[index].fd >= 0 && streams[index].revents != 0 {
                let part = Self.part(of: streams[index].fd)
                if part.isEmpty { streams[index].fd = -1 }
                if index == 0 {
                    self.output += part
                    if self.output.count > outputLimit { return .outputTooLarge }
                } else if self.complaint.count < 4096 {
                    self.complaint += part
                }
            }
        }
        return nil
    }

    private static func part(of descriptor: Int32) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
    }

    private static func milliseconds() -> Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}
