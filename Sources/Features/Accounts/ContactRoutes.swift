import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Identity
import Portals
import Postgres

/// Another phone or e-mail, and accesses: what an account's page asks for beside the actions.
struct ContactRoutes: Sendable {
    let room: AccountsRoom

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/accounts/{portal}/{id}/contact") { _, context in try await contact(context) }
        router.post("/accounts/{portal}/{id}/contact") { _, context in try await ask(context) }
        router.post("/accounts/{portal}/{id}/changes/{change}/approval") { _, context in
            try await settle(context, .accountsContactApprove, "accounts.done.approved") {
                contacts,
                id,
                place,
                session in
                try contacts.approve(id, by: place.staff.id, place.staff.actor, in: session)
            }
        }
        router.post("/accounts/{portal}/{id}/changes/{change}/refusal") { _, context in
            try await settle(context, .accountsContactApprove, "accounts.done.declined") {
                contacts,
                id,
                place,
                session in
                try contacts.decline(id, by: place.staff.id, place.staff.actor, in: session)
            }
        }
        router.post("/accounts/{portal}/{id}/changes/{change}/stop") { _, context in
            try await settle(context, .accountsContact, "accounts.done.stopped") { contacts, id, place, session in
                try contacts.stop(id, by: place.staff.actor, in: session)
            }
        }
        router.get("/accounts/{portal}/{id}/access") { _, context in try await access(context) }
        router.post("/accounts/{portal}/{id}/access") { _, context in try await changeAccess(context) }
    }

    // MARK: contact

    private func contact(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let place = try AccountPlace(context, .accountsContact)
        let needed = place.portal.rules.callerRules.strengths.contact
        guard var content = try await room.content(place, word: "contact", needs: needed) else {
            throw PageError.notFound
        }
        let words = context.words
        let fields = Fields(words, form: form, errors: errors)
        content.selects = [
            fields.options(
                "kind",
                "accounts.contact_kind",
                ContactKind.allCases.map { ($0.rawValue, words("accounts.\($0.rawValue)")) }
            )
        ]
        content.fields = [fields.text("value", "accounts.contact_value", max: 254)]
        return try context.render(ActionPage(content, fields, words), status: status)
    }

    private func ask(_ context: DeskContext) async throws -> Response {
        let place = try AccountPlace(context, .accountsContact)
        let form = try context.form()
        var read = FormReader(form)
        let kind = read.choice("kind", ContactKind.self)
        let value = read.text("value", max: 254)
        let reason = read.choice("reason", ActionReason.self)
        let note = read.note(for: reason)
        guard let kind, let value, let reason, read.errors.isEmpty else {
            return try await contact(context, form: form, errors: read.errors, status: .unprocessableContent)
        }
        let command = room.contacts(place.portal)
        do {
            try await room.desk.database.transaction(place.scope) { session in
                let today = try session.one(AccountsQueries.today, ["portal": place.portal.id])
                try command.ask(
                    .init(account: place.account, kind: kind, typed: value, today: today),
                    reason: reason,
                    note: note,
                    by: place.staff.id,
                    place.staff.actor,
                    in: session
                )
            }
        } catch ContactRefusal.gone {
            throw PageError.notFound
        } catch let refusal as ContactRefusal {
            switch refusal {
            case .malformed, .same, .inUse: read.errors.add("value", "accounts.contact_refusal.\(refusal.code)")
            default: read.errors.add("accounts.contact_refusal.\(refusal.code)")
            }
            return try await contact(context, form: form, errors: read.errors, status: .conflict)
        }
        return context.redirect(to: place.path, flash: .good("accounts.done.contact"))
    }

    private func settle(
        _ context: DeskContext,
        _ right: Right,
        _ done: String,
        _ body: @escaping @Sendable (ContactChange, Int64, AccountPlace, Session) throws -> Void
    ) async throws -> Response {
        let place = try AccountPlace(context, right)
        _ = try context.form()
        let change = try context.parameters.require("change", as: Int64.self)
        let command = room.contacts(place.portal)
        do {
            try await room.desk.database.transaction(place.scope) { try body(command, change, place, $0) }
        } catch ContactRefusal.gone {
            throw PageError.notFound
        } catch let refusal as ContactRefusal {
            return context.redirect(to: place.path, flash: .bad("accounts.contact_refusal.\(refusal.code)"))
        }
        return context.redirect(to: place.path, flash: .good(done))
    }

    // MARK: accesses

    private func access(
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let place = try AccountPlace(context, .accountsAccess)
        let needed = place.portal.rules.callerRules.strengths.access
        guard var content = try await room.content(place, word: "access", needs: needed) else {
            throw PageError.notFound
        }
        content.version = form.flatMap { Int($0["version"]) }
        let held = try await room.desk.database.read(place.scope) { session in
            try session.all(
                AccountsQueries.accessesOfAccount,
                ["portal": place.portal.id, "account": place.account]
            )
        }
        let words = context.words
        let fields = Fields(words, form: form, errors: errors)
        content.selects = [
            fields.options(
                "take",
                "accounts.access_take",
                held.map { ($0.clientID.description, $0.name) },
                isRequired: false
            )
        ]
        content.fields = [
            fields.text(
                "number",
                "accounts.access_number",
                hint: "accounts.access_number_hint",
                isRequired: false,
                max: 60
            )
        ]
        content.choices = [
            fields.options(
                "rights",
                "accounts.rights",
                place.portal.rules.userRights.map { ($0.rawValue, words.right($0.rawValue)) },
                isRequired: false
            )
        ]
        return try context.render(ActionPage(content, fields, words), status: status)
    }

    private func changeAccess(_ context: DeskContext) async throws -> Response {
        let place = try AccountPlace(context, .accountsAccess)
        let form = try context.form()
        var read = FormReader(form)
        let reason = read.choice("reason", ActionReason.self)
        let number = read.optionalText("number", max: 60)
        let taken = form["take"].isEmpty ? nil : read.key("take", ClientID.self)
        let rights = read.choices("rights", UserRight.self)
        let note = read.note(for: reason)
        // One thing at a time, so that the line of the trail says what was meant.
        if (number == nil) == (taken == nil) { read.errors.add("number", "accounts.access_refusal.one_thing") }
        guard let reason, let version = Int(form["version"]), read.errors.isEmpty else {
            return try await access(context, form: form, errors: read.errors, status: .unprocessableContent)
        }
        let command = room.accesses(place)
        let order = ChangeAccess.Order(account: place.account, version: version, reason: reason, note: note)
        do {
            try await room.desk.database.transaction(place.scope) { session in
                if let taken {
                    try command.take(order, client: taken, in: session)
                } else if let number {
                    try command.give(order, clientNumber: number, rights: rights, in: session)
                }
            }
        } catch AccessRefusal.gone {
            throw PageError.notFound
        } catch let refusal as AccessRefusal {
            switch refusal {
            case .noClient, .hasAccess: read.errors.add("number", "accounts.access_refusal.\(refusal.code)")
            case .rightsMissing: read.errors.add("rights", "accounts.access_refusal.\(refusal.code)")
            case .hasNoAccess: read.errors.add("take", "accounts.access_refusal.\(refusal.code)")
            default: read.errors.add("accounts.access_refusal.\(refusal.code)")
            }
            return try await access(context, form: form, errors: read.errors, status: .conflict)
        }
        return context.redirect(to: place.path, flash: .good("accounts.done.access"))
    }
}

extension FormReader {
    /// The note beside a reason; `other` needs one.
    mutating func note(for reason: ActionReason?) -> String? {
        let note = optionalText("note", max: 300)
        if reason == .other, note == nil { errors.add("note", "desk.field.required") }
        return note
    }
}
