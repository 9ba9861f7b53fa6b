import DeskWeb
import Portals

/// A provider's form.
struct ProviderPage: Page {
    static let template = "messaging/provider"
    let title: String
    let portal: String
    let action: String
    let by: String
    let kind: String
    let version: String?
    let activation: String?
    let retirement: ConfirmView?
    let isLocal: Bool
    let problems: ProblemsView?
    let name: FieldView
    let perMinute: FieldView
    let lines: [FieldView]
    let choices: [FieldView]
    let areas: [FieldView]
    let placeholders: String?
    let answers: [FieldView]
    let hasAnswers: Bool
    let secret: FieldView?

    /// The empty form of a kind.
    init(adding preset: ProviderPreset, _ portal: PortalProfile, _ fields: Fields, _ words: MessageWords) {
        self.init(
            title: words.words("messaging.provider.add.\(preset.rawValue)"),
            action: "/messaging/providers/\(portal.key)/new?kind=\(preset.rawValue)",
            settings: preset.settings,
            row: nil,
            portal,
            fields,
            words
        )
    }

    /// The form of one that is there.
    init(
        _ settings: ProviderSettings,
        _ row: ProviderRow,
        _ portal: PortalProfile,
        _ fields: Fields,
        _ words: MessageWords
    ) {
        self.init(
            title: ProviderLine(row, nil, portal, words).name,
            action: "/messaging/providers/\(portal.key)/\(row.id)",
            settings: settings,
            row: row,
            portal,
            fields,
            words
        )
    }

    private init(
        title: String,
        action: String,
        settings: ProviderSettings,
        row: ProviderRow?,
        _ portal: PortalProfile,
        _ fields: Fields,
        _ words: MessageWords
    ) {
        self.title = title
        self.portal = portal.name
        self.action = action
        let channel = words.channel(settings.channel)
        by = channel
        kind = words.words("messaging.provider.kind.\(settings.kind.rawValue)")
        version = row.map { "\($0.version)" }
        activation = row.flatMap { $0.active ? nil : "\(action)/activate" }
        retirement = row.flatMap { row in
            guard row.active else { return nil }
            return ConfirmView(
                id: "retire",
                action: "\(action)/retire",
                question: words.words("messaging.provider.retire.question", ["name": .text(title)]),
                consequence: words.words("messaging.provider.retire.consequence", ["channel": .text(channel)]),
                button: words.words("messaging.provider.retire.button")
            )
        }
        isLocal = settings.kind == .local
        problems = fields.problems
        name = fields.text("name", "messaging.provider.field.name", row?.name ?? "", max: 80)
        perMinute = fields.text(
            "per_minute",
            "messaging.provider.field.per_minute",
            row?.perMinute.map { "\($0)" } ?? "",
            kind: .digits,
            hint: "messaging.provider.hint.per_minute",
            isRequired: false,
            max: 5
        )
        let form = ProviderFields(settings, hasSecret: row?.secret != nil, fields, words.words)
        (lines, choices, areas, answers) = (form.lines, form.choices, form.areas, form.answers)
        hasAnswers = !form.answers.isEmpty
        let names = SMSPlaceholders.all.map { "{\($0)}" }.joined(separator: " ")
        placeholders =
            form.areas.isEmpty ? nil : words.words("messaging.provider.placeholders", ["names": .text(names)])
        secret = form.secret
    }
}

/// What may stand in a gateway's parameters, as `SMSGateway` knows it.
enum SMSPlaceholders {
    static let all = ["to", "text", "reference", "sender", "coding", "user", "secret", "receipt_url"]
}
