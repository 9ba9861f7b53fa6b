import Copenssl

/// AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits: below 2^32 seals per key, which one key of a ring
/// or of a scan never reaches.
enum AES256GCM {
    static let nonceBytes = 12
    static let tagBytes = 16

    static func seal(_ plaintext: [UInt8], key: SecretBytes, context: SealContext) throws -> [UInt8] {
        let cipher = try Cipher(key: key, nonce: SecureRandom.bytes(nonceBytes), encrypts: true)
        try cipher.authenticate(context.bytes)
        let ciphertext = try cipher.update(plaintext)
        guard cipher.finish() else { throw SecretsError.unavailable }
        return cipher.nonce + ciphertext + (try cipher.tag())
    }

    static func open(_ sealed: [UInt8], key: SecretBytes, context: SealContext) throws -> [UInt8] {
        guard sealed.count >= nonceBytes + tagBytes else { throw SecretsError.doesNotOpen }
        let cipher = try Cipher(key: key, nonce: Array(sealed.prefix(nonceBytes)), encrypts: false)
        try cipher.expect(tag: Array(sealed.suffix(tagBytes)))
        try cipher.authenticate(context.bytes)
        var plaintext = try cipher.update(Array(sealed.dropFirst(nonceBytes).dropLast(tagBytes)))
        guard cipher.finish() else {
            wipe(&plaintext)
            throw SecretsError.doesNotOpen
        }
        return plaintext
    }
}

/// One use of OpenSSL's cipher context.
private final class Cipher {
    let nonce: [UInt8]
    private let context: OpaquePointer
    private let encrypts: Bool

    init(key: SecretBytes, nonce: [UInt8], encrypts: Bool) throws {
        guard key.count == 32, let context = EVP_CIPHER_CTX_new() else { throw SecretsError.unavailable }
        self.nonce = nonce
        self.context = context
        self.encrypts = encrypts
        let ready = key.withBytes {
            EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, $0.baseAddress, nonce, encrypts ? 1 : 0)
        }
        guard ready == 1 else { throw SecretsError.unavailable }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    func authenticate(_ bytes: [UInt8]) throws {
        var count: Int32 = 0
        guard EVP_CipherUpdate(context, nil, &count, bytes, Int32(bytes.count)) == 1 else {
            throw SecretsError.unavailable
        }
    }

    func update(_ input: [UInt8]) throws -> [UInt8] {
        guard !input.isEmpty else { return [] }
        guard input.count <= Int(Int32.max) - 16 else { throw SecretsError.unavailable }
        var output = [UInt8](repeating: 0, count: input.count)
        var count: Int32 = 0
        guard EVP_CipherUpdate(context, &output, &count, input, Int32(input.count)) == 1 else {
            throw SecretsError.unavailable
        }
        return output
    }

    /// False when the tag does not fit what was read.
    func finish() -> Bool {
        var rest = [UInt8](repeating: 0, count: 16)
        var count: Int32 = 0
        return EVP_CipherFinal_ex(context, &rest, &count) == 1
    }

    func tag() throws -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: AES256GCM.tagBytes)
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1 else {
            throw SecretsError.unavailable
        }
        return tag
    }

    func expect(tag: [UInt8]) throws {
        var tag = tag
        guard EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1 else {
            throw SecretsError.unavailable
        }
    }
}
