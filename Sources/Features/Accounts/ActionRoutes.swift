import Access
import DeskKit
import DeskWeb
import HTTPTypes
import Hummingbird
import Identity
import Portals
import Postgres

/// `/accounts/{portal}/{id}/…`: the actions on one account. A refusal keeps what was typed and changes nothing.
struct ActionRoutes: Sendable {
    let room: AccountsRoom

    func add(to router: some RouterMethods<DeskContext>) {
        for action in AccountAction.allCases {
            let path = RouterPath("/accounts/{portal}/{id}/\(action.rawValue)")
            router.get(path) { _, context in try await show(action, context) }
            router.post(path) { _, context in try await act(action, context) }
        }
        router.post("/accounts/{portal}/{id}/incident") { _, context in try await closeIncident(context) }
    }

    private func show(
        _ action: AccountAction,
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors(),
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let place = try AccountPlace(context, action.right)
        let content = try await room.content(
            place,
            word: action.rawValue,
            needs: action.strength(place.portal.rules.callerRules)
        )
        guard var content else { throw PageError.notFound }
        content.isDangerous = action.isDangerous
        // The version that was on the page stays: a second press must not pass for a look at the new state.
        content.version = form.flatMap { Int($0["version"]) }
        let fields = Fields(context.words, form: form, errors: errors)
        return try context.render(ActionPage(content, fields, context.words), status: status)
    }

    private func act(_ action: AccountAction, _ context: DeskContext) async throws -> Response {
        let place = try AccountPlace(context, action.right)
        let form = try context.form()
        var read = FormReader(form)
        let reason = read.choice("reason", ActionReason.self)
        let note = read.optionalText("note", max: 300)
        guard let reason, let version = Int(form["version"]), read.errors.isEmpty else {
            return try await show(action, context, form: form, errors: read.errors, status: .unprocessableContent)
        }
        let order = ActOnAccount.Order(
            account: place.account,
            action: action,
            version: version,
            reason: reason,
            note: note
        )
        let command = room.acting(place)
        do {
            try await room.desk.database.transaction(place.scope) { try command(order, in: $0) }
        } catch ActionRefusal.gone {
            throw PageError.notFound
        } catch let refusal as ActionRefusal {
            if refusal == .noteMissing {
                read.errors.add("note", "desk.field.required")
            } else {
                read.errors.add("accounts.refusal.\(refusal.code)")
            }
            return try await show(action, context, form: form, errors: read.errors, status: .conflict)
        }
        return context.redirect(to: place.path, flash: .good("accounts.done.\(action.rawValue)"))
    }

    /// Ends the record of an incident; the account stays locked until somebody unlocks it.
    private func closeIncident(_ context: DeskContext) async throws -> Response {
        let place = try AccountPlace(context, .accountsThreat)
        let form = try context.form()
        var read = FormReader(form)
        guard let outcome = read.choice("outcome", IncidentOutcome.self) else {
            return context.redirect(to: place.path, flash: .bad("accounts.incident.outcome_missing"))
        }
        let trail = room.trail
        let closed = try await room.desk.database.transaction(place.scope) { session -> Bool in
            let whom: Postgres.Parameters = ["portal": place.portal.id, "account": place.account]
            let changed = try session.run(
                AccountsQueries.closeIncident,
                whom.merging(["staff": place.staff.id, "outcome": outcome.rawValue]) { $1 }
            )
            guard changed == 1 else { return false }
            try trail.record(
                "account.incident_closed",
                of: place.account,
                clients: try session.all(AccountsQueries.accessesOfAccount, whom).map(\.clientID),
                portal: place.portal.id,
                by: place.staff.actor,
                facts: ["outcome": outcome.rawValue],
                in: session
            )
            return true
        }
        return context.redirect(
            to: place.path,
            flash: closed ? .good("accounts.done.incident") : .bad("accounts.refusal.changed_meanwhile")
        )
    }
}

/// How a suspected threat turned out.
enum IncidentOutcome: String, CaseIterable, Sendable {
    case misuse
    case falseAlarm = "false_alarm"
    case unclear
}

/// Whose account a request is about, and who asks.
struct AccountPlace: Sendable {
    let portal: PortalProfile
    let account: AccountID
    let staff: StaffContext

    init(_ context: DeskContext, _ right: Right) throws {
        portal = try context.portal(context.parameters.require("portal"), right)
        account = try context.parameters.require("id", as: AccountID.self)
        staff = try context.signedIn()
    }

    var scope: Scope { .portal(portal.id, staff: staff.id) }
    var path: String { "/accounts/\(portal.key)/\(account)" }
}
