import Clibpq

extension Session {
    /// Streams rows in: the `:exec` statement is a `COPY … FROM STDIN` without parameters, the closure answers one
    /// chunk of any size after another and nil at the end.
    ///
    /// Answers the number of rows. When the closure throws, nothing is copied and its error goes on. Row-level security
    /// refuses COPY into its tables: copy into a temporary table.
    @discardableResult
    package func copyIn(_ statement: Statement, _ nextChunk: () throws -> [UInt8]?) throws -> Int {
        let entry = try catalog.entry(statement.name, [.exec])
        return try cancellable {
            let started = try wire.execute(entry.sql, name: entry.name)
            guard started.status == PGRES_COPY_IN else { throw notACopy(entry) }
            do {
                try send(nextChunk, entry.name)
            } catch {
                // An error of the server's is behind the failed write: draining brings it, else ours goes on.
                _ = PQputCopyEnd(wire.pointer, "the sender gave up")
                let serverError = failure { _ = try wire.drain(name: entry.name) }
                if let serverError, (error as? PostgresError)?.code == .copy { throw serverError }
                throw error
            }
            guard PQputCopyEnd(wire.pointer, nil) == 1 else { throw wire.lost(entry.name) }
            return try wire.drain(name: entry.name)?.affected ?? 0
        }
    }

    /// Streams rows out: the `:exec` statement is a `COPY … TO STDOUT` without parameters, the closure takes one row's
    /// bytes after another.
    ///
    /// Answers the number of rows. When the closure throws, the copy is cancelled.
    @discardableResult
    package func copyOut(_ statement: Statement, _ takeRow: (UnsafeRawBufferPointer) throws -> Void) throws -> Int {
        let entry = try catalog.entry(statement.name, [.exec])
        return try cancellable {
            let started = try wire.execute(entry.sql, name: entry.name)
            guard started.status == PGRES_COPY_OUT else { throw notACopy(entry) }
            do {
                try receive(takeRow)
            } catch {
                wire.cancelAndWait()
                try discardRows()
                _ = failure { _ = try wire.drain(name: entry.name) }
                throw error
            }
            return try wire.drain(name: entry.name)?.affected ?? 0
        }
    }

    /// Hands a `:many` statement's rows to the closure one at a time, as they arrive, for results too large to hold.
    ///
    /// Answers their number.
    @discardableResult
    package func each<Row>(
        _ query: Query<Row>,
        _ parameters: Parameters = [:],
        _ body: (Row) throws -> Void
    ) throws -> Int {
        let entry = try catalog.entry(query.name, [.many])
        let values = try entry.arguments(parameters)
        return try cancellable {
            try wire.send(entry.sql, values, name: entry.name)
            var count = 0
            do {
                while let result = PQgetResult(wire.pointer) {
                    let row = try wire.checked(result, name: entry.name)
                    guard row.rowCount == 1 else { continue }
                    try body(try RowDecoder.decode(Row.self, row, 0, query: entry.name))
                    count += 1
                }
            } catch {
                if !wire.isBroken {
                    wire.cancelAndWait()
                    _ = failure { _ = try wire.drain(name: entry.name) }
                }
                throw error
            }
            return count
        }
    }

    private func send(_ nextChunk: () throws -> [UInt8]?, _ name: String) throws {
        while let chunk = try nextChunk() {
            if wire.gate.isCancelled { throw CancellationError() }
            // A message of the protocol holds less than 1 GB; smaller pieces keep libpq's buffer small.
            for start in stride(from: 0, to: chunk.count, by: 1 << 20) {
                let sent = chunk[start..<min(start + 1 << 20, chunk.count)].withUnsafeBytes { bytes in
                    PQputCopyData(
                        wire.pointer,
                        bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                        CInt(bytes.count)
                    )
                }
                guard sent == 1 else { throw PostgresError(.copy, query: name) }
            }
        }
    }

    private func receive(_ takeRow: (UnsafeRawBufferPointer) throws -> Void) throws {
        var buffer: UnsafeMutablePointer<CChar>?
        while case let length = PQgetCopyData(wire.pointer, &buffer, 0), length > 0 {
            defer { PQfreemem(buffer) }
            try takeRow(UnsafeRawBufferPointer(start: buffer, count: Int(length)))
        }
    }

    private func discardRows() throws {
        try receive { _ in }
    }

    private func notACopy(_ entry: CatalogEntry) -> PostgresError {
        PostgresError(.copy, query: entry.name, reason: "the statement is not the COPY that the call needs")
    }

    private func failure(_ body: () throws -> Void) -> PostgresError? {
        do {
            try body()
            return nil
        } catch {
            return error as? PostgresError
        }
    }
}

extension Wire {
    /// Sends a statement whose rows come one by one.
    func send(_ sql: String, _ parameters: [ParameterForm?], name: String) throws(PostgresError) {
        let sent = WireParameters(parameters).withPointers { count, values, lengths, formats in
            PQsendQueryParams(pointer, sql, count, nil, values, lengths, formats, 0)
        }
        guard sent == 1, PQsetSingleRowMode(pointer) == 1 else { throw lost(name) }
    }

    /// Stops the running statement from its own thread.
    func cancelAndWait() {
        guard let cancel = PQgetCancel(pointer) else { return }
        defer { PQfreeCancel(cancel) }
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(cancel, &message, 256)
    }
}
