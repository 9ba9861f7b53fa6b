import Clibpq

/// The keywords and values of one connection: the URL's own, and defaults where it is silent.
struct ConnectionParameters: Sendable {
    private(set) var values: [String: String] = [:]

    /// Throws `.configuration` when libpq cannot read the URL; its message may quote the password, so it is not kept.
    init(url: String, applicationName: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            if let message { PQfreemem(message) }
            throw PostgresError(.configuration, reason: "the database URL cannot be read")
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        fill(applicationName: applicationName)
    }

    private mutating func fill(applicationName: String) {
        let hosts = values["host"] ?? values["hostaddr"] ?? ""
        let defaults = [
            "client_encoding": "UTF8", "connect_timeout": "5", "keepalives": "1", "keepalives_idle": "30",
            "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "60000",
            "application_name": applicationName,
            "target_session_attrs": hosts.contains(",") ? "read-write" : "any",
        ]
        values.merge(defaults) { given, _ in given }
    }

    /// Calls libpq with the two null-terminated arrays.
    func connect() -> OpaquePointer? {
        let keys = values.keys.sorted()
        return withCStrings(keys) { keywords in
            withCStrings(keys.map { values[$0] ?? "" }) { PQconnectdbParams(keywords, $0, 0) }
        }
    }
}

/// The strings as a null-terminated array of C strings, alive during the closure.
func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R) -> R {
    let bytes = strings.map { Array($0.utf8CString) }
    let offsets = bytes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    return bytes.flatMap(\.self).withUnsafeBufferPointer { buffer in
        var pointers: [UnsafePointer<CChar>?] = offsets.dropLast().map { offset in
            buffer.baseAddress.map { $0 + offset }
        }
        pointers.append(nil)
        return pointers.withUnsafeBufferPointer { array in
            // A non-empty array has an address; the fallback is never taken.
            array.baseAddress.map(body) ?? body(UnsafePointer(bitPattern: MemoryLayout<Int>.size).unsafelyUnwrapped)
        }
    }
}
