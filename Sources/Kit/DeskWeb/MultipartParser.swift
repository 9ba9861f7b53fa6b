import DeskKit

/// Cuts `multipart/form-data` (RFC 7578) as its bytes come in. Give it chunks, take parts' headers and content; it
/// never holds more than one chunk, one boundary and one part's headers.
struct MultipartParser {
    enum Event: Sendable {
        case part(name: String, fileName: String?)
        case content([UInt8])
        case end
    }

    enum Failure: Error { case malformed }

    private enum State { case preamble, headers, content, done }

    private let delimiter: [UInt8]
    private var buffer: [UInt8]
    private var state = State.preamble
    private static let maximumHeaders = 8 * 1024

    init(boundary: String) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may stand at the very beginning, without a line end before it.
        buffer = [13, 10]
    }

    var isDone: Bool { state == .done }

    /// The boundary of a content type; nil when it is not multipart/form-data or has none.
    static func boundary(of type: String) -> String? {
        let parts = type.split(separator: ";").map(\.trimmingBlanks)
        guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
        let value = parts.dropFirst().first { $0.lowercased().hasPrefix("boundary=") }?.dropFirst(9)
        let boundary = value.map { $0.filter { $0 != "\"" } } ?? ""
        return (1...70).contains(boundary.utf8.count) ? boundary : nil
    }

    mutating func feed(_ bytes: some Collection<UInt8>) throws(Failure) -> [Event] {
        buffer += bytes
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    private mutating func step(_ events: inout [Event]) throws(Failure) -> Bool {
        switch state {
        case .done:
            buffer.removeAll()
            return false
        case .headers:
            guard let end = find([13, 10, 13, 10]) else {
                guard buffer.count <= Self.maximumHeaders else { throw .malformed }
                return false
            }
            events.append(try Self.part(Array(buffer[..<end])))
            buffer.removeFirst(end + 4)
            state = .content
            return true
        case .preamble, .content:
            return try delimited(&events)
        }
    }

    private mutating func delimited(_ events: inout [Event]) throws(Failure) -> Bool {
        guard let found = find(delimiter) else {
            let safe = buffer.count - delimiter.count
            if safe > 0 {
                if state == .content { events.append(.content(Array(buffer[..<safe]))) }
                buffer.removeFirst(safe)
            }
            return false
        }
        let after = found + delimiter.count
        guard buffer.count >= after + 2 else { return false }
        if state == .content {
            if found > 0 { events.append(.content(Array(buffer[..<found]))) }
            events.append(.end)
        }
        let mark = Array(buffer[after..<after + 2])
        buffer.removeFirst(after + 2)
        switch mark {
        case [13, 10]: state = .headers
        case [45, 45]: state = .done
        default: throw .malformed
        }
        return true
    }

    private func find(_ pattern: [UInt8]) -> Int? {
        guard buffer.count >= pattern.count else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            var position = 0
            while position <= bytes.count - pattern.count {
                if bytes[position] == pattern[0], pattern.indices.allSatisfy({ bytes[position + $0] == pattern[$0] }) {
                    return position
                }
                position += 1
            }
            return nil
        }
    }

    private static func part(_ headers: [UInt8]) throws(Failure) -> Event {
        guard let text = String(validating: headers, as: UTF8.self) else { throw .malformed }
        for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-disposition:") {
            guard let name = parameter("name", of: line) else { throw .malformed }
            return .part(name: name, fileName: parameter("filename", of: line))
        }
        throw .malformed
    }

    /// A quoted parameter as browsers write it: `"` is sent as `%22`, line ends as `%0D%0A` (WHATWG HTML §4.10.22.8).
    private static func parameter(_ name: String, of line: Substring) -> String? {
        guard let start = line.firstRange(of: "; \(name)=\"") ?? line.firstRange(of: ";\(name)=\"") else { return nil }
        guard let end = line[start.upperBound...].firstIndex(of: "\"") else { return nil }
        return String(line[start.upperBound..<end]).replacing("%22", with: "\"")
            .replacing("%0D%0A", with: " ").replacing("\0", with: "")
    }
}
