package import DeskWeb

/// One section of the profile's form.
package struct PortalSection: Sendable {
    package enum Kind: Sendable {
        case field, select, check, choices
    }

    /// A field with the component that shows it: exactly one of these is there.
    package struct Item: Sendable {
        let field: FieldView?
        let select: FieldView?
        let check: FieldView?
        let choices: FieldView?

        init(_ kind: Kind, _ view: FieldView) {
            field = kind == .field ? view : nil
            select = kind == .select ? view : nil
            check = kind == .check ? view : nil
            choices = kind == .choices ? view : nil
        }
    }

    package let title: String
    package let items: [Item]
}

extension PortalForm {
    /// All sections, filled from the form as typed or else from the stored profile.
    package static func sections(
        _ portal: PortalProfile,
        _ words: Words,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) -> [PortalSection] {
        let build = SectionBuilder(
            portal: portal,
            rules: portal.rules,
            words: words,
            fields: Fields(words, form: form, errors: errors)
        )
        return [
            build.identity, build.signIn, build.clients, build.applications, build.contact, build.reminders,
            build.callers,
        ]
    }
}

/// Labels are `portals.field.<path with underscores>`, texts of choices `portals.<code>.<raw value>`.
struct SectionBuilder {
    let portal: PortalProfile
    let rules: PortalRules
    let words: Words
    let fields: Fields

    var identity: PortalSection {
        section(
            "identity",
            [
                text("name", portal.name, max: 120), text("country", portal.country, max: 2),
                text("timeZone", portal.timeZone, max: 60), text("currency", portal.currency, max: 3),
                text("languages", portal.languages.joined(separator: ", "), hint: "portals.hint.list"),
            ]
        )
    }

    var signIn: PortalSection {
        section(
            "sign_in",
            [
                select("loginKind", LoginKind.allCases, rules.loginKind, "login_kind"),
                select("secondStep", SecondStep.allCases, rules.secondStep, "second_step"),
                number("passwordRule.minLength", rules.passwordRule.minLength),
                check("passwordRule.needsLetters", rules.passwordRule.needsLetters),
                check("passwordRule.needsDigits", rules.passwordRule.needsDigits),
                number("codeMinutes", rules.codeMinutes), number("codeTries", rules.codeTries),
                select("firstCodeChannel", Channel.allCases, rules.firstCodeChannel, "channel"),
                number("firstCodeHours", rules.firstCodeHours),
                number("temporaryPasswordMinutes", rules.temporaryPasswordMinutes),
                number("lockAfter", rules.lockAfter),
            ]
        )
    }

    var clients: PortalSection {
        section(
            "clients",
            [
                number("accessWindowDays", rules.accessWindowDays, hint: "portals.hint.open", isRequired: false),
                number(
                    "endedContractsVisibleDays",
                    rules.endedContractsVisibleDays,
                    hint: "portals.hint.open",
                    isRequired: false
                ),
                check("arrearsBlockSelfService", rules.arrearsBlockSelfService),
                choices("staffDecides", ClientDatum.allCases, rules.staffDecides ?? [], "client_datum"),
                choices("userRights", UserRight.allCases, rules.userRights, "user_right"),
            ]
        )
    }

    var applications: PortalSection {
        section(
            "applications",
            [
                choices("applicationKinds", ApplicationKind.allCases, rules.applicationKinds, "application_kind"),
                text("regulationsVersion", rules.regulationsVersion, max: 40),
            ]
                + ClientKind.allCases.map { kind in
                    text(
                        "identifiers.\(kind.field)",
                        rules.identifiers[kind].joined(separator: ", "),
                        hint: "portals.hint.identifiers",
                        isRequired: false
                    )
                } + [
                    choices("documents.portalUsers", DocumentKind.allCases, rules.documents.portalUsers, "document"),
                    choices(
                        "documents.\(ApplicationKind.office.field)",
                        DocumentKind.allCases,
                        rules.documents.office,
                        "document"
                    ),
                ]
        )
    }

    var contact: PortalSection {
        section(
            "contact",
            [
                number("contactDeadline.number", rules.contactDeadline.number),
                select("contactDeadline.unit", Deadline.Unit.allCases, rules.contactDeadline.unit, "unit"),
                number("requestDeadlines.complaint.number", rules.deadlines.complaint.number),
                select(
                    "requestDeadlines.complaint.unit",
                    Deadline.Unit.allCases,
                    rules.deadlines.complaint.unit,
                    "unit"
                ),
                number("requestDeadlines.fault.number", rules.deadlines.fault.number),
                select("requestDeadlines.fault.unit", Deadline.Unit.allCases, rules.deadlines.fault.unit, "unit"),
                number("requestDeadlines.coolingOffDays", rules.deadlines.coolingOffDays),
                text("senders.sms", rules.senders.sms, hint: "portals.hint.sms", max: 15),
                text("senders.emailName", rules.senders.emailName, max: 80),
                text("senders.emailAddress", rules.senders.emailAddress),
                check("transliteratesSMS", rules.transliteratesSMS),
            ] + SupportLine.Topic.allCases.flatMap(support)
        )
    }

    var reminders: PortalSection {
        section(
            "reminders",
            [
                number("reminders.paymentDaysBefore", rules.reminders.paymentDaysBefore),
                text(
                    "reminders.insuranceDaysBefore",
                    rules.reminders.insuranceDaysBefore.map(String.init).joined(separator: ", "),
                    hint: "portals.hint.list"
                ),
                select(PortalForm.reminderChannel, Channel.allCases, rules.reminders.channel, "channel"),
            ]
        )
    }

    private func support(_ topic: SupportLine.Topic) -> [PortalSection.Item] {
        let line = rules.support.first { $0.topic == topic }
        let field = "support.\(topic.rawValue)"
        return [
            text("\(field).phone", line?.phone ?? "", max: 30, isRequired: false),
            text("\(field).email", line?.email ?? "", isRequired: false),
            text("\(field).hours", line?.hours ?? "", max: 120, isRequired: false),
        ]
    }

    func section(_ name: String, _ items: [PortalSection.Item]) -> PortalSection {
        PortalSection(title: words("portals.section.\(name)"), items: items)
    }

    private func label(_ path: String) -> String {
        "portals.field." + path.replacing(".", with: "_")
    }

    func text(
        _ path: String,
        _ value: String,
        hint: String? = nil,
        max: Int = 200,
        isRequired: Bool = true
    ) -> PortalSection.Item {
        .init(.field, fields.text(path, label(path), value, hint: hint, isRequired: isRequired, max: max))
    }

    func number(
        _ path: String,
        _ value: Int?,
        hint: String? = nil,
        isRequired: Bool = true
    ) -> PortalSection.Item {
        let text = value.map { "\($0)" } ?? ""
        return .init(
            .field,
            fields.text(path, label(path), text, kind: .number, hint: hint, isRequired: isRequired, max: 6)
        )
    }

    func check(_ path: String, _ isOn: Bool) -> PortalSection.Item {
        .init(.check, fields.check(path, label(path), isOn: isOn))
    }

    func select<Code: RawRepresentable>(
        _ path: String,
        _ all: [Code],
        _ chosen: Code,
        _ codes: String
    ) -> PortalSection.Item where Code.RawValue == String {
        .init(
            .select,
            fields.options(path, label(path), options(all, codes), chosen: [chosen.rawValue])
        )
    }

    func choices<Code: RawRepresentable>(
        _ path: String,
        _ all: [Code],
        _ chosen: [Code],
        _ codes: String
    ) -> PortalSection.Item where Code.RawValue == String {
        .init(
            .choices,
            fields.options(
                path,
                label(path),
                options(all, codes),
                chosen: Set(chosen.map(\.rawValue)),
                isRequired: false
            )
        )
    }

    private func options<Code: RawRepresentable>(_ all: [Code], _ codes: String) -> [(value: String, text: String)]
    where Code.RawValue == String {
        all.map { ($0.rawValue, words("portals.\(codes).\($0.rawValue)")) }
    }
}
