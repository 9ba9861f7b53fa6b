import DeskKit
import Portals

/// Makes of a form without findings what the neighbours are asked to create.
struct Drafting: Sendable {
    let check: FormCheck
    let application: ApplicationID

    private var plan: FormPlan { check.plan }
    private var answers: Answers { plan.answers }

    /// Nil where the form is not complete.
    var client: ClientDraft? {
        guard let name = check.read("client.name"), let country = check.read("client.country"),
            let language = check.read("client.language")
        else { return nil }
        let numbers = plan.portal.rules.identifiers[plan.clientKind].compactMap { kind in
            check.read("client.number.\(kind)").map { ClientDraft.Number(kind: kind, value: $0) }
        }
        func number(_ column: NumberColumn) -> String? {
            numbers.first { NumberColumn.of($0.kind) == column }?.value
        }
        return ClientDraft(
            portal: plan.portal.id,
            application: application,
            kind: plan.clientKind,
            name: name,
            country: country,
            language: language,
            numbers: numbers,
            taxNumber: number(.tax),
            registerNumber: number(.register),
            personalNumber: number(.personal),
            address: check.read("client.address"),
            contacts: contacts
        )
    }

    private var contacts: [ClientDraft.Contact] {
        let phone = check.read("client.phone").map { ClientDraft.Contact(kind: .phone, value: $0) }
        let email = check.read("client.email").map { ClientDraft.Contact(kind: .email, value: $0) }
        return [phone, email].compactMap { $0 }
    }

    /// Nil where one of them is not complete.
    var users: [UserDraft]? {
        let users = answers.items(.user).map { user($0) }
        let complete = users.compactMap { $0 }
        return complete.count == users.count && !complete.isEmpty ? complete : nil
    }

    private func user(_ item: Int) -> UserDraft? {
        let prefix = RepeatedPart.user.prefix(item)
        guard let login = check.read(prefix + "login"), let name = check.read(prefix + "name"),
            let language = check.read(prefix + "language"),
            let channel = UserDraft.ReminderChannel(rawValue: answers[prefix + "remind_by"])
        else { return nil }
        let kind = plan.portal.rules.loginKind
        let phone = check.read(prefix + "phone")
        let ownPhone = kind == .phone ? (login.hasPrefix("+") ? login : "+48" + login) : nil
        return UserDraft(
            login: login,
            name: name,
            phone: phone ?? ownPhone,
            email: check.read(prefix + "email") ?? (kind == .email ? login : nil),
            rights: plan.portal.rules.userRights.filter { answers.isOn(prefix + "right.\($0.rawValue)") },
            language: language,
            remindDaysBefore: check.read(prefix + "remind_days").flatMap { Int($0) },
            remindBy: channel,
            smsPassword: answers.isOn(prefix + "sms_password")
        )
    }
}

/// Which column of a client a number goes into.
enum NumberColumn: Sendable {
    case tax, register, personal

    static func of(_ kind: String) -> NumberColumn? {
        switch kind {
        case "pl_nip", "hu_tax_number", "ru_inn", "eu_vat": .tax
        case "pl_regon", "pl_krs", "hu_company_reg", "ru_ogrn", "ru_ogrnip", "ru_kpp": .register
        case "pl_pesel", "hu_tax_id", "hu_personal_id", "hu_taj", "ru_snils", "ru_passport", "pl_id_card", "hu_id_card":
            .personal
        default: nil
        }
    }
}
