import DeskKit
import DeskWeb
import Portals
import Transport

/// Which form is asked for: a kind, and for text messages whether its fields begin with Kannel's.
enum ProviderPreset: String, CaseIterable, Sendable {
    case localSMS = "local_sms"
    case localEmail = "local_email"
    case smtp
    case kannel
    case httpSMS = "http_sms"

    /// With delivery reports asked for: delivered, failed and rejected.
    private static var kannelWithReceipts: SMSGateway {
        var gateway = SMSGateway.kannel(url: "http://127.0.0.1:13013/cgi-bin/sendsms", sender: "")
        gateway.parameters += [.init("dlr-mask", "19"), .init("dlr-url", "{receipt_url}&status=%d&id=%F")]
        return gateway
    }

    /// What its empty form begins with.
    var settings: ProviderSettings {
        switch self {
        case .localSMS: .local(.sms)
        case .localEmail: .local(.email)
        case .smtp: .smtp(.init(host: "", port: 587, encryption: .startTLS, user: ""))
        case .kannel: .sms(.init(gateway: Self.kannelWithReceipts, user: "", receipt: .kannel))
        case .httpSMS: .sms(.init(gateway: SMSGateway(url: "", placement: .form, parameters: []), user: ""))
        }
    }
}

/// Reads a provider's form; what is wrong is noted at its field.
struct ProviderForm {
    private(set) var read: FormReader

    init(_ form: Form) {
        read = FormReader(form)
    }

    /// Nil when something is wrong. `start` says which kind it is.
    mutating func draft(of start: ProviderSettings) -> ProviderDraft? {
        let name = read.text("name", max: 80)
        let settings: ProviderSettings? =
            switch start {
            case .local: start
            case .smtp: smtp()
            case .sms: sms()
            }
        let perMinute = read.form["per_minute"].isEmpty ? nil : read.integer("per_minute", in: 1...60_000)
        let typed = read.form["secret"]
        guard let name, let settings, read.errors.isEmpty else { return nil }
        do {
            try settings.validate()
        } catch {
            note(error, settings)
            return nil
        }
        return ProviderDraft(
            name: name,
            settings: settings,
            perMinute: perMinute,
            secret: typed.isEmpty ? nil : Redacted(typed)
        )
    }

    mutating func note(_ refusal: SaveProvider.Refusal) {
        switch refusal {
        case .secretForNewAddress: read.errors.add("secret", "messaging.provider.refused.secret_for_new_address")
        default: read.errors.add("messaging.provider.refused.\(refusal.rawValue)")
        }
    }

    private mutating func smtp() -> ProviderSettings? {
        let host = read.text("host", max: 253)
        let port = read.integer("port", in: 1...65_535)
        let encryption = read.choice("encryption", SMTPServer.Encryption.self)
        let user = read.optionalText("user") ?? ""
        guard let host, let port, let encryption else { return nil }
        return .smtp(.init(host: host, port: port, encryption: encryption, user: user))
    }

    private mutating func sms() -> ProviderSettings? {
        let url = read.text("url", max: 1_000)
        let placement = read.choice("placement", SMSGateway.Placement.self)
        let charset = read.choice("charset", SMSGateway.Charset.self)
        let parameters = pairs("parameters")
        let headers = pairs("headers")
        let statuses = statuses()
        let user = read.optionalText("user") ?? ""
        let sender = read.optionalText("sender", max: 16) ?? ""
        guard let url, let placement, let charset, let parameters, let headers, let statuses else { return nil }
        let gateway = SMSGateway(
            url: url,
            placement: placement,
            charset: charset,
            parameters: parameters,
            headers: headers,
            sender: sender,
            successStatuses: statuses,
            successPattern: read.optionalText("success_pattern"),
            idPattern: read.optionalText("id_pattern"),
            permanentPattern: read.optionalText("permanent_pattern"),
            temporaryPattern: read.optionalText("temporary_pattern")
        )
        return .sms(.init(gateway: gateway, user: user, receipt: receipt()))
    }

    /// Nil where the gateway gives none.
    private mutating func receipt() -> ReceiptWords? {
        let pattern = { (read: inout FormReader, field: String) -> String in
            let text = read.optionalText(field) ?? ""
            if !text.isEmpty, (try? Regex(text)) == nil {
                read.errors.add(field, "messaging.provider.problem.pattern")
            }
            return text
        }
        let delivered = pattern(&read, "receipt_delivered")
        let failed = pattern(&read, "receipt_failed")
        let names = ["receipt_reference", "receipt_id"].map { read.optionalText($0, max: 40) ?? "" }
        guard let status = read.optionalText("receipt_status", max: 40) else { return nil }
        return ReceiptWords(
            reference: names[0],
            id: names[1],
            status: status,
            delivered: delivered,
            failed: failed
        )
    }

    /// One "name = value" a line.
    private mutating func pairs(_ field: String) -> [SMSGateway.Parameter]? {
        let text = read.optionalText(field, max: 4_000, lines: true) ?? ""
        var pairs: [SMSGateway.Parameter] = []
        for line in text.split(separator: "\n") {
            let halves = line.split(separator: "=", maxSplits: 1).map(\.trimmingBlanks)
            guard halves.count == 2, !halves[0].isEmpty else {
                read.errors.add(field, "messaging.provider.refused.pair", ["line": .text(String(line.prefix(40)))])
                return nil
            }
            pairs.append(.init(halves[0], halves[1]))
        }
        return pairs
    }

    private mutating func statuses() -> [Int]? {
        guard let text = read.text("statuses", max: 100) else { return nil }
        let words = text.split { $0 == "," || $0 == " " }
        let numbers = words.compactMap { Int($0) }.filter { (200...599).contains($0) }
        guard numbers.count == words.count, !numbers.isEmpty else {
            read.errors.add("statuses", "messaging.provider.refused.statuses")
            return nil
        }
        return numbers
    }

    private mutating func note(_ problem: SettingsProblem, _ settings: ProviderSettings) {
        let key = { (word: String) in "messaging.provider.problem.\(word)" }
        switch problem {
        case .host, .helloName: read.errors.add("host", key("host"))
        case .port: read.errors.add("port", key("port"))
        case .url: read.errors.add("url", key("url"))
        case .parameterName: read.errors.add("parameters", key("parameter_name"))
        case .placeholder(let name):
            let field = inHeaders(name, settings) ? "headers" : "parameters"
            read.errors.add(field, key("placeholder"), ["name": .text("{\(name)}")])
        case .pattern(let pattern): read.errors.add(self.field(of: pattern, settings), key("pattern"))
        case .header: read.errors.add("headers", key("header"))
        case .passwordInTheClear: read.errors.add("encryption", key("password_in_the_clear"))
        }
    }

    private func inHeaders(_ name: String, _ settings: ProviderSettings) -> Bool {
        guard case .sms(let sms) = settings else { return false }
        return !sms.gateway.parameters.contains { $0.value.contains("{\(name)}") }
    }

    private func field(of pattern: String, _ settings: ProviderSettings) -> String {
        guard case .sms(let sms) = settings else { return "success_pattern" }
        let gateway = sms.gateway
        if gateway.successPattern == pattern { return "success_pattern" }
        if gateway.idPattern == pattern { return "id_pattern" }
        return gateway.permanentPattern == pattern ? "permanent_pattern" : "temporary_pattern"
    }
}
