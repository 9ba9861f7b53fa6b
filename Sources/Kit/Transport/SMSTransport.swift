package import DeskKit
import FoundationEssentials

/// Hands text messages to an HTTP gateway and reads its answer by the gateway's own patterns.
package struct SMSTransport: Sendable {
    private let http: HTTPTransport

    package init(over http: HTTPTransport) { self.http = http }

    /// One try. Throws `SettingsProblem` before anything is sent; never for what the gateway does.
    package func send(
        _ message: SMSMessage,
        through gateway: SMSGateway,
        user: Redacted<String> = Redacted(""),
        secret: Redacted<String> = Redacted(""),
        authorities: String? = nil,
        deadlines: SendDeadlines = .http
    ) async throws(SettingsProblem) -> SendOutcome {
        try gateway.validate()
        let fill = { (parameter: SMSGateway.Parameter) in
            PlaceholderText(parameter.value).filled { name in
                switch SMSPlaceholder(rawValue: name) {
                case .to: message.to.reveal()
                case .text: message.text.reveal()
                case .reference: message.reference
                case .sender: gateway.sender
                case .coding: GSMAlphabet.holds(message.text.reveal()) ? "0" : "2"
                case .user: user.reveal()
                case .secret: secret.reveal()
                case .receiptURL: message.receiptURL
                case nil: ""
                }
            }
        }
        // Without an address for receipts there is no asking for them.
        let wanted = gateway.parameters.filter { parameter in
            !message.receiptURL.isEmpty
                || !(parameter.value.contains("{receipt_url}") || parameter.name.hasPrefix("dlr-"))
        }
        let parameters = wanted.map { ($0.name, fill($0)) }
        let headers = gateway.headers.map { (name: $0.name, value: Redacted(fill($0))) }
        let (url, body) = gateway.addressAndBody(parameters)
        let call = try HTTPCall(
            url: Redacted(url),
            body: body,
            headers: headers,
            authorities: authorities,
            deadlines: deadlines
        )
        return gateway.judge(await http.request(call))
    }
}

extension SMSGateway {
    func addressAndBody(_ parameters: [(String, String)]) -> (String, HTTPCall.Body) {
        switch placement {
        case .query:
            return (url + (url.contains("?") ? "&" : "?") + encoded(parameters), .none)
        case .form:
            return (
                url, .bytes(type: "application/x-www-form-urlencoded", Redacted(Array(encoded(parameters).utf8)))
            )
        case .json:
            let object = Dictionary(parameters) { first, _ in first }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let bytes = (try? encoder.encode(object)).map { Array($0) } ?? Array("{}".utf8)
            return (url, .bytes(type: "application/json", Redacted(bytes)))
        }
    }

    private func encoded(_ parameters: [(String, String)]) -> String {
        parameters.map { "\(percent(Array($0.utf8), .utf8))=\(percent(bytes(of: $1), charset))" }.joined(separator: "&")
    }

    private func bytes(of text: String) -> [UInt8] {
        switch charset {
        case .utf8: Array(text.utf8)
        case .utf16: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        }
    }

    private func percent(_ bytes: [UInt8], _ charset: Charset) -> String {
        bytes.map { byte in
            let scalar = UnicodeScalar(byte)
            let plain = isLetterOrDigit(scalar) || "-._~".unicodeScalars.contains(scalar)
            return plain && charset == .utf8 ? String(scalar) : "%" + MIME.hex(byte)
        }.joined()
    }

    /// What an answer means. A gateway that may have taken the message, but did not say so in the agreed form, leaves
    /// it uncertain: a text message is never sent twice on a guess.
    func judge(_ outcome: HTTPOutcome) -> SendOutcome {
        switch outcome {
        case .notSent(let problem):
            return .temporary(Reply(stage: .connect, code: nil, problem: problem, text: "", concernsChannel: true))
        case .uncertain(let problem, let status):
            return .uncertain(Reply(stage: .answer, code: status, problem: problem, text: "", concernsChannel: true))
        case .answered(let status, let body):
            let text = String(decoding: body.reveal().prefix(8_192), as: UTF8.self)
            return judge(status, text)
        }
    }

    private func judge(_ status: Int, _ text: String) -> SendOutcome {
        let reply = { (concernsChannel: Bool, problem: TransportProblem?) in
            Reply(stage: .answer, code: status, problem: problem, text: text, concernsChannel: concernsChannel)
        }
        if Self.match(permanentPattern, text) != nil { return .permanent(reply(false, nil)) }
        if Self.match(temporaryPattern, text) != nil { return .temporary(reply(true, nil)) }
        if successStatuses.contains(status), successPattern == nil || Self.match(successPattern, text) != nil {
            return .accepted(reference: Self.match(idPattern, text).flatMap(Self.reference), reply(false, nil))
        }
        switch status {
        case 300...399, 401, 403, 404, 405, 407, 408, 429, 503: return .temporary(reply(true, nil))
        case 400...499: return .permanent(reply(false, nil))
        default: return .uncertain(reply(true, .notUnderstood))
        }
    }

    /// A number that cannot be looked up by is none: cut to nothing, or of bytes that are no letters.
    private static func reference(_ id: String) -> String? {
        !id.isEmpty && id.count <= 200 && !hasControl(id) && !id.contains("\u{FFFD}") ? id : nil
    }

    /// The first group of the first match, or the whole match.
    private static func match(_ pattern: String?, _ text: String) -> String? {
        guard let pattern, let regex = try? Regex(pattern), let match = text.firstMatch(of: regex) else { return nil }
        return match.output.dropFirst().first?.substring.map { String($0) } ?? String(text[match.range])
    }
}

/// The letters that cost seven bits (3GPP TS 23.038, default alphabet and extension table).
package enum GSMAlphabet {
    private static let letters = Set(
        """
        @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿\
        abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€
        """.unicodeScalars + "\n\r\u{0C}".unicodeScalars
    )

    /// Whether the whole text fits; a single letter beyond makes the message Unicode, 70 letters instead of 160.
    package static func holds(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(letters.contains) }
}
