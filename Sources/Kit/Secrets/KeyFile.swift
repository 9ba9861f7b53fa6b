import Glibc

/// Why a key file cannot be used; tells file, line and reason, never the line's content.
package enum KeyFileProblem: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case openToOthers(path: String, mode: String)
    case line(path: String, number: Int, reason: String)
    case noKey(KeyPurpose)

    package var description: String {
        switch self {
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .openToOthers(let path, let mode):
            "\(path): others may read or write it (mode \(mode)); run: chmod 600 \(path)"
        case .line(let path, let number, let reason): "\(path), line \(number): \(reason)"
        case .noKey(let purpose): "the key file holds no key for the purpose \(purpose.rawValue)"
        }
    }
}

extension KeyRing {
    private static let largestFile = 65_536

    /// Reads the file named by `PORTALDESK_KEYS`: one key a line, newest first, `id base64-of-32-bytes purpose`; `#`
    /// begins a comment. Only its owner (this user or root) may have access to it.
    package static func load(from path: String) throws(KeyFileProblem) -> KeyRing {
        var bytes = try read(path)
        defer { wipe(&bytes) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(path: path, reason: "is not UTF-8 text")
        }
        return try parse(text, path: path)
    }

    static func parse(_ text: String, path: String) throws(KeyFileProblem) -> KeyRing {
        var keys: [Key] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let fields = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
            if fields.isEmpty { continue }
            let problem = { (reason: String) in KeyFileProblem.line(path: path, number: index + 1, reason: reason) }
            guard fields.count == 3 else { throw problem("expected three fields: id, key in base64, purpose") }
            let id = String(fields[0])
            guard isID(id) else { throw problem("an id is 1 to 32 small letters, digits and hyphens") }
            guard !keys.contains(where: { $0.id == id }) else { throw problem("the id \(id) stands there twice") }
            guard var secret = Base64.decode(String(fields[1])) else { throw problem("the key is not base64") }
            defer { wipe(&secret) }
            guard secret.count == 32 else { throw problem("the key has \(secret.count) bytes instead of 32") }
            guard let purpose = KeyPurpose(rawValue: String(fields[2])) else {
                throw problem("the purpose is neither seal nor lookup")
            }
            keys.append(Key(id: id, purpose: purpose, secret: SecretBytes(secret)))
        }
        return try KeyRing(keys: keys)
    }

    /// Writes a new file with one key of each purpose, readable by its owner alone; an existing file is never touched.
    package static func generate(to path: String) throws(KeyFileProblem) {
        let lines = KeyPurpose.allCases.map { purpose in
            "\(purpose.rawValue)-1 \(Base64.encode(SecureRandom.bytes(32))) \(purpose.rawValue)\n"
        }
        let heading = "# id, key in base64, purpose; newest first. Keep a copy apart from the backups.\n"
        var bytes = Array((heading + lines.joined()).utf8)
        defer { wipe(&bytes) }
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
        defer { close(file) }
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            let reason = systemReason()
            unlink(path)
            throw .unreadable(path: path, reason: reason)
        }
    }

    private static func isID(_ id: String) -> Bool {
        (1...32).contains(id.utf8.count)
            && id.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private static func read(_ path: String) throws(KeyFileProblem) -> [UInt8] {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .unreadable(path: path, reason: systemReason()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, reason: "is no regular file") }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw .unreadable(path: path, reason: "belongs to another user")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw .openToOthers(path: path, mode: String(status.st_mode & 0o777, radix: 8))
        }
        guard status.st_size <= largestFile else { throw .unreadable(path: path, reason: "is larger than 64 KiB") }
        var bytes = [UInt8](repeating: 0, count: largestFile)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw .unreadable(path: path, reason: systemReason()) }
        return Array(bytes.prefix(count))
    }

    private static func systemReason() -> String { String(cString: strerror(errno)) }
}
