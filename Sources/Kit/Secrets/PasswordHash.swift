import Cargon2

/// What one hash costs: memory in KiB, passes, lanes. OWASP's first choice for Argon2id is the standard.
package struct PasswordCost: Sendable, Hashable {
    package let memoryKiB: UInt32
    package let passes: UInt32
    package let lanes: UInt32

    package init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
        self.memoryKiB = memoryKiB
        self.passes = passes
        self.lanes = lanes
    }

    package static let standard = PasswordCost(memoryKiB: 19_456, passes: 2, lanes: 1)

    /// What a stored hash may ask for at most: a planted string must not take the machine's memory.
    var isBounded: Bool { (8...1_048_576).contains(memoryKiB) && (1...16).contains(passes) && (1...4).contains(lanes) }
}

/// A stored Argon2id hash (RFC 9106) as a PHC string; `keyid` names the key whose pepper went in.
struct PasswordHash: Sendable, Hashable {
    let cost: PasswordCost
    let keyID: String
    let salt: [UInt8]
    let hash: [UInt8]

    /// `$argon2id$v=19$m=19456,t=2,p=1,keyid=…$salt$hash`.
    var phc: String {
        let numbers = "m=\(cost.memoryKiB),t=\(cost.passes),p=\(cost.lanes)"
        let keyID = Base64.encode(Array(keyID.utf8))
        return "$argon2id$v=19$\(numbers),keyid=\(keyID)$\(Base64.encode(salt))$\(Base64.encode(hash))"
    }

    /// Nil unless the string is one that `phc` writes, within bounds.
    init?(phc: String) {
        let parts = phc.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19" else { return nil }
        let settings = parts[3].split(separator: ",", omittingEmptySubsequences: false)
        guard settings.count == 4, settings[0].hasPrefix("m="), settings[1].hasPrefix("t="),
            settings[2].hasPrefix("p="), settings[3].hasPrefix("keyid="),
            let memory = UInt32(settings[0].dropFirst(2)), let passes = UInt32(settings[1].dropFirst(2)),
            let lanes = UInt32(settings[2].dropFirst(2)),
            let keyID = Base64.decode(String(settings[3].dropFirst(6)))
                .flatMap({ String(validating: $0, as: UTF8.self) }),
            let salt = Base64.decode(String(parts[4])), let hash = Base64.decode(String(parts[5])),
            (8...64).contains(salt.count), (16...64).contains(hash.count)
        else { return nil }
        cost = PasswordCost(memoryKiB: memory, passes: passes, lanes: lanes)
        guard cost.isBounded else { return nil }
        self.keyID = keyID
        self.salt = salt
        self.hash = hash
    }

    /// The hash of the password under a pepper; takes as long as `cost` asks, on the calling thread.
    init(password: [UInt8], cost: PasswordCost, keyID: String, pepper: SecretBytes, salt: [UInt8], count: Int) throws {
        self.cost = cost
        self.keyID = keyID
        self.salt = salt
        hash = try Self.compute(password: password, cost: cost, pepper: pepper, salt: salt, count: count)
    }

    private static func compute(
        password: [UInt8],
        cost: PasswordCost,
        pepper: SecretBytes,
        salt: [UInt8],
        count: Int
    ) throws -> [UInt8] {
        var password = password
        var salt = salt
        var pepperBytes = pepper.withBytes { Array($0) }
        var output = [UInt8](repeating: 0, count: count)
        defer {
            wipe(&password)
            wipe(&pepperBytes)
        }
        let status = output.withUnsafeMutableBufferPointer { output in
            password.withUnsafeMutableBufferPointer { password in
                salt.withUnsafeMutableBufferPointer { salt in
                    pepperBytes.withUnsafeMutableBufferPointer { pepper in
                        var context = argon2_context()
                        context.out = output.baseAddress
                        context.outlen = UInt32(output.count)
                        context.pwd = password.baseAddress
                        context.pwdlen = UInt32(password.count)
                        context.salt = salt.baseAddress
                        context.saltlen = UInt32(salt.count)
                        context.secret = pepper.baseAddress
                        context.secretlen = UInt32(pepper.count)
                        context.t_cost = cost.passes
                        context.m_cost = cost.memoryKiB
                        context.lanes = cost.lanes
                        context.threads = 1
                        context.version = 0x13
                        return argon2id_ctx(&context)
                    }
                }
            }
        }
        guard status == 0 else { throw SecretsError.unavailable }
        return output
    }
}
