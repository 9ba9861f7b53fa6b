import DeskWeb
import Transport

/// A provider's form as fields, by its kind.
struct ProviderFields: Sendable {
    let lines: [FieldView]
    let choices: [FieldView]
    let areas: [FieldView]
    let answers: [FieldView]
    let secret: FieldView?

    init(_ settings: ProviderSettings, hasSecret: Bool, _ fields: Fields, _ words: Words) {
        switch settings {
        case .local: (lines, choices, areas, answers, secret) = ([], [], [], [], nil)
        case .smtp(let smtp):
            lines = [
                fields.text("host", "messaging.provider.field.host", smtp.host, max: 253),
                fields.text("port", "messaging.provider.field.port", "\(smtp.port)", kind: .digits, max: 5),
                Self.user(smtp.user, fields),
            ]
            choices = [
                fields.options(
                    "encryption",
                    "messaging.provider.field.encryption",
                    Self.options("encryption", SMTPServer.Encryption.allCases, words),
                    chosen: [smtp.encryption.rawValue]
                )
            ]
            (areas, answers) = ([], [])
            secret = Self.secret(hasSecret, fields)
        case .sms(let sms):
            let gateway = sms.gateway
            lines = [
                fields.text("url", "messaging.provider.field.url", gateway.url, max: 1_000),
                fields.text(
                    "sender",
                    "messaging.provider.field.sender",
                    gateway.sender,
                    hint: "messaging.provider.hint.sender",
                    isRequired: false,
                    max: 16
                ),
                Self.user(sms.user, fields),
            ]
            choices = Self.choices(gateway, fields, words)
            areas = [
                Self.area("parameters", gateway.parameters, fields), Self.area("headers", gateway.headers, fields),
            ]
            answers = Self.answers(gateway, fields) + Self.receipts(sms.receipt, fields)
            secret = Self.secret(hasSecret, fields)
        }
    }

    private static func user(_ user: String, _ fields: Fields) -> FieldView {
        fields.text("user", "messaging.provider.field.user", user, isRequired: false)
    }

    private static func secret(_ hasSecret: Bool, _ fields: Fields) -> FieldView {
        fields.text(
            "secret",
            "messaging.provider.field.secret",
            kind: .password,
            hint: hasSecret ? "messaging.provider.hint.secret_kept" : "messaging.provider.hint.secret",
            isRequired: false,
            autocomplete: "new-password"
        )
    }

    private static func choices(_ gateway: SMSGateway, _ fields: Fields, _ words: Words) -> [FieldView] {
        [
            fields.options(
                "placement",
                "messaging.provider.field.placement",
                options("placement", SMSGateway.Placement.allCases, words),
                chosen: [gateway.placement.rawValue]
            ),
            fields.options(
                "charset",
                "messaging.provider.field.charset",
                SMSGateway.Charset.allCases.map { (value: $0.rawValue, text: $0.rawValue.uppercased()) },
                chosen: [gateway.charset.rawValue]
            ),
        ]
    }

    private static func options<Code: RawRepresentable>(
        _ group: String,
        _ codes: [Code],
        _ words: Words
    ) -> [(value: String, text: String)] where Code.RawValue == String {
        codes.map { (value: $0.rawValue, text: words("messaging.provider.\(group).\($0.rawValue)")) }
    }

    private static func area(_ name: String, _ pairs: [SMSGateway.Parameter], _ fields: Fields) -> FieldView {
        fields.text(
            name,
            "messaging.provider.field.\(name)",
            pairs.map { "\($0.name) = \($0.value)" }.joined(separator: "\n"),
            hint: "messaging.provider.hint.\(name)",
            isRequired: name == "parameters",
            max: 4_000
        )
    }

    private static func receipts(_ receipt: ReceiptWords?, _ fields: Fields) -> [FieldView] {
        [
            ("reference", receipt?.reference), ("id", receipt?.id), ("status", receipt?.status),
            ("delivered", receipt?.delivered), ("failed", receipt?.failed),
        ].map { name, value in
            fields.text(
                "receipt_\(name)",
                "messaging.provider.receipt.\(name)",
                value ?? "",
                hint: "messaging.provider.receipt.hint.\(name)",
                isRequired: false
            )
        }
    }

    private static func answers(_ gateway: SMSGateway, _ fields: Fields) -> [FieldView] {
        let patterns = [
            ("success_pattern", gateway.successPattern), ("id_pattern", gateway.idPattern),
            ("permanent_pattern", gateway.permanentPattern), ("temporary_pattern", gateway.temporaryPattern),
        ]
        let statuses = gateway.successStatuses.map(String.init).joined(separator: ", ")
        return [fields.text("statuses", "messaging.provider.field.statuses", statuses, max: 100)]
            + patterns.map {
                fields.text(
                    $0.0,
                    "messaging.provider.field.\($0.0)",
                    $0.1 ?? "",
                    hint: "messaging.provider.hint.\($0.0)",
                    isRequired: false
                )
            }
    }
}
