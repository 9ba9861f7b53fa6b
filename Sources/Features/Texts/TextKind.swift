import Postgres

/// What a portal publishes.
package enum TextKind: String, Codable, CaseIterable, Sendable, PostgresValue {
    case privacyPolicy = "privacy_policy"
    case cookiePolicy = "cookie_policy"
    case regulations
    /// Accepts electronic communication (L1).
    case declaration
    /// What somebody is asked to agree to, a text for each purpose.
    case consent
    /// Safeguards and advice (K14, M12).
    case security
    /// Hours and ways to reach people (K15, M13).
    case support
    case sisterServices = "sister_services"
    /// The user manual and supported browsers (L11).
    case manual

    /// Whether a portal has one of it.
    package var isSingle: Bool { self != .consent }

    /// The word in addresses: "privacy-policy".
    package var key: String { rawValue.replacing("_", with: "-") }

    /// How many days before it takes effect a change that clients are told of must be approved, unless a portal's text
    /// says otherwise.
    var noticeDays: Int {
        switch self {
        case .privacyPolicy, .regulations: 14
        case .cookiePolicy, .declaration, .consent, .security, .support, .sisterServices, .manual: 0
        }
    }
}

/// How much a change means to clients (EDPB 05/2020: consent is asked anew for changed processing, not for wording).
package enum ChangeClass: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// Wording alone: nobody is told.
    case editorial
    /// What clients must know changes: they are told.
    case material
    /// A new purpose, recipient, category or cookie: consent is asked again, for the changed purposes only.
    case consent

    /// Whether clients get a message about it.
    var isTold: Bool { self != .editorial }
}

/// Where a version is on its way, as it is stored.
enum VersionState: String, Codable, CaseIterable, Sendable, PostgresValue {
    case draft, review, published, withdrawn, discarded
}

/// The same as people see it: what is published is scheduled, live or superseded by its range alone.
package enum Standing: String, Codable, CaseIterable, Sendable {
    case draft, review, scheduled, live, superseded, withdrawn, discarded
}

/// Why a step is not done; pages say it as `texts.refused.<raw value>`. The database refuses the same.
enum TextRefusal: String, Error, CaseIterable {
    case exists
    case versionInHand = "version_in_hand"
    /// Somebody else changed it since the page was shown.
    case changedMeanwhile = "changed_meanwhile"
    case notDraft = "not_draft"
    case notInReview = "not_in_review"
    case notPublished = "not_published"
    case ownWork = "own_work"
    case languageMissing = "language_missing"
    case translationStale = "translation_stale"
    case nothingChanged = "nothing_changed"
    case dayPast = "day_past"
    case noticeTooShort = "notice_too_short"
    case dayTaken = "day_taken"
    /// The second person sees the change as another class than the first.
    case classDiffers = "class_differs"
    /// Cookies were seen that nobody has described yet.
    case cookiesUnknown = "cookies_unknown"
    case noPurpose = "no_purpose"
    case tooLarge = "too_large"
    case tooDeep = "too_deep"
    case tooManyParts = "too_many_parts"
}
