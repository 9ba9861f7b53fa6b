package import DeskWeb

/// The form of a profile: fields bear the names of the JSON's paths, lists are typed with commas between.
package enum PortalForm {
    /// Put together, since in one piece it would read as a key of the catalogue's file of reminders.
    static let reminderChannel = "reminders" + ".channel"

    /// Reads what was posted; the key is the stored one. Nil when a field does not read, with its sentence in `errors`.
    package static func read(_ form: Form, key: String) -> (identity: PortalIdentity?, rules: PortalRules?, FieldErrors)
    {
        var read = FormReader(form)
        let identity = identity(&read, key: key)
        let rules = rules(&read)
        return (identity, rules, read.errors)
    }

    private static func identity(_ read: inout FormReader, key: String) -> PortalIdentity? {
        guard let name = read.text("name", max: 120), let country = read.text("country", max: 2),
            let zone = read.text("timeZone", max: 60), let currency = read.text("currency", max: 3)
        else { return nil }
        let languages = list(&read, "languages")
        return PortalIdentity(
            key: key,
            name: name,
            country: country.uppercased(),
            timeZone: zone,
            currency: currency.uppercased(),
            languages: languages
        )
    }

    private static func rules(_ read: inout FormReader) -> PortalRules? {
        let signIn = signIn(&read)
        let parts = parts(&read)
        guard let signIn, let parts else { return nil }
        return PortalRules(
            loginKind: signIn.loginKind,
            secondStep: signIn.secondStep,
            passwordRule: signIn.passwordRule,
            codeMinutes: signIn.codeMinutes,
            codeTries: signIn.codeTries,
            firstCodeChannel: signIn.firstCodeChannel,
            firstCodeHours: signIn.firstCodeHours,
            temporaryPasswordMinutes: signIn.temporaryPasswordMinutes,
            lockAfter: signIn.lockAfter,
            accessWindowDays: optionalNumber(&read, "accessWindowDays", 0...3_650),
            endedContractsVisibleDays: optionalNumber(&read, "endedContractsVisibleDays", 0...3_650),
            arrearsBlockSelfService: read.isOn("arrearsBlockSelfService"),
            staffDecides: read.choices("staffDecides", ClientDatum.self),
            userRights: read.choices("userRights", UserRight.self),
            applicationKinds: read.choices("applicationKinds", ApplicationKind.self),
            regulationsVersion: parts.regulations,
            identifiers: ClientIdentifiers(
                company: list(&read, "identifiers.company"),
                soleTrader: list(&read, "identifiers.soleTrader"),
                person: list(&read, "identifiers.person")
            ),
            documents: DocumentChecklists(
                portalUsers: read.choices("documents.portalUsers", DocumentKind.self),
                office: read.choices("documents.\(ApplicationKind.office.field)", DocumentKind.self)
            ),
            contactDeadline: parts.deadline,
            requestDeadlines: requestDeadlines(&read),
            senders: parts.senders,
            support: support(&read),
            transliteratesSMS: read.isOn("transliteratesSMS"),
            reminders: parts.reminders,
            callers: callers(&read)
        )
    }

    private struct SignInPart {
        let loginKind: LoginKind
        let secondStep: SecondStep
        let passwordRule: PasswordRule
        let codeMinutes: Int
        let codeTries: Int
        let firstCodeChannel: Channel
        let firstCodeHours: Int
        let temporaryPasswordMinutes: Int
        let lockAfter: Int
    }

    private static func signIn(_ read: inout FormReader) -> SignInPart? {
        let kind = read.choice("loginKind", LoginKind.self)
        let step = read.choice("secondStep", SecondStep.self)
        let length = read.integer("passwordRule.minLength", in: 8...128)
        let minutes = read.integer("codeMinutes", in: 1...60)
        let tries = read.integer("codeTries", in: 1...10)
        let channel = read.choice("firstCodeChannel", Channel.self)
        let hours = read.integer("firstCodeHours", in: 1...720)
        let temporary = read.integer("temporaryPasswordMinutes", in: 5...1_440)
        let lock = read.integer("lockAfter", in: 3...100)
        guard let kind, let step, let length, let minutes, let tries, let channel, let hours, let temporary, let lock
        else { return nil }
        return SignInPart(
            loginKind: kind,
            secondStep: step,
            passwordRule: PasswordRule(
                minLength: length,
                needsLetters: read.isOn("passwordRule.needsLetters"),
                needsDigits: read.isOn("passwordRule.needsDigits")
            ),
            codeMinutes: minutes,
            codeTries: tries,
            firstCodeChannel: channel,
            firstCodeHours: hours,
            temporaryPasswordMinutes: temporary,
            lockAfter: lock
        )
    }

    private struct OtherParts {
        let regulations: String
        let deadline: Deadline
        let senders: Senders
        let reminders: ReminderDefaults
    }

    private static func parts(_ read: inout FormReader) -> OtherParts? {
        let regulations = read.text("regulationsVersion", max: 40)
        let number = read.integer("contactDeadline.number", in: 1...60)
        let unit = read.choice("contactDeadline.unit", Deadline.Unit.self)
        let sms = read.text("senders.sms", max: 15)
        let name = read.text("senders.emailName", max: 80)
        let address = read.text("senders.emailAddress", max: 200)
        let days = read.integer("reminders.paymentDaysBefore", in: 0...60)
        let ladder = numbers(&read, "reminders.insuranceDaysBefore")
        let channel = read.choice(reminderChannel, Channel.self)
        guard let regulations, let number, let unit, let sms, let name, let address, let days, let ladder, let channel
        else { return nil }
        return OtherParts(
            regulations: regulations,
            deadline: Deadline(number: number, unit: unit),
            senders: Senders(sms: sms, emailName: name, emailAddress: address),
            reminders: ReminderDefaults(paymentDaysBefore: days, insuranceDaysBefore: ladder, channel: channel)
        )
    }

    /// A line per topic; one without a phone is not there.
    private static func support(_ read: inout FormReader) -> [SupportLine] {
        SupportLine.Topic.allCases.compactMap { topic in
            let field = "support.\(topic.rawValue)"
            let phone = read.optionalText("\(field).phone", max: 30)
            let email = read.optionalText("\(field).email", max: 200)
            let hours = read.optionalText("\(field).hours", max: 120)
            guard let phone else { return nil }
            return SupportLine(topic: topic, phone: phone, email: email, hours: hours ?? "")
        }
    }

    static func list(_ read: inout FormReader, _ name: String) -> [String] {
        (read.optionalText(name, max: 300) ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    private static func numbers(_ read: inout FormReader, _ name: String) -> [Int]? {
        let words = list(&read, name)
        let numbers = words.compactMap { Int($0) }
        guard !words.isEmpty, numbers.count == words.count else {
            read.errors.add(name, "portals.problem.malformed")
            return nil
        }
        return numbers
    }

    private static func optionalNumber(_ read: inout FormReader, _ name: String, _ range: ClosedRange<Int>) -> Int? {
        read.optionalText(name, max: 10) == nil ? nil : read.integer(name, in: range)
    }
}
