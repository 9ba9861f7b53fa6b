import Clibpq

/// One `PGconn` and the blocking calls on it.
///
/// Lives on one thread; only its gate is shared.
final class Wire {
    let pointer: OpaquePointer
    let gate: CancellationGate

    /// Connects, blocking.
    ///
    /// Throws `.configuration` or `.connectionFailed` with libpq's words, which name hosts and roles but never a
    /// password or a row.
    init(url: String, applicationName: String, gate: CancellationGate = CancellationGate()) throws(PostgresError) {
        let parameters = try ConnectionParameters(url: url, applicationName: applicationName)
        guard let pointer = parameters.connect() else {
            throw PostgresError(.connectionFailed, reason: "out of memory")
        }
        guard PQstatus(pointer) == CONNECTION_OK else {
            let reason = Self.message(pointer)
            PQfinish(pointer)
            throw PostgresError(.connectionFailed, reason: reason)
        }
        self.pointer = pointer
        self.gate = gate
        gate.arm(PQgetCancel(pointer))
        // Notices quote values; nobody reads them.
        _ = PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        try assertParameter("client_encoding", is: "UTF8")
        try assertParameter("standard_conforming_strings", is: "on")
    }

    deinit {
        PQfinish(pointer)
    }

    var isBroken: Bool { PQstatus(pointer) != CONNECTION_OK }
    var socket: CInt { PQsocket(pointer) }
    var transactionStatus: PGTransactionStatusType { PQtransactionStatus(pointer) }

    func assertParameter(_ name: String, is expected: String) throws(PostgresError) {
        let actual = PQparameterStatus(pointer, name).map { String(cString: $0) }
        guard actual == expected || (actual?.hasPrefix(expected + ",") ?? false) else {
            throw PostgresError(.configuration, reason: "the server's \(name) is not \(expected)")
        }
    }

    /// Runs our own SQL in the simple protocol, several statements in one round trip; answers the last result.
    @discardableResult
    func execute(_ sql: String, name: String? = nil, keepsMessage: Bool = false) throws(PostgresError) -> QueryResult {
        try checked(PQexec(pointer, sql), name: name, keepsMessage: keepsMessage)
    }

    /// Runs one statement with parameters, unnamed, results in text.
    func execute(_ sql: String, _ parameters: [ParameterForm?], name: String?) throws(PostgresError) -> QueryResult {
        let result = WireParameters(parameters).withPointers { count, values, lengths, formats in
            PQexecParams(pointer, sql, count, nil, values, lengths, formats, 0)
        }
        return try checked(result, name: name)
    }

    func checked(
        _ result: OpaquePointer?,
        name: String?,
        keepsMessage: Bool = false
    ) throws(PostgresError) -> QueryResult {
        guard let result else { throw lost(name) }
        let wrapped = QueryResult(result)
        switch wrapped.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_EMPTY_QUERY:
            return wrapped
        default:
            let error = wrapped.error(query: name, keepsMessage: keepsMessage)
            throw isBroken && error.code != .connectionLost ? lost(name) : error
        }
    }

    func lost(_ name: String?) -> PostgresError {
        PostgresError(.connectionLost, query: name)
    }

    /// Reads what is left of the running command, so that the connection is ready for the next.
    func drain(name: String?) throws(PostgresError) -> QueryResult? {
        var last: QueryResult?
        var failure: PostgresError?
        while let result = PQgetResult(pointer) {
            do throws(PostgresError) {
                last = try checked(result, name: name)
            } catch {
                failure = failure ?? error
                if isBroken { break }
            }
        }
        if let failure { throw failure }
        return last
    }

    static func message(_ pointer: OpaquePointer) -> String {
        let lines = String(cString: PQerrorMessage(pointer)).split(separator: "\n")
        return lines.map { $0.trimmingPrefix { $0 == "\t" || $0 == " " } }.joined(separator: "; ")
    }
}

/// Parameters laid out for libpq: one buffer, pointers into it, lengths and formats.
struct WireParameters {
    typealias Call<R> = (
        CInt, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
    ) -> R

    private var buffer: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []

    init(_ parameters: [ParameterForm?]) {
        for parameter in parameters {
            offsets.append(parameter == nil ? nil : buffer.count)
            switch parameter {
            case .text(let text):
                buffer.append(contentsOf: text.utf8)
                lengths.append(CInt(text.utf8.count))
                formats.append(0)
            case .bytes(let bytes):
                buffer.append(contentsOf: bytes)
                lengths.append(CInt(bytes.count))
                formats.append(1)
            case nil:
                lengths.append(0)
                formats.append(0)
            }
            buffer.append(0)
        }
    }

    func withPointers<R>(_ body: Call<R>) -> R {
        buffer.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { at in base.map { UnsafePointer($0 + at) } } }
            return body(CInt(values.count), values, lengths, formats)
        }
    }
}
