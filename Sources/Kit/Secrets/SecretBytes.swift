import Copenssl

/// Key material that is wiped when its last holder lets go, and that prints as dots.
///
/// `@unchecked Sendable`: the memory is written once in `init`, before anyone else sees it, and only read afterwards.
package final class SecretBytes: @unchecked Sendable {
    private let memory: UnsafeMutableRawBufferPointer

    package init(_ bytes: [UInt8]) {
        memory = .allocate(byteCount: bytes.count, alignment: 16)
        memory.copyBytes(from: bytes)
    }

    /// `count` random bytes.
    package convenience init(random count: Int) {
        var bytes = SecureRandom.bytes(count)
        self.init(bytes)
        wipe(&bytes)
    }

    deinit {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    package var count: Int { memory.count }

    /// The bytes while `body` runs; a copy made there is the caller's to wipe.
    package func withBytes<T>(_ body: (UnsafeBufferPointer<UInt8>) throws -> T) rethrows -> T {
        try body(UnsafeBufferPointer(memory.bindMemory(to: UInt8.self)))
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var debugDescription: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Overwrites the array in place with zeroes, in a way the optimiser keeps.
package func wipe(_ bytes: inout [UInt8]) {
    bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
}
