package import Hummingbird
import NIOCore

/// A form with files, read as it arrives: fields first, then each file's bytes in order.
package struct MultipartReader: Sendable {
    /// What a handler is told while the body arrives.
    package enum Event: Sendable {
        /// A file begins; the name is what the browser says and proves nothing.
        case file(field: String, name: String)
        case bytes([UInt8])
        case endOfFile
    }

    /// How much a handler takes: bytes of all files together, and the number of files.
    package struct Limits: Sendable {
        package let bytes: Int
        package let files: Int

        package init(bytes: Int, files: Int) {
            self.bytes = bytes
            self.files = files
        }
    }

    /// Streams the files of a request to `take`, in the order in which they come, and answers all plain fields. Files
    /// that the browser sent without name and content are left out. Throws `PageError.tooLarge` past a limit and
    /// `PageError.badRequest` when the body is cut off or malformed; what was taken before is the handler's to discard.
    package static func read(
        _ request: Request,
        limits: Limits,
        take: (Event) async throws -> Void
    ) async throws -> Form {
        guard let boundary = MultipartParser.boundary(of: request.headers[.contentType] ?? "") else {
            throw PageError.badRequest
        }
        var collector = Collector(limits: limits)
        var parser = MultipartParser(boundary: boundary)
        for try await chunk in request.body {
            for event in try collector.events(from: events(&parser, chunk)) {
                try await take(event)
            }
        }
        guard parser.isDone else { throw PageError.badRequest }
        return Form(collector.fields)
    }

    /// The fields that stand before the first file, and the whole body to be read again from its beginning.
    static func leadingFields(of body: RequestBody, boundary: String) async throws -> (Form, RequestBody) {
        var collector = Collector(limits: Limits(bytes: .max, files: .max))
        var parser = MultipartParser(boundary: boundary)
        var read = ByteBuffer()
        var iterator = body.makeAsyncIterator()
        while collector.leading == nil, !parser.isDone, let chunk = try await iterator.next() {
            read.writeImmutableBuffer(chunk)
            _ = try collector.events(from: events(&parser, chunk))
        }
        let rest = Replay(first: read, rest: IteratorBox(iterator))
        return (Form(collector.leading ?? collector.fields), RequestBody(asyncSequence: rest))
    }

    private static func events(
        _ parser: inout MultipartParser,
        _ chunk: ByteBuffer
    ) throws -> [MultipartParser.Event] {
        do {
            return try parser.feed(chunk.readableBytesView)
        } catch {
            throw PageError.badRequest
        }
    }
}

/// Sorts a parser's events into fields, kept here within bounds, and files, passed on.
private struct Collector {
    private static let maximumFieldBytes = 512 * 1024

    let limits: MultipartReader.Limits
    private(set) var fields: [(name: String, value: String)] = []
    /// The fields before the first file, once there is one.
    private(set) var leading: [(name: String, value: String)]?
    private var current: (name: String, fileName: String?)?
    private var value: [UInt8] = []
    private var isOpen = false
    private var fieldBytes = 0
    private var fileBytes = 0
    private var files = 0

    init(limits: MultipartReader.Limits) {
        self.limits = limits
    }

    mutating func events(from parsed: [MultipartParser.Event]) throws -> [MultipartReader.Event] {
        var events: [MultipartReader.Event] = []
        for event in parsed {
            switch event {
            case .part(let name, let fileName):
                current = (name, fileName)
                value = []
                isOpen = false
                if fileName != nil { leading = leading ?? fields }
            case .content(let bytes): try content(bytes, &events)
            case .end: try end(&events)
            }
        }
        return events
    }

    private mutating func content(_ bytes: [UInt8], _ events: inout [MultipartReader.Event]) throws {
        guard let fileName = current?.fileName else {
            fieldBytes += bytes.count
            guard fieldBytes <= Self.maximumFieldBytes else { throw PageError.tooLarge }
            value += bytes
            return
        }
        try open(fileName, &events)
        fileBytes += bytes.count
        guard fileBytes <= limits.bytes else { throw PageError.tooLarge }
        events.append(.bytes(bytes))
    }

    private mutating func open(_ fileName: String, _ events: inout [MultipartReader.Event]) throws {
        guard !isOpen else { return }
        isOpen = true
        files += 1
        guard files <= limits.files else { throw PageError.tooLarge }
        events.append(.file(field: current?.name ?? "", name: fileName))
    }

    private mutating func end(_ events: inout [MultipartReader.Event]) throws {
        guard let (name, fileName) = current else { return }
        current = nil
        if let fileName {
            if !fileName.isEmpty { try open(fileName, &events) }
            if isOpen { events.append(.endOfFile) }
            return
        }
        guard let text = Form.text(value), fields.count < Form.maximumFields else { throw PageError.badRequest }
        fields.append((name, text))
    }
}

/// A body whose beginning was read already: gives that again, then the rest. It can be read once.
private struct Replay: AsyncSequence, Sendable {
    let first: ByteBuffer
    let rest: IteratorBox

    struct AsyncIterator: AsyncIteratorProtocol {
        var first: ByteBuffer?
        let rest: IteratorBox

        mutating func next() async throws -> ByteBuffer? {
            if let buffer = first, buffer.readableBytes > 0 {
                first = nil
                return buffer
            }
            return try await rest.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(first: first, rest: rest)
    }
}

/// The body's one iterator. Unchecked because an iterator is not Sendable: only the request's own task reads a body,
/// first in the gate and then in the handler, never both at once.
private final class IteratorBox: @unchecked Sendable {
    private var iterator: RequestBody.AsyncIterator

    init(_ iterator: RequestBody.AsyncIterator) {
        self.iterator = iterator
    }

    func next() async throws -> ByteBuffer? {
        try await iterator.next()
    }
}
