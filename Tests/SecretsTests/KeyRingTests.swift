import DeskKit
import Foundation
import Testing

@testable import Secrets

@Suite struct KeyRingTests {
    let zeroes = String(repeating: "A", count: 43)
    let others = Base64.encode([UInt8](repeating: 7, count: 32))

    func ring(_ text: String) throws -> KeyRing { try KeyRing.parse(text, path: "keys") }

    @Test func `what is sealed opens under the same context alone`() throws {
        let keys = try KeyRing.ephemeral()
        let here = SealContext("scan", 1, 20)
        let sealed = try keys.seal(Array("Łódź".utf8), context: here)
        #expect(try keys.open(sealed, context: here) == Array("Łódź".utf8))
        for elsewhere in [SealContext("scan", 12, 0), SealContext("scan", 1, 21), SealContext("draft", 1, 20)] {
            #expect(throws: SecretsError.doesNotOpen) { try keys.open(sealed, context: elsewhere) }
        }
    }

    @Test func `swapping the ciphertexts of two rows is refused`() throws {
        let keys = try KeyRing.ephemeral()
        let (one, two) = (SealContext("staff.totp", 1), SealContext("staff.totp", 2))
        let first = try keys.seal([1], context: one)
        let second = try keys.seal([2], context: two)
        #expect(throws: SecretsError.doesNotOpen) { try keys.open(second, context: one) }
        #expect(throws: SecretsError.doesNotOpen) { try keys.open(first, context: two) }
    }

    @Test func `any changed or missing byte is refused`() throws {
        let keys = try KeyRing.ephemeral()
        let context = SealContext("message")
        let sealed = try keys.seal(Array("code".utf8), context: context)
        for index in sealed.bytes.indices {
            var bytes = sealed.bytes
            bytes[index] ^= 1
            let changed = Sealed(keyID: sealed.keyID, bytes: bytes)
            #expect(throws: SecretsError.doesNotOpen) { try keys.open(changed, context: context) }
            let cut = Sealed(keyID: sealed.keyID, bytes: Array(sealed.bytes.prefix(index)))
            #expect(throws: SecretsError.doesNotOpen) { try keys.open(cut, context: context) }
        }
    }

    @Test func `sealing twice gives two ciphertexts, and nothing can be sealed`() throws {
        let keys = try KeyRing.ephemeral()
        let context = SealContext("x")
        #expect(try keys.seal([1], context: context) != keys.seal([1], context: context))
        #expect(try keys.open(keys.seal([], context: context), context: context).isEmpty)
    }

    @Test func `text comes back as text, and no text is refused`() throws {
        let keys = try KeyRing.ephemeral()
        let context = SealContext("provider.secret", 3)
        let sealed = try keys.seal(text: Redacted("zażółć 🦔"), context: context)
        #expect(try keys.openText(sealed, context: context).reveal() == "zażółć 🦔")
        let binary = try keys.seal([0xFF, 0xFE], context: context)
        #expect(throws: SecretsError.notText) { try keys.openText(binary, context: context) }
    }

    @Test func `a data key is stored wrapped and seals on its own`() throws {
        let keys = try KeyRing.ephemeral()
        let context = SealContext("scan", 4)
        let made = DataKey()
        let page = try made.seal([9, 9], context: SealContext("page", 4, 1))
        let unwrapped = try keys.unwrap(keys.wrap(made, context: context), context: context)
        #expect(try unwrapped.open(page, context: SealContext("page", 4, 1)) == [9, 9])
        #expect(throws: SecretsError.doesNotOpen) { try unwrapped.open(page, context: SealContext("page", 4, 2)) }
        let noKey = try keys.seal([1, 2], context: context)
        #expect(throws: SecretsError.doesNotOpen) { try keys.unwrap(noKey, context: context) }
    }

    @Test func `after a rotation the newest key seals and all open`() throws {
        let old = try ring("seal-1 \(zeroes) seal\nlookup-1 \(zeroes) lookup\n")
        let added = "seal-2 \(others) seal\nlookup-2 \(others) lookup\n"
        let new = try ring(added + "seal-1 \(zeroes) seal\nlookup-1 \(zeroes) lookup\n")
        let context = SealContext("x")
        let before = try old.seal([5], context: context)
        #expect(try new.open(before, context: context) == [5])
        #expect(new.sealingKeyID == "seal-2")
        #expect(try new.seal([5], context: context).keyID == "seal-2")
        #expect(throws: SecretsError.unknownKey(id: "seal-2")) {
            try old.open(new.seal([5], context: context), context: context)
        }
        #expect(old.missing(ids: ["seal-1", "seal-2", "seal-0", "seal-2"]) == ["seal-0", "seal-2"])
        #expect(new.missing(ids: ["seal-1", "seal-2"]).isEmpty)
        let phone = "+48600100200"
        #expect(new.lookup(.phone).matches(phone, stored: old.lookup(.phone).hash(phone)))
        #expect(new.lookup(.phone).hash(phone) != old.lookup(.phone).hash(phone))
        #expect(new.lookup(.phone).candidates(phone).contains(old.lookup(.phone).hash(phone)))
    }

    @Test func `a lookup hash depends on purpose, scope and value`() throws {
        let keys = try KeyRing.ephemeral()
        let phone = keys.lookup(.phone)
        let hashes = [
            phone.hash("1"), phone.hash("2"), phone.hash("1", scope: "a"), keys.lookup(.email).hash("1"),
            phone.hash("b1", scope: ""), phone.hash("1", scope: "b"), try KeyRing.ephemeral().lookup(.phone).hash("1"),
        ]
        #expect(Set(hashes).count == hashes.count)
        #expect(phone.matches("1", scope: "a", stored: hashes[2]))
        #expect(!phone.matches("1", scope: "b", stored: hashes[2]))
    }

    @Test func `a code is found as it is typed, bound to its owner`() throws {
        let codes = try KeyRing.ephemeral().lookup(.recoveryCode)
        let recovery = OneTimeCode.recoveryCodes()
        #expect(Set(recovery).count == 10)
        let code = try #require(recovery.first)
        let stored = codes.hash(code: code, scope: "staff 1")
        let typed = Redacted(" " + code.reveal().lowercased().replacingOccurrences(of: "-", with: " "))
        #expect(codes.matches(code: typed, scope: "staff 1", stored: stored))
        #expect(!codes.matches(code: typed, scope: "staff 2", stored: stored))
        #expect(OneTimeCode.temporaryPassword().reveal().count == 10)
    }

    @Test func `nothing secret prints`() throws {
        let keys = try ring("seal-1 \(zeroes) seal\nlookup-1 \(others) lookup\n")
        for text in ["\(keys)", "\(keys.keys)", "\(DataKey())", "\(keys.lookup(.phone))", "\(TOTP())"] {
            #expect(!text.contains("AAAA") && !text.contains("memory") && !text.contains("0x"), "\(text)")
        }
        #expect("\(SecretBytes([1]))" == "•••")
    }
}
