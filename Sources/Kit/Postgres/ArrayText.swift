/// One-dimensional array literals (PostgreSQL manual, 8.15.6).
enum ArrayText {
    static func format(_ elements: [ParameterForm]) -> String {
        var text = "{"
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            switch element {
            case .text(let value): appendQuoted(value, to: &text)
            case .bytes(let bytes): appendQuoted("\\x" + hex(bytes), to: &text)
            }
        }
        return text + "}"
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            unsafeUninitializedCapacity: bytes.count * 2,
            initializingUTF8With: { buffer in
                for (index, byte) in bytes.enumerated() {
                    buffer[index * 2] = digits[Int(byte >> 4)]
                    buffer[index * 2 + 1] = digits[Int(byte & 15)]
                }
                return bytes.count * 2
            }
        )
    }

    /// The elements of a literal, nil for NULL; nil as a whole when the text is not a one-dimensional array.
    static func parse(_ text: String) -> [String?]? {
        var bytes = Array(text.utf8)[...]
        guard bytes.popFirst() == UInt8(ascii: "{"), bytes.popLast() == UInt8(ascii: "}") else { return nil }
        var elements: [String?] = []
        while !bytes.isEmpty {
            guard let element = nextElement(&bytes) else { return nil }
            elements.append(element.text)
            guard let separator = bytes.popFirst() else { return elements }
            guard separator == UInt8(ascii: ","), !bytes.isEmpty else { return nil }
        }
        return elements
    }

    private struct Element {
        var text: String?
    }

    private static func nextElement(_ bytes: inout ArraySlice<UInt8>) -> Element? {
        guard bytes.first == UInt8(ascii: "\"") else {
            let end = bytes.firstIndex(of: UInt8(ascii: ",")) ?? bytes.endIndex
            let raw = String(decoding: bytes[..<end], as: UTF8.self)
            bytes = bytes[end...]
            if raw.isEmpty || raw.contains("{") { return nil }
            return Element(text: raw == "NULL" ? nil : raw)
        }
        bytes.removeFirst()
        var value: [UInt8] = []
        while let byte = bytes.popFirst() {
            if byte == UInt8(ascii: "\"") { return Element(text: String(decoding: value, as: UTF8.self)) }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = bytes.popFirst() else { return nil }
                value.append(escaped)
            } else {
                value.append(byte)
            }
        }
        return nil
    }

    private static func appendQuoted(_ value: String, to text: inout String) {
        text += "\""
        for character in value.unicodeScalars {
            if character == "\"" || character == "\\" { text += "\\" }
            text.unicodeScalars.append(character)
        }
        text += "\""
    }
}
