/// A QR code (ISO/IEC 18004) of bytes at error correction level M, versions 1 to 10: up to 213 bytes, which an
/// `otpauth:` address never exceeds.
struct QRCode {
    /// Side in modules.
    let size: Int
    private let version: Int
    private var dark: [Bool]
    private var isFunction: [Bool]

    /// Nil for a text that does not fit.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard let version = (1...10).first(where: { bytes.count <= QRBlocks.capacity($0) }) else { return nil }
        self.version = version
        size = 17 + 4 * version
        dark = Array(repeating: false, count: size * size)
        isFunction = dark
        drawFunctionPatterns()
        place(QRBlocks.codewords(of: bytes, version: version))
        applyMask()
    }

    func isDark(_ x: Int, _ y: Int) -> Bool { dark[y * size + x] }

    /// The dark modules as the `d` of one SVG path, a quiet zone of four modules to the left and above.
    var path: String {
        var path = ""
        for y in 0..<size {
            var x = 0
            while x < size {
                let start = x
                while x < size, isDark(x, y) { x += 1 }
                if x > start { path += "M\(start + 4) \(y + 4)h\(x - start)v1h-\(x - start)z" }
                x += 1
            }
        }
        return path
    }

    private mutating func set(_ x: Int, _ y: Int, _ isDark: Bool) {
        guard (0..<size).contains(x), (0..<size).contains(y) else { return }
        dark[y * size + x] = isDark
        isFunction[y * size + x] = true
    }

    private mutating func drawFunctionPatterns() {
        for index in 0..<size {
            set(6, index, index % 2 == 0)
            set(index, 6, index % 2 == 0)
        }
        for (x, y) in [(3, 3), (size - 4, 3), (3, size - 4)] {
            for dy in -4...4 {
                for dx in -4...4 {
                    let ring = max(abs(dx), abs(dy))
                    set(x + dx, y + dy, ring != 2 && ring != 4)
                }
            }
        }
        let centres = QRBlocks.alignment(version)
        for y in centres {
            for x in centres where !isFinder(x, y) {
                for dy in -2...2 {
                    for dx in -2...2 { set(x + dx, y + dy, max(abs(dx), abs(dy)) != 1) }
                }
            }
        }
        drawFormat()
        drawVersion()
    }

    private func isFinder(_ x: Int, _ y: Int) -> Bool {
        (x == 6 && y == 6) || (x == 6 && y == size - 7) || (x == size - 7 && y == 6)
    }

    /// Level M (00) and mask 0 (000) with their BCH code, masked as the standard says.
    private mutating func drawFormat() {
        let bits = 0b101_0100_0001_0010
        func bit(_ index: Int) -> Bool { bits >> index & 1 == 1 }
        for index in 0...5 { set(8, index, bit(index)) }
        set(8, 7, bit(6))
        set(8, 8, bit(7))
        set(7, 8, bit(8))
        for index in 9..<15 { set(14 - index, 8, bit(index)) }
        for index in 0..<8 { set(size - 1 - index, 8, bit(index)) }
        for index in 8..<15 { set(8, size - 15 + index, bit(index)) }
        set(8, size - 8, true)
    }

    private mutating func drawVersion() {
        guard version >= 7 else { return }
        var rest = version
        for _ in 0..<12 { rest = rest << 1 ^ (rest >> 11) * 0x1F25 }
        let bits = version << 12 | rest
        for index in 0..<18 {
            let isDark = bits >> index & 1 == 1
            let (long, short) = (size - 11 + index % 3, index / 3)
            set(long, short, isDark)
            set(short, long, isDark)
        }
    }

    /// In columns of two from the right, upwards and downwards in turn, around the function patterns.
    private mutating func place(_ codewords: [UInt8]) {
        var index = 0
        for right in stride(from: size - 1, through: 1, by: -2).map({ $0 <= 6 ? $0 - 1 : $0 }) {
            let isUpward = (right + 1) & 2 == 0
            for step in 0..<size {
                let y = isUpward ? size - 1 - step : step
                for x in [right, right - 1] where !isFunction[y * size + x] && index < codewords.count * 8 {
                    dark[y * size + x] = codewords[index / 8] >> (7 - index % 8) & 1 == 1
                    index += 1
                }
            }
        }
    }

    private mutating func applyMask() {
        for y in 0..<size {
            for x in 0..<size where !isFunction[y * size + x] && (x + y) % 2 == 0 { dark[y * size + x].toggle() }
        }
    }
}
