import Portals

extension FormPlan {
    func signatoryFields(_ item: Int) -> [FieldSpec] {
        let prefix = RepeatedPart.signatory.prefix(item)
        let papers = IdentityPaper.allCases.map(\.rawValue)
        let paper = IdentityPaper(rawValue: answers[prefix + "paper"]) ?? .card
        return [
            FieldSpec(prefix + "name", "onboarding.field.person_name"),
            .choice(prefix + "paper", "onboarding.field.paper", papers, words: { "onboarding.paper.\($0)" }),
            FieldSpec(
                prefix + "paper_number",
                "onboarding.field.paper_number",
                check: paper.check(country: portal.country)
            ),
            FieldSpec(
                prefix + "paper_expiry",
                "onboarding.field.paper_expiry",
                .date,
                required: paper.hasExpiry(country: portal.country),
                check: .date(notAfterToday: false),
                hint: "onboarding.hint.paper_expiry"
            ),
            .choice(
                prefix + "signs",
                "onboarding.field.signs",
                ["alone", "jointly"],
                words: { "onboarding.signs.\($0)" }
            ),
        ]
    }

    var witnessFields: [FieldSpec] {
        [
            FieldSpec("witness.name", "onboarding.field.witness_name", hint: "onboarding.hint.witness"),
            FieldSpec("witness.place", "onboarding.field.place"),
            FieldSpec("witness.date", "onboarding.field.signed_on", .date, check: .date(notAfterToday: true)),
            FieldSpec("witness.regulations", "onboarding.field.regulations", check: .text(max: 60)),
        ]
    }

    var officeFields: [FieldSpec] {
        let country = portal.country
        var fields = [
            FieldSpec("office.founded", "onboarding.field.founded", .date, check: .date(notAfterToday: true)),
            FieldSpec("office.contact", "onboarding.field.contact_person"),
            FieldSpec("office.certificate", "onboarding.field.certificate", check: .text(max: 100)),
        ]
        switch country {
        case "RU":
            fields.append(
                FieldSpec(
                    "office.account",
                    "onboarding.field.bank_account",
                    check: .identifier(kind: "ru_account", country: country),
                    hint: "onboarding.hint.ru_account"
                )
            )
        case "PL":
            fields.append(bankAccount("pl_nrb"))
        case "HU":
            fields.append(bankAccount("hu_giro"))
        default:
            fields.append(bankAccount("iban"))
        }
        return fields
    }

    private func bankAccount(_ kind: String) -> FieldSpec {
        FieldSpec(
            "office.account",
            "onboarding.field.bank_account",
            check: .identifier(kind: kind, country: portal.country)
        )
    }

    func userFields(_ item: Int) -> [FieldSpec] {
        let prefix = RepeatedPart.user.prefix(item)
        let country = portal.country
        let kind = portal.rules.loginKind
        let rights = portal.rules.userRights.map {
            FieldSpec.tick(prefix + "right.\($0.rawValue)", "onboarding.right.\($0.rawValue)")
        }
        let channels = UserDraft.ReminderChannel.allCases.map(\.rawValue)
        return [
            login(prefix, kind),
            FieldSpec(prefix + "name", "onboarding.field.person_name"),
            FieldSpec(
                prefix + "phone",
                "onboarding.field.user_phone",
                required: kind == .companyCode,
                check: .identifier(kind: "phone_sms", country: country),
                hint: kind == .phone ? "onboarding.hint.phone_is_login" : "onboarding.hint.first_code"
            ),
            FieldSpec(
                prefix + "email",
                "onboarding.field.user_email",
                required: false,
                check: .identifier(kind: "email", country: country)
            ),
        ] + rights + [
            language(prefix + "language"),
            FieldSpec(
                prefix + "remind_days",
                "onboarding.field.remind_days",
                required: false,
                check: .number(0...60),
                hint: "onboarding.hint.remind_days"
            ),
            .choice(
                prefix + "remind_by",
                "onboarding.field.remind_by",
                channels,
                words: { "onboarding.remind_by.\($0)" }
            ),
            .tick(prefix + "sms_password", "onboarding.field.sms_password", hint: "onboarding.hint.sms_password"),
        ]
    }

    private func login(_ prefix: String, _ kind: LoginKind) -> FieldSpec {
        let country = portal.country
        return switch kind {
        case .phone:
            FieldSpec(
                prefix + "login",
                "onboarding.field.login_phone",
                check: .phoneLogin(country: country),
                hint: country == "PL" ? "onboarding.hint.login_phone" : nil
            )
        case .companyCode:
            FieldSpec(
                prefix + "login",
                "onboarding.field.login_company",
                check: .companyLogin,
                hint: "onboarding.hint.login_company"
            )
        case .email:
            FieldSpec(
                prefix + "login",
                "onboarding.field.login_email",
                check: .identifier(kind: "email", country: country)
            )
        }
    }

    var documentFields: [FieldSpec] {
        checklist.map { .tick("seen.\($0.rawValue)", "portals.document.\($0.rawValue)") }
    }
}

/// What somebody shows to prove who they are.
enum IdentityPaper: String, CaseIterable, Sendable {
    case card, passport, other

    func check(country: String) -> ValueCheck {
        switch (self, country) {
        case (.card, "PL"): .identifier(kind: "pl_id_card", country: country)
        case (.passport, "PL"): .identifier(kind: "pl_passport", country: country)
        case (.card, "HU"): .identifier(kind: "hu_id_card", country: country)
        case (.passport, "HU"): .identifier(kind: "hu_passport", country: country)
        case (.passport, "RU"): .identifier(kind: "ru_passport", country: country)
        default: .text(max: 40)
        }
    }

    /// The internal passport of Russia prints no day of expiry.
    func hasExpiry(country: String) -> Bool {
        self != .other && !(self == .passport && country == "RU")
    }
}
