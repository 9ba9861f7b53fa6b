import DeskKit
import Dispatch
import Testing

@testable import Secrets

@Suite struct PasswordTests {
    static let cheap = PasswordCost(memoryKiB: 64, passes: 1, lanes: 1)
    let keys: KeyRing
    let hasher: PasswordHasher

    init() throws {
        keys = try KeyRing.ephemeral()
        hasher = PasswordHasher(keys: keys, cost: Self.cheap)
    }

    /// RFC 9106 §5.3 uses associated data, which we do not; this one is made by the reference program (`argon2 somesalt
    /// -id -t 2 -k 65536 -p 1 -l 32`), with an empty pepper.
    @Test func `the hash is the reference program's`() throws {
        let hash = try PasswordHash(
            password: Array("password".utf8),
            cost: PasswordCost(memoryKiB: 65_536, passes: 2, lanes: 1),
            keyID: "",
            pepper: SecretBytes([]),
            salt: Array("somesalt".utf8),
            count: 32
        )
        #expect(Hex.encode(hash.hash) == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7")
    }

    @Test func `the right password is right, any other is wrong`() async throws {
        let stored = try await hasher.hash(Redacted("Zażółć gęślą jaźń"))
        #expect(try await hasher.verify(Redacted("Zażółć gęślą jaźń"), against: stored) == .right(needsRehash: false))
        #expect(try await hasher.verify(Redacted("zażółć gęślą jaźń"), against: stored) == .wrong)
        #expect(try await hasher.verify(Redacted(""), against: stored) == .wrong)
        #expect(try await hasher.hash(Redacted("Zażółć gęślą jaźń")) != stored, "each hash has its own salt")
    }

    @Test func `composed and decomposed letters are the same password`() async throws {
        let stored = try await hasher.hash(Redacted("jo\u{301}"))
        #expect(try await hasher.verify(Redacted("j\u{F3}"), against: stored) == .right(needsRehash: false))
    }

    @Test func `the stored string has the standard cost and reads back`() async throws {
        let stored = try await PasswordHasher(keys: keys).hash(Redacted("long enough for a desk"))
        #expect(stored.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1,keyid="))
        #expect(PasswordHash(phc: stored)?.phc == stored)
        let verdict = try await hasher.verify(Redacted("long enough for a desk"), against: stored)
        #expect(verdict == .right(needsRehash: true))
    }

    @Test func `a new pepper asks for a new hash, a lost one is a wrong password`() async throws {
        let (old, new) = (Base64.encode(SecureRandom.bytes(32)), Base64.encode(SecureRandom.bytes(32)))
        let before = try KeyRing.parse("s \(old) seal\nold \(old) lookup", path: "keys")
        let after = try KeyRing.parse("s \(old) seal\nnew \(new) lookup\nold \(old) lookup", path: "keys")
        let password = Redacted("correct horse")
        let stored = try await PasswordHasher(keys: before, cost: Self.cheap).hash(password)
        let rotated = PasswordHasher(keys: after, cost: Self.cheap)
        #expect(try await rotated.verify(password, against: stored) == .right(needsRehash: true))
        #expect(try await hasher.verify(password, against: stored) == .wrong)
    }

    @Test(arguments: [
        nil, "", "plain", "$argon2i$v=19$m=64,t=1,p=1,keyid=YQ$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=4294967295,t=1,p=1,keyid=YQ$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=1,p=1,keyid=YQ$c29tZXNhbHQ$",
    ])
    func `nobody's or a strange hash is a wrong password`(stored: String?) async throws {
        #expect(try await hasher.verify(Redacted("anything"), against: stored) == .wrong)
    }

    @Test func `a password too long to type is refused`() async throws {
        let long = Redacted(String(repeating: "ł", count: 513))
        await #expect(throws: SecretsError.tooLong) { try await hasher.hash(long) }
        let stored = try await hasher.hash(Redacted(String(repeating: "ł", count: 512)))
        #expect(try await hasher.verify(long, against: stored) == .wrong)
    }

    @Test func `beyond its places the gate says busy at once, and frees them again`() async throws {
        let gate = HashGate(width: 1, waiting: 1)
        let release = DispatchSemaphore(value: 0)
        let (started, announce) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await gate.run {
                    announce.yield()
                    release.wait()
                    return 1
                }
            }
            for await _ in started { break }
            // Both tasks race for the one place in the queue, which stays taken until `release`.
            for _ in 0..<2 { group.addTask { try await gate.run { 2 } } }
            do {
                let early = try await group.next()
                Issue.record("\(String(describing: early)) came before a place was free")
            } catch {
                #expect(error as? SecretsError == .busy)
            }
            release.signal()
            let first = try await group.next()
            let second = try await group.next()
            #expect([first, second] == [1, 2])
        }
        let afterwards = try await gate.run { 3 }
        #expect(afterwards == 3)
    }
}
