/// Codewords of a QR code at level M: the data, cut into blocks, with Reed-Solomon codewords over GF(2^8), interleaved.
enum QRBlocks {
    private static let correctionPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26]
    private static let blocks = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]
    private static let allCodewords = [26, 44, 70, 100, 134, 172, 196, 242, 292, 346]

    private static func dataCodewords(_ version: Int) -> Int {
        allCodewords[version - 1] - correctionPerBlock[version - 1] * blocks[version - 1]
    }

    /// How many bytes fit, beside the four bits of the mode and the count of 8 or 16 bits.
    static func capacity(_ version: Int) -> Int {
        dataCodewords(version) - (version < 10 ? 2 : 3)
    }

    /// The coordinates of the alignment patterns' centres.
    static func alignment(_ version: Int) -> [Int] {
        guard version > 1 else { return [] }
        let last = 10 + 4 * version
        return version < 7 ? [6, last] : [6, (last + 6) / 2, last]
    }

    static func codewords(of bytes: [UInt8], version: Int) -> [UInt8] {
        let data = padded(bytes, version)
        let count = blocks[version - 1]
        let short = data.count / count
        let longOnes = data.count % count
        let divisor = divisor(correctionPerBlock[version - 1])
        var parts: [(data: [UInt8], correction: [UInt8])] = []
        var start = 0
        for index in 0..<count {
            let length = short + (index < count - longOnes ? 0 : 1)
            let part = Array(data[start..<start + length])
            parts.append((part, remainder(part, divisor)))
            start += length
        }
        var result: [UInt8] = []
        for index in 0...short {
            for part in parts where index < part.data.count { result.append(part.data[index]) }
        }
        for index in 0..<correctionPerBlock[version - 1] {
            for part in parts { result.append(part.correction[index]) }
        }
        return result
    }

    private static func padded(_ bytes: [UInt8], _ version: Int) -> [UInt8] {
        var bits: [Bool] = []
        func append(_ value: Int, _ count: Int) {
            for index in (0..<count).reversed() { bits.append(value >> index & 1 == 1) }
        }
        append(0b0100, 4)
        append(bytes.count, version < 10 ? 8 : 16)
        for byte in bytes { append(Int(byte), 8) }
        append(0, 4)
        var data = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) }
        }
        let size = dataCodewords(version)
        var pad: UInt8 = 0xEC
        while data.count < size {
            data.append(pad)
            pad ^= 0xEC ^ 0x11
        }
        return data
    }

    /// Multiplication in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1.
    private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        var result = 0
        for index in (0..<8).reversed() {
            result = result << 1 ^ (result >> 7) * 0x11D
            result ^= (Int(other) >> index & 1) * Int(one)
        }
        return UInt8(truncatingIfNeeded: result)
    }

    private static func divisor(_ degree: Int) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: degree - 1) + [1]
        var root: UInt8 = 1
        for _ in 0..<degree {
            for index in result.indices {
                result[index] = product(result[index], root)
                if index + 1 < result.count { result[index] ^= result[index + 1] }
            }
            root = product(root, 2)
        }
        return result
    }

    private static func remainder(_ data: [UInt8], _ divisor: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: divisor.count)
        for byte in data {
            let factor = byte ^ result.removeFirst()
            result.append(0)
            for index in result.indices { result[index] ^= product(divisor[index], factor) }
        }
        return result
    }
}
