import ArgumentParser
import Glibc

/// Standard input line by line, standard output in blocks. Answers are written before each wait for input, so that a
/// person or a pipe that asks one question gets its answer at once, and a file is still read and written in blocks.
enum JSONLines {
    /// A longer line is skipped and answered with an error; memory stays bounded.
    static let longestLine = 64 * 1_048_576

    static func answerStandardInput(with answer: (_ line: [UInt8]?) -> String) throws {
        var splitter = LineSplitter(longestLine: longestLine)
        var output: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ValidationError("Standard input cannot be read.") }
            let emit: ([UInt8]?) throws -> Void = { line in
                output += answer(line).utf8
                output.append(UInt8(ascii: "\n"))
                if output.count >= 65_536 { try write(&output) }
            }
            if count == 0 {
                try splitter.finish(emit)
                return try write(&output)
            }
            try splitter.feed(block[..<count], emit)
            try write(&output)
        }
    }

    private static func write(_ output: inout [UInt8]) throws {
        var rest = output[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw ExitCode(74) }
            rest = rest.dropFirst(count)
        }
        output.removeAll(keepingCapacity: true)
    }
}

/// Cuts blocks of bytes into lines. Each byte is looked at once, however long the line.
struct LineSplitter {
    private let longestLine: Int
    private var pending: [UInt8] = []
    private var overlong = false

    init(longestLine: Int) {
        self.longestLine = longestLine
    }

    /// Hands over each line that ends within the block, nil in place of one that is too long.
    mutating func feed(_ block: ArraySlice<UInt8>, _ emit: ([UInt8]?) throws -> Void) rethrows {
        var rest = block
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            append(rest[..<end])
            try hand(to: emit)
            rest = rest[(end + 1)...]
        }
        append(rest)
    }

    /// Hands over what stands after the last line feed, if anything.
    mutating func finish(_ emit: ([UInt8]?) throws -> Void) rethrows {
        if overlong || !pending.isEmpty { try hand(to: emit) }
    }

    private mutating func append(_ part: ArraySlice<UInt8>) {
        if overlong || pending.count + part.count > longestLine {
            overlong = true
            pending = []
        } else {
            pending += part
        }
    }

    private mutating func hand(to emit: ([UInt8]?) throws -> Void) rethrows {
        defer {
            pending.removeAll(keepingCapacity: pending.capacity <= 65_536)
            overlong = false
        }
        try emit(overlong ? nil : pending)
    }
}
