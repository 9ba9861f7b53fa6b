import Foundation
import Testing

@testable import Secrets

@Suite struct KeyFileTests {
    let key = String(repeating: "A", count: 43)
    let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "/keys-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func problem(_ text: String) -> KeyFileProblem? {
        do {
            _ = try KeyRing.parse(text, path: "keys")
            return nil
        } catch {
            return error
        }
    }

    func fileProblem(_ path: String) -> KeyFileProblem? {
        do {
            _ = try KeyRing.load(from: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a generated file is private, loads, and is never written over`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/keys"
        try KeyRing.generate(to: path)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let keys = try KeyRing.load(from: path)
        #expect(keys.keys.map(\.id) == ["seal-1", "lookup-1"])
        #expect(throws: KeyFileProblem.unreadable(path: path, reason: "File exists")) {
            try KeyRing.generate(to: path)
        }
        let context = SealContext("x")
        let sealed = try keys.seal([1], context: context)
        #expect(try KeyRing.load(from: path).open(sealed, context: context) == [1])
    }

    @Test func `a file that others may read is refused, with what to do`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/keys"
        try KeyRing.generate(to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(fileProblem(path) == .openToOthers(path: path, mode: "640"))
        #expect(fileProblem(path)?.description.contains("chmod 600") == true)
    }

    @Test func `a missing file and a folder are named`() throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let missing = directory + "/none"
        #expect(fileProblem(missing) == .unreadable(path: missing, reason: "No such file or directory"))
        #expect(fileProblem(directory) == .unreadable(path: directory, reason: "is no regular file"))
    }

    @Test func `comments and blank lines are no keys`() throws {
        let keys = try KeyRing.parse("# new\n\n a \(key)= seal # since May\r\n\tb\t\(key)\tlookup\n", path: "keys")
        #expect(keys.keys.map(\.id) == ["a", "b"])
    }

    @Test(arguments: [
        ("a AAAA", "expected three fields: id, key in base64, purpose"),
        ("a KEY seal more", "expected three fields: id, key in base64, purpose"),
        ("A KEY seal", "an id is 1 to 32 small letters, digits and hyphens"),
        ("ok KEY seal", "the id ok stands there twice"),
        ("a K*Y seal", "the key is not base64"),
        ("a AAAA seal", "the key has 3 bytes instead of 32"),
        ("a KEY sael", "the purpose is neither seal nor lookup"),
    ])
    func `a wrong line is named with its reason and without its content`(line: String, reason: String) {
        let text = "# keys\nok \(key) seal\n" + line.replacingOccurrences(of: "KEY", with: key)
        let found = problem(text)
        #expect(found == .line(path: "keys", number: 3, reason: reason))
        #expect(found?.description.contains(key) == false)
    }

    @Test func `both purposes need a key`() {
        #expect(problem("") == .noKey(.seal))
        #expect(problem("a \(key) seal") == .noKey(.lookup))
        #expect(problem("a \(key) lookup") == .noKey(.seal))
    }
}
