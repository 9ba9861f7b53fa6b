import DeskKit
import Testing

@testable import Secrets

@Suite struct TOTPTests {
    static let seed = Array("12345678901234567890".utf8)
    let totp = TOTP(secret: seed)

    func verify(_ code: String, at step: Int64, lastStep: Int64 = 0) -> Int64? {
        totp.verify(Redacted(code), at: step, lastStep: lastStep)
    }

    /// RFC 6238, appendix B.
    @Test(arguments: [
        (Int64(59), "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ])
    func `the vectors of the RFC`(time: Int64, sha1: String, sha256: String, sha512: String) {
        let step = TOTP.step(at: time)
        let repeated = { (count: Int) in TOTP(secret: (0..<count).map { Self.seed[$0 % 20] }) }
        #expect(totp.code(at: step, digits: 8) == sha1)
        #expect(repeated(32).code(at: step, digits: 8, hash: .sha256) == sha256)
        #expect(repeated(64).code(at: step, digits: 8, hash: .sha512) == sha512)
    }

    @Test func `one step of drift is forgiven, two are not`() {
        let code = totp.code(at: 100)
        #expect(verify(code, at: 100) == 100)
        #expect(verify(code, at: 101) == 100)
        #expect(verify(code, at: 99) == 100)
        #expect(verify(code, at: 102) == nil)
        #expect(verify(code, at: 98) == nil)
    }

    @Test func `a code is never accepted twice, nor an earlier one after it`() throws {
        let step = try #require(verify(totp.code(at: 100), at: 100))
        #expect(verify(totp.code(at: 100), at: 100, lastStep: step) == nil)
        #expect(verify(totp.code(at: 99), at: 100, lastStep: step) == nil)
        #expect(verify(totp.code(at: 101), at: 101, lastStep: step) == 101)
    }

    @Test func `blanks are forgiven, other text is wrong`() {
        let code = totp.code(at: 7)
        #expect(verify(" \(code.prefix(3)) \(code.suffix(3)) ", at: 7) == 7)
        for wrong in ["", "12345", "abcdef", String(code.dropFirst()), code + "0", "\u{0}" + code] {
            #expect(verify(wrong, at: 7) == nil)
        }
    }

    @Test func `the address for the app names issuer, account and secret`() {
        let address = totp.uri(issuer: "Portal Desk", account: "zofia@example.test").reveal()
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        #expect(
            address
                == "otpauth://totp/Portal%20Desk:zofia%40example.test?secret=\(secret)&issuer=Portal%20Desk"
        )
        #expect(totp.revealBase32().reveal() == secret)
        #expect(TOTP().revealSecret().count == 20)
    }
}
