import DeskKit
import Identifiers

/// What must hold of a profile before it is stored, beside what its types say.
enum ProfileCheck {
    /// The identifiers that can be asked of a client.
    static let identifiers: Set<String> = [
        "pl_nip", "pl_regon", "pl_krs", "pl_pesel", "hu_tax_number", "hu_company_reg", "hu_tax_id", "ru_inn", "ru_ogrn",
        "ru_ogrnip", "ru_kpp", "ru_snils", "eu_vat",
    ]

    /// Keys that would hide a page of the console behind a portal's.
    static let wordsOfPaths: Set<String> = ["new", "all"]

    static func problems(_ identity: PortalIdentity, _ rules: PortalRules) -> [ProfileProblem] {
        var check = Checker()
        check.identity(identity)
        check.signIn(rules)
        check.lists(rules)
        check.contact(rules)
        check.callers(rules.callerRules)
        return check.problems
    }

    private struct Checker {
        var problems: [ProfileProblem] = []

        mutating func require(_ holds: Bool, _ field: String, _ reason: ProfileProblem.Reason) {
            if !holds { problems.append(ProfileProblem(field, reason)) }
        }

        mutating func range(_ value: Int?, _ range: ClosedRange<Int>, _ field: String) {
            if let value { require(range.contains(value), field, .outOfRange) }
        }

        mutating func identity(_ identity: PortalIdentity) {
            let key = identity.key
            require(
                (2...31).contains(key.utf8.count) && key.first?.isLetter == true && key.utf8.allSatisfy(isKeyByte)
                    && !ProfileCheck.wordsOfPaths.contains(key),
                "key",
                .malformed
            )
            require(!identity.name.isEmpty, "name", .empty)
            require(isCapitals(identity.country, 2), "country", .malformed)
            require(isCapitals(identity.currency, 3), "currency", .malformed)
            require(!identity.timeZone.isEmpty, "timeZone", .empty)
            require(!identity.languages.isEmpty, "languages", .empty)
            require(identity.languages.allSatisfy(["en", "pl", "hu", "ru"].contains), "languages", .malformed)
            require(Set(identity.languages).count == identity.languages.count, "languages", .twice)
        }

        mutating func signIn(_ rules: PortalRules) {
            range(rules.passwordRule.minLength, 8...128, "passwordRule.minLength")
            range(rules.codeMinutes, 1...60, "codeMinutes")
            range(rules.codeTries, 1...10, "codeTries")
            range(rules.firstCodeHours, 1...720, "firstCodeHours")
            range(rules.temporaryPasswordMinutes, 5...1_440, "temporaryPasswordMinutes")
            range(rules.lockAfter, 3...100, "lockAfter")
            range(rules.accessWindowDays, 0...3_650, "accessWindowDays")
            range(rules.endedContractsVisibleDays, 0...3_650, "endedContractsVisibleDays")
            // A code by e-mail needs an address, which the login kind `phone` does not ask for, and vice versa.
            let isBySMS = rules.secondStep == .smsFirst || rules.secondStep == .smsEach
            require(!(rules.loginKind == .phone && rules.secondStep == .emailEach), "secondStep", .contradiction)
            require(!(rules.loginKind == .email && isBySMS), "secondStep", .contradiction)
        }

        mutating func lists(_ rules: PortalRules) {
            require(!rules.userRights.isEmpty, "userRights", .empty)
            unique(rules.userRights, "userRights")
            unique(rules.staffDecides ?? [], "staffDecides")
            require(!rules.applicationKinds.isEmpty, "applicationKinds", .empty)
            unique(rules.applicationKinds, "applicationKinds")
            require(!rules.regulationsVersion.isEmpty, "regulationsVersion", .empty)
            for kind in ClientKind.allCases {
                let field = "identifiers.\(kind.field)"
                unique(rules.identifiers[kind], field)
                let isKnown = rules.identifiers[kind].allSatisfy {
                    ProfileCheck.identifiers.contains($0) && IdentifierKind(rawValue: $0) != nil
                }
                require(isKnown, field, .unknownIdentifier)
            }
            let hasAny = ClientKind.allCases.contains { !rules.identifiers[$0].isEmpty }
            require(hasAny, "identifiers.company", .empty)
            for kind in rules.applicationKinds {
                let field = "documents.\(kind.field)"
                require(!rules.documents[kind].isEmpty, field, .empty)
                unique(rules.documents[kind], field)
            }
        }

        mutating func contact(_ rules: PortalRules) {
            range(rules.contactDeadline.number, 1...60, "contactDeadline.number")
            range(rules.requestDeadlines?.complaint.number, 1...60, "requestDeadlines.complaint.number")
            range(rules.requestDeadlines?.fault.number, 1...60, "requestDeadlines.fault.number")
            range(rules.requestDeadlines?.coolingOffDays, 0...30, "requestDeadlines.coolingOffDays")
            let sms = rules.senders.sms
            require(
                (1...15).contains(sms.utf8.count) && sms.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x20 }
                    && (sms.utf8.count <= 11 || sms.utf8.allSatisfy { (0x30...0x39).contains($0) }),
                "senders.sms",
                .malformed
            )
            require(!rules.senders.emailName.isEmpty && isOneLine(rules.senders.emailName), "senders.emailName", .empty)
            require(isAddress(rules.senders.emailAddress), "senders.emailAddress", .malformed)
            unique(rules.support.map(\.topic), "support.topic")
            for line in rules.support {
                require(isOneLine(line.phone), "support.\(line.topic.rawValue).phone", .malformed)
                require(line.email.map(isAddress) ?? true, "support.\(line.topic.rawValue).email", .malformed)
            }
            range(rules.reminders.paymentDaysBefore, 0...60, "reminders.paymentDaysBefore")
            let ladder = rules.reminders.insuranceDaysBefore
            require((1...8).contains(ladder.count), "reminders.insuranceDaysBefore", .outOfRange)
            for days in ladder { range(days, 0...365, "reminders.insuranceDaysBefore") }
            unique(ladder, "reminders.insuranceDaysBefore")
        }

        mutating func callers(_ rules: CallerRules) {
            let isAddress = rules.portalURL.hasPrefix("https://") && !rules.portalURL.hasSuffix("/")
            require(isAddress && isOneLine(rules.portalURL), "callers.portalURL", .malformed)
            range(rules.attemptsADay, 1...20, "callers.attemptsADay")
            range(rules.contactChangeHours, 1...336, "callers.contactChangeHours")
            range(rules.signInDelaySeconds, 0...300, "callers.signInDelaySeconds")
            range(rules.deviceTries, 1...20, "callers.deviceTries")
            range(rules.accessWarnDays, 1...90, "callers.accessWarnDays")
            unique(rules.methods.map(\.channel), "callers.methods")
            require(rules.methods.contains { !$0.steps.isEmpty }, "callers.methods", .empty)
            for method in rules.methods where !method.steps.isEmpty {
                let field = "callers.methods.\(method.channel.rawValue)"
                unique(method.steps, "\(field).steps")
                range(method.validMinutes, 1...1_440, "\(field).validMinutes")
                range(method.questions, method.steps.contains(.question) ? 1...5 : 0...5, "\(field).questions")
                // Facts of the record alone prove little (NIST SP 800-63A-4 §3.4), and a document needs its counter.
                let isByFacts = Set(method.steps) == [.question]
                require(!isByFacts || method.strength == .low, "\(field).strength", .contradiction)
                let isCalled = method.steps.contains(.callBack)
                require(!isCalled || method.channel == .callBack, "\(field).steps", .contradiction)
                require(
                    !method.steps.contains(.document) || method.channel == .counter,
                    "\(field).steps",
                    .contradiction
                )
            }
        }

        private mutating func unique(_ list: [some Hashable], _ field: String) {
            require(Set(list).count == list.count, field, .twice)
        }

        private func isKeyByte(_ byte: UInt8) -> Bool {
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }

        private func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        }

        private func isCapitals(_ text: String, _ count: Int) -> Bool {
            text.utf8.count == count && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        }

        private func isOneLine(_ text: String) -> Bool {
            text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        }

        private func isAddress(_ text: String) -> Bool {
            // An address does not depend on the day.
            guard let day = CivilDate(dayNumber: 0) else { return false }
            return (try? IdentifierKind.email.check(text, today: day).valid) ?? false
        }
    }
}

extension ClientKind {
    /// Its name in the profile's JSON.
    package var field: String {
        switch self {
        case .company: "company"
        case .soleTrader: "soleTrader"
        case .person: "person"
        }
    }
}

extension ApplicationKind {
    /// Its name in the profile's JSON.
    package var field: String {
        switch self {
        case .portalUsers: "portalUsers"
        case .office: "office"
        }
    }
}
