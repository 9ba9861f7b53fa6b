import DeskKit
import Testing

@testable import Secrets

@Suite struct EncodingTests {
    /// RFC 4648 §10, without padding.
    @Test func `base32 gives the vectors of the RFC`() {
        let vectors = ["": "", "f": "MY", "fo": "MZXQ", "foo": "MZXW6", "foob": "MZXW6YQ", "foobar": "MZXW6YTBOI"]
        for (plain, encoded) in vectors {
            #expect(Base32.encode(Array(plain.utf8)) == encoded)
            #expect(Base32.decode(encoded) == Array(plain.utf8))
        }
        #expect(Base32.decode("mzxw 6ytb oi======") == Array("foobar".utf8))
        #expect(Base32.decode("M1") == nil)
    }

    @Test func `base64 reads with and without padding and refuses the impossible`() {
        #expect(Base64.encode(Array("fooba".utf8)) == "Zm9vYmE")
        #expect(Base64.decode("Zm9vYmE=") == Array("fooba".utf8))
        #expect(Base64.decode("Zm9vYmE") == Array("fooba".utf8))
        #expect(Base64.decode("Zm9vYmF") == nil, "stray bits")
        #expect(Base64.decode("Z") == nil)
        #expect(Base64.decode("Zm9v====") == nil)
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
        #expect(Hex.encode([0x00, 0xAF]) == "00af")
    }

    @Test func `a token holds 256 bits and never comes twice`() {
        let tokens = Set((0..<1_000).map { _ in SecureRandom.token() })
        #expect(tokens.count == 1_000)
        let signs = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        #expect(tokens.allSatisfy { $0.count == 43 && signs.isSuperset(of: $0) })
    }

    @Test func `digits and codes use their alphabet and all of it`() {
        #expect(Set(SecureRandom.digits(2_000)) == Set("0123456789"))
        #expect(Set(SecureRandom.code(4_000, alphabet: OneTimeCode.alphabet)) == Set(OneTimeCode.alphabet))
        #expect(Set(OneTimeCode.alphabet).count == 20)
        #expect(Set(OneTimeCode.alphabet).isDisjoint(with: Set("O0I1LB8S5Z2G6AEU")))
        #expect(OneTimeCode.digits(6).reveal().count == 6)
    }
}
