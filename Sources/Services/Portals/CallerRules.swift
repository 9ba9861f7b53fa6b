/// How a portal deals with callers and with sign-ins that fail: the key `callers` of its profile. A profile without it
/// has the standard rules.
package struct CallerRules: Sendable, Hashable, Codable {
    /// Where the portal's own pages lie, "https://portal.example"; links in messages begin with it.
    package var portalURL: String
    /// So many failed verifications of one person in 24 hours leave only the counter.
    package var attemptsADay: Int
    package var methods: [VerificationMethod]
    package var strengths: ActionStrengths
    /// How long a changed phone or e-mail waits for a word from the old one (K5).
    package var contactChangeHours: Int
    /// Temporary passwords go only to users whose SMS option is on (M11).
    package var temporaryPasswordNeedsSMSOption: Bool
    /// The wait after the second wrong sign-in in a row; it doubles with each further one, up to a quarter of an hour.
    package var signInDelaySeconds: Int
    /// Wrong sign-ins that a known device has to itself, so that strangers cannot keep its owner out.
    package var deviceTries: Int
    package var recovery: Recovery
    /// How many days before access ends the client is told (K12).
    package var accessWarnDays: Int

    package static let standard = CallerRules(
        portalURL: "https://portal.example",
        attemptsADay: 3,
        methods: [
            VerificationMethod(
                channel: .phone,
                steps: [.question],
                questions: 3,
                strength: .low,
                validMinutes: 15
            ),
            VerificationMethod(
                channel: .callBack,
                steps: [.callBack, .question],
                questions: 2,
                strength: .substantial,
                validMinutes: 30
            ),
            VerificationMethod(
                channel: .counter,
                steps: [.document],
                questions: 0,
                strength: .high,
                validMinutes: 120
            ),
        ],
        strengths: ActionStrengths(unlock: .low, password: .substantial, contact: .substantial, access: .substantial),
        contactChangeHours: 24,
        temporaryPasswordNeedsSMSOption: false,
        signInDelaySeconds: 2,
        deviceTries: 5,
        recovery: .smsCode,
        accessWarnDays: 14
    )

    package func method(_ channel: VerificationMethod.Channel) -> VerificationMethod? {
        methods.first { $0.channel == channel && !$0.steps.isEmpty }
    }
}

/// How sure it is that somebody is who they say; after the levels of Regulation (EU) 2015/1502.
package enum VerificationStrength: String, Codable, CaseIterable, Sendable, Comparable {
    case low, substantial, high

    package static func < (left: Self, right: Self) -> Bool {
        allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
}

/// One way to find out who somebody is: its steps, what it proves and for how long.
package struct VerificationMethod: Sendable, Hashable, Codable {
    package enum Channel: String, Codable, CaseIterable, Sendable {
        /// In the call that came in.
        case phone
        /// In a call that staff make to the number on file.
        case callBack = "call_back"
        case counter
    }

    package enum Step: String, Codable, CaseIterable, Sendable {
        /// Questions from the record; the answers are typed and the program compares them.
        case question
        case callBack = "call_back"
        /// The original of an identity document in hand.
        case document
    }

    package var channel: Channel
    package var steps: [Step]
    /// How many questions are drawn, where there is a step of questions.
    package var questions: Int
    package var strength: VerificationStrength
    package var validMinutes: Int

    package init(
        channel: Channel,
        steps: [Step],
        questions: Int,
        strength: VerificationStrength,
        validMinutes: Int
    ) {
        self.channel = channel
        self.steps = steps
        self.questions = questions
        self.strength = strength
        self.validMinutes = validMinutes
    }
}

/// Which strength an action asks for. What only protects (lock, end sessions, threat suspected) asks for none.
package struct ActionStrengths: Sendable, Hashable, Codable {
    package var unlock: VerificationStrength
    /// Temporary password and activation link.
    package var password: VerificationStrength
    /// Another phone or e-mail.
    package var contact: VerificationStrength
    /// Accesses given or taken, an account closed.
    package var access: VerificationStrength

    package init(
        unlock: VerificationStrength,
        password: VerificationStrength,
        contact: VerificationStrength,
        access: VerificationStrength
    ) {
        self.unlock = unlock
        self.password = password
        self.contact = contact
        self.access = access
    }
}

/// How a client who forgot the password gets in again (K7, L4, A2, M11).
package enum Recovery: String, Codable, CaseIterable, Sendable {
    /// A code to the account's phone.
    case smsCode = "sms_code"
    /// A link to the account's e-mail, good once.
    case emailLink = "email_link"
    /// Not by the portal: another entitled user or the helpdesk.
    case staff
}

extension PortalRules {
    /// The rules for callers, standard ones where the profile has none of its own.
    package var callerRules: CallerRules { callers ?? .standard }
}
