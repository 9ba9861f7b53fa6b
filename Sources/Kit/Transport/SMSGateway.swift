package import DeskKit
import FoundationEssentials

/// A gateway for text messages described by configuration alone (a provider's `settings`), with Kannel's at hand.
package struct SMSGateway: Sendable, Hashable, Codable {
    /// How parameters travel.
    package enum Placement: String, Sendable, Codable, CaseIterable { case query, form, json }

    /// The bytes under the percent signs.
    package enum Charset: String, Sendable, Codable, CaseIterable {
        case utf8 = "utf-8"
        case utf16 = "utf-16be"
    }

    package struct Parameter: Sendable, Hashable, Codable {
        package let name: String
        /// Text with placeholders: `{to}`, `{text}`, `{reference}`, `{sender}`, `{coding}`, `{user}`, `{secret}`,
        /// `{receipt_url}`.
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package var url: String
    package var placement: Placement
    package var charset: Charset
    package var parameters: [Parameter]
    package var headers: [Parameter]
    package var sender: String
    /// The statuses that may mean success, and what the answer must then match; nil takes the status's word for it.
    package var successStatuses: [Int]
    package var successPattern: String?
    /// Its first group is the gateway's own number of the message.
    package var idPattern: String?
    package var permanentPattern: String?
    package var temporaryPattern: String?

    package init(
        url: String,
        placement: Placement,
        charset: Charset = .utf8,
        parameters: [Parameter],
        headers: [Parameter] = [],
        sender: String = "",
        successStatuses: [Int] = [200],
        successPattern: String? = nil,
        idPattern: String? = nil,
        permanentPattern: String? = nil,
        temporaryPattern: String? = nil
    ) {
        (self.url, self.placement, self.charset) = (url, placement, charset)
        (self.parameters, self.headers, self.sender) = (parameters, headers, sender)
        (self.successStatuses, self.successPattern, self.idPattern) = (successStatuses, successPattern, idPattern)
        (self.permanentPattern, self.temporaryPattern) = (permanentPattern, temporaryPattern)
    }

    /// Kannel's `sendsms` of smsbox (user guide, "Sending messages with HTTP").
    package static func kannel(url: String, sender: String) -> SMSGateway {
        SMSGateway(
            url: url,
            placement: .query,
            parameters: [
                Parameter("username", "{user}"), Parameter("password", "{secret}"), Parameter("from", "{sender}"),
                Parameter("to", "{to}"), Parameter("text", "{text}"), Parameter("charset", "UTF-8"),
                Parameter("coding", "{coding}"),
            ],
            sender: sender,
            successStatuses: [202],
            successPattern: "^(0: Accepted|3: Queued)",
            temporaryPattern: "(?i)temporal failure"
        )
    }

    /// Throws the first `SettingsProblem`: address, name of a parameter, unknown placeholder, pattern.
    package func validate() throws(SettingsProblem) {
        _ = try HTTPCall(url: Redacted(url))
        guard placement != .query || !url.contains("#") else { throw .url }
        for parameter in parameters + headers {
            guard !parameter.name.isEmpty, !hasControl(parameter.name) else { throw .parameterName }
            let template = PlaceholderText(parameter.value)
            if let strange = template.names.first(where: { SMSPlaceholder(rawValue: $0) == nil }) {
                throw .placeholder(strange)
            }
        }
        for pattern in [successPattern, idPattern, permanentPattern, temporaryPattern].compactMap({ $0 })
        where (try? Regex(pattern)) == nil { throw .pattern(pattern) }
    }
}

/// One text message to one number.
package struct SMSMessage: Sendable {
    package let to: Redacted<String>
    package let text: Redacted<String>
    /// Ours; the same over all tries.
    package let reference: String
    package let receiptURL: String

    package init(to: Redacted<String>, text: Redacted<String>, reference: String, receiptURL: String = "") {
        self.to = to
        self.text = text
        self.reference = reference
        self.receiptURL = receiptURL
    }
}

enum SMSPlaceholder: String, CaseIterable {
    case to, text, reference, sender, coding, user, secret
    case receiptURL = "receipt_url"
}

/// Text with `{names}`, filled in one pass, so that braces within a value stay what they are.
struct PlaceholderText {
    private enum Piece {
        case text(Substring)
        case name(String)
    }

    private let pieces: [Piece]

    init(_ source: String) {
        var pieces: [Piece] = []
        var rest = source[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            pieces.append(.text(rest[..<open]))
            pieces.append(.name(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        self.pieces = pieces + [.text(rest)]
    }

    var names: [String] {
        pieces.compactMap { piece in
            if case .name(let name) = piece { name } else { nil }
        }
    }

    func filled(_ value: (String) -> String) -> String {
        pieces.map { piece in
            switch piece {
            case .text(let text): String(text)
            case .name(let name): value(name)
            }
        }.joined()
    }
}
