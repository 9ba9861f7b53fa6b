import DeskKit
import DeskWeb
import Documents
import Identifiers
import Portals

/// The form of a new request: reads what was typed, and makes its fields.
struct IntakeForm: Sendable {
    let portal: PortalProfile
    let kind: RequestKind
    let lane: ChangeLane?
    let client: ClientCard?
    let contracts: [ContractChoice]
    let today: CivilDate

    /// The fields that this lane of a data change can change.
    var changeFields: [ChangeField] {
        guard kind == .dataChange else { return [] }
        return ChangeField.allCases.filter { $0.lane == lane }
    }

    /// Nil with the sentences in `read.errors` when something does not read.
    func read(_ read: inout FormReader) -> RequestDraft? {
        let channel = read.choice("channel", IntakeChannel.self)
        let received = read.date("received_on")
        let name = read.text("requester_name", max: 200)
        let replyTo = email("reply_to", &read)
        let language = read.text("language", max: 10)
        if let language, !portal.languages.contains(language) { read.errors.add("language", "desk.field.choice") }
        let statement = read.optionalText("statement", max: 10_000, lines: true)
        if kind != .dataChange, statement == nil { read.errors.add("statement", "desk.field.required") }
        let changes = changes(&read)
        if kind == .dataChange, changes.isEmpty, read.errors.isEmpty, let first = changeFields.first {
            read.errors.add("new.\(first.rawValue)", "requests.refusal.nothing_changes")
        }
        guard let channel, let received, let name, let language, read.errors.isEmpty else { return nil }
        return RequestDraft(
            kind: kind,
            lane: lane,
            client: client?.id,
            channel: channel,
            requesterName: name,
            replyTo: replyTo,
            language: language,
            statement: statement ?? "",
            receivedOn: received,
            changes: changes
        )
    }

    private func changes(_ read: inout FormReader) -> [ChangeDraft] {
        let contract = contract(&read)
        return changeFields.compactMap { field in
            let name = "new.\(field.rawValue)"
            guard let typed = read.optionalText(name, max: 500, lines: field == .address || field == .annex) else {
                return nil
            }
            switch field {
            case .phone:
                guard let phone = phone(typed) else {
                    read.errors.add(name, "requests.refusal.phone")
                    return nil
                }
                return ChangeDraft(field: field, newValue: phone)
            case .email:
                return email(name, &read).map { ChangeDraft(field: field, newValue: $0) }
            default: return ChangeDraft(field: field, newValue: typed, contract: contract)
            }
        }
    }

    private func contract(_ read: inout FormReader) -> ContractID? {
        guard lane == .contract else { return nil }
        let chosen = read.key("contract", ContractID.self)
        guard let chosen else { return nil }
        guard contracts.contains(where: { $0.id == chosen }) else {
            read.errors.add("contract", "desk.field.choice")
            return nil
        }
        return chosen
    }

    private func phone(_ typed: String) -> String? {
        guard let country = IdentifierCountry(rawValue: portal.country) else { return nil }
        return try? IdentifierKind.phone.check(typed, country: country, today: today).normalized
    }

    private func email(_ name: String, _ read: inout FormReader) -> String? {
        guard let typed = read.optionalText(name, max: 254) else { return nil }
        guard let address = try? IdentifierKind.email.check(typed, today: today).normalized else {
            read.errors.add(name, "requests.refusal.email")
            return nil
        }
        return address
    }

    /// The page; `typed` is what was posted, `known` what an e-mail file said.
    func page(_ words: Words, typed: Form?, errors: FieldErrors, known: ReadEmail? = nil) -> IntakePage {
        let fields = Fields(words, form: typed, errors: errors)
        let channels = IntakeChannel.allCases.filter { $0 != .portal }
        let channel: IntakeChannel = known == nil ? .phone : .email
        let path = "/requests/\(portal.key)/new"
        return IntakePage(
            title: words("requests.kind.\(kind.rawValue)"),
            client: client?.name,
            clientHref: client.map { "/clients/\(portal.key)/\($0.id)" },
            portal: portal.name,
            action: path,
            emailAction: "\(path)/email",
            problems: fields.problems,
            hidden: [.init("kind", kind.rawValue)] + (lane.map { [.init("lane", $0.rawValue)] } ?? [])
                + (client.map { [.init("client", "\($0.id)")] } ?? []),
            channel: fields.options(
                "channel",
                "requests.form.channel",
                channels.map { ($0.rawValue, words("requests.channel.\($0.rawValue)")) },
                chosen: [channel.rawValue]
            ),
            received: fields.date("received_on", "requests.form.received_on", known?.date ?? today),
            language: fields.options(
                "language",
                "requests.form.language",
                portal.languages.map { ($0, words("requests.language.\($0)")) },
                chosen: [client.map(\.language) ?? portal.defaultLanguage]
            ),
            name: fields.text("requester_name", "requests.form.requester_name", known?.name ?? client?.name ?? ""),
            replyTo: fields.text(
                "reply_to",
                "requests.form.reply_to",
                known?.address ?? "",
                kind: .email,
                hint: "requests.hint.reply_to",
                isRequired: false,
                max: 254
            ),
            statement: fields.text(
                "statement",
                "requests.form.statement",
                known?.text ?? "",
                isRequired: kind != .dataChange,
                max: 10_000
            ),
            contract: lane == .contract
                ? fields.options("contract", "requests.form.contract", contracts.map { ("\($0.id)", $0.number) }) : nil,
            changes: changeFields.map { change in
                fields.text(
                    "new.\(change.rawValue)",
                    "requests.field.\(change.rawValue)",
                    isRequired: false,
                    max: 500
                )
            },
            hasChanges: !changeFields.isEmpty,
            email: Fields(words, prefix: "email").upload(
                "file",
                "requests.form.email_file",
                accept: "message/rfc822,.eml",
                hint: "requests.hint.email_file"
            )
        )
    }
}

/// The form of a new request.
struct IntakePage: Page {
    static let template = "requests/intake"

    let title: String
    let client: String?
    let clientHref: String?
    let portal: String
    let action: String
    let emailAction: String
    let problems: ProblemsView?
    let hidden: [HiddenField]
    let channel: FieldView
    let received: FieldView
    let language: FieldView
    let name: FieldView
    let replyTo: FieldView
    let statement: FieldView
    let contract: FieldView?
    let changes: [FieldView]
    let hasChanges: Bool
    let email: FieldView
}

/// Which kind of request is taken in.
struct KindsPage: Page {
    static let template = "requests/kinds"

    struct Choice: Sendable {
        let text: String
        let detail: String
        let href: String
    }

    let client: String?
    let portal: String
    let choices: [Choice]
}

/// What an e-mail file says about a request.
struct ReadEmail: Sendable {
    let name: String
    let address: String
    let date: CivilDate?
    let text: String

    init(_ file: EmailFile) {
        name = file.name.isEmpty ? file.address : file.name
        address = file.address
        date = file.date.flatMap { CivilDate(iso: $0) }
        text = file.subject.isEmpty ? file.text : "\(file.subject)\n\n\(file.text)"
    }
}
