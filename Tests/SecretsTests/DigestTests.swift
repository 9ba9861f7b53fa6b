import Testing

@testable import Secrets

@Suite struct DigestTests {
    /// FIPS 180-4, "abc".
    @Test func `SHA-256 gives the standard's vector`() {
        let digest = Hex.encode(Digest.sha256(Array("abc".utf8)))
        #expect(digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    /// RFC 4231, test cases 1 and 2.
    @Test func `HMAC-SHA-256 gives the vectors of the RFC`() {
        let first = HMAC.sha256(key: [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8))
        #expect(Hex.encode(first) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        let second = HMAC.sha256(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
        #expect(Hex.encode(second) == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(HMAC.sha256(key: [], []).count == 32)
    }

    /// RFC 5869, test cases 1 and 3.
    @Test func `HKDF gives the vectors of the RFC`() {
        let key = SecretBytes([UInt8](repeating: 0x0B, count: 22))
        let first = HKDF.derive(
            from: key,
            salt: Array(0x00...0x0C),
            info: Array(0xF0...0xF9),
            count: 42
        )
        #expect(
            first.withBytes { Hex.encode(Array($0)) }
                == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        )
        let third = HKDF.derive(from: key, salt: [], info: [], count: 42)
        #expect(
            third.withBytes { Hex.encode(Array($0)) }
                == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        )
    }

    @Test func `constant-time equality is equality`() {
        #expect(constantTimeEqual([1, 2], [1, 2]))
        #expect(!constantTimeEqual([1, 2], [1, 3]))
        #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
        #expect(constantTimeEqual("", ""))
    }
}
