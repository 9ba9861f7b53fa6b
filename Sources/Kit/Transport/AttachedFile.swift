import FoundationEssentials

/// A file that goes with an e-mail.
package struct AttachedFile: Sendable {
    /// Beyond this many bytes common servers refuse the message, which is a third longer than its file.
    package static let largest = 7 << 20

    let name: String
    let type: String
    let bytes: [UInt8]

    package init(name: String, type: String, bytes: [UInt8]) {
        (self.name, self.type, self.bytes) = (name, type, bytes)
    }

    /// Throws `MessageProblem`.
    func check() throws(MessageProblem) {
        guard !hasControl(name) else { throw .control(field: "file") }
        let halves = type.split(separator: "/", omittingEmptySubsequences: false)
        let isType = halves.count == 2 && halves.allSatisfy(Self.isToken)
        guard !name.isEmpty, isType else { throw .file }
    }

    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { isLetterOrDigit($0) || "-.+".unicodeScalars.contains($0) }
    }

    /// The part of a message that holds it (RFC 2183, RFC 2045 §6.8).
    var lines: [String] {
        let head = [
            "Content-Type: \(type)", "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment\(MIME.parameter("filename", name))", "",
        ]
        return head + MIME.base64(bytes) + [""]
    }
}

extension AttachedFile: CustomStringConvertible, CustomReflectable {
    package var description: String { "•••" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension MIME {
    /// Lines of 76 characters.
    static func base64(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: bytes.count, by: 57).map { start in
            Data(bytes[start..<min(start + 57, bytes.count)]).base64EncodedString()
        }
    }

    /// A header's parameter with what stands before it, on lines of its own: quoted where it is short ASCII, else
    /// percent-encoded UTF-8 in numbered pieces (RFC 2231 §3, §4).
    static func parameter(_ name: String, _ value: String) -> String {
        let isPlain = value.utf8.count <= 50 && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        if isPlain {
            let quoted = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return ";\r\n \(name)=\"\(quoted)\""
        }
        var pieces = ["utf-8''"]
        for byte in value.utf8 {
            let sign = UnicodeScalar(byte)
            let isPlain = isLetterOrDigit(sign) || sign == "-" || sign == "."
            let encoded = isPlain ? String(sign) : "%" + hex(byte)
            if pieces[pieces.count - 1].utf8.count + encoded.utf8.count > 55 { pieces.append("") }
            pieces[pieces.count - 1] += encoded
        }
        guard pieces.count > 1 else { return ";\r\n \(name)*=\(pieces[0])" }
        return pieces.enumerated().map { ";\r\n \(name)*\($0.offset)*=\($0.element)" }.joined()
    }
}
