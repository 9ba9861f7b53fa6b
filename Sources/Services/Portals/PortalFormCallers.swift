import DeskWeb

/// The section of the profile's form about callers; a method without steps is not offered.
extension PortalForm {
    static func callers(_ read: inout FormReader) -> CallerRules? {
        // A form of an earlier page, or of a program, that knows nothing of callers leaves the standard rules.
        guard read.form.has("callers.portalURL") else { return nil }
        let url = read.text("callers.portalURL", max: 200)
        let attempts = read.integer("callers.attemptsADay", in: 1...20)
        let hours = read.integer("callers.contactChangeHours", in: 1...336)
        let delay = read.integer("callers.signInDelaySeconds", in: 0...300)
        let tries = read.integer("callers.deviceTries", in: 1...20)
        let recovery = read.choice("callers.recovery", Recovery.self)
        let warn = read.integer("callers.accessWarnDays", in: 1...90)
        let methods = VerificationMethod.Channel.allCases.compactMap { method($0, &read) }
        let strengths = strengths(&read)
        guard let url, let attempts, let hours, let delay, let tries, let recovery, let warn, let strengths else {
            return nil
        }
        return CallerRules(
            portalURL: url,
            attemptsADay: attempts,
            methods: methods,
            strengths: strengths,
            contactChangeHours: hours,
            temporaryPasswordNeedsSMSOption: read.isOn("callers.temporaryPasswordNeedsSMSOption"),
            signInDelaySeconds: delay,
            deviceTries: tries,
            recovery: recovery,
            accessWarnDays: warn
        )
    }

    private static func method(_ channel: VerificationMethod.Channel, _ read: inout FormReader) -> VerificationMethod? {
        let field = "callers.methods.\(channel.rawValue)"
        let steps = read.choices("\(field).steps", VerificationMethod.Step.self)
        guard !steps.isEmpty else { return nil }
        let questions = read.integer("\(field).questions", in: 0...5)
        let strength = read.choice("\(field).strength", VerificationStrength.self)
        let minutes = read.integer("\(field).validMinutes", in: 1...1_440)
        guard let questions, let strength, let minutes else { return nil }
        return VerificationMethod(
            channel: channel,
            steps: steps,
            questions: questions,
            strength: strength,
            validMinutes: minutes
        )
    }

    private static func strengths(_ read: inout FormReader) -> ActionStrengths? {
        let unlock = read.choice("callers.strengths.unlock", VerificationStrength.self)
        let password = read.choice("callers.strengths.password", VerificationStrength.self)
        let contact = read.choice("callers.strengths.contact", VerificationStrength.self)
        let access = read.choice("callers.strengths.access", VerificationStrength.self)
        guard let unlock, let password, let contact, let access else { return nil }
        return ActionStrengths(unlock: unlock, password: password, contact: contact, access: access)
    }
}

extension SectionBuilder {
    var callers: PortalSection {
        let callers = rules.callerRules
        let all = VerificationStrength.allCases
        return section(
            "callers",
            [
                text("callers.portalURL", callers.portalURL),
                number("callers.attemptsADay", callers.attemptsADay),
                number("callers.contactChangeHours", callers.contactChangeHours),
                check("callers.temporaryPasswordNeedsSMSOption", callers.temporaryPasswordNeedsSMSOption),
                number("callers.signInDelaySeconds", callers.signInDelaySeconds),
                number("callers.deviceTries", callers.deviceTries),
                select("callers.recovery", Recovery.allCases, callers.recovery, "recovery"),
                number("callers.accessWarnDays", callers.accessWarnDays),
                select("callers.strengths.unlock", all, callers.strengths.unlock, "strength"),
                select("callers.strengths.password", all, callers.strengths.password, "strength"),
                select("callers.strengths.contact", all, callers.strengths.contact, "strength"),
                select("callers.strengths.access", all, callers.strengths.access, "strength"),
            ] + VerificationMethod.Channel.allCases.flatMap { method($0, callers) }
        )
    }

    private func method(_ channel: VerificationMethod.Channel, _ callers: CallerRules) -> [PortalSection.Item] {
        let method = callers.methods.first { $0.channel == channel }
        let field = "callers.methods.\(channel.rawValue)"
        return [
            choices("\(field).steps", VerificationMethod.Step.allCases, method?.steps ?? [], "verification_step"),
            number("\(field).questions", method?.questions ?? 0),
            select("\(field).strength", VerificationStrength.allCases, method?.strength ?? .low, "strength"),
            number("\(field).validMinutes", method?.validMinutes ?? 15),
        ]
    }
}
