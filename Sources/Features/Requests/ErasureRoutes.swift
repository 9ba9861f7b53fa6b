import Access
import DeskKit
import DeskWeb
import Hummingbird
import Portals
import Postgres

struct ErasureRoutes: Sendable {
    let desk: Desk
    let ledger: ErasureLedger?

    func show(_ context: DeskContext) async throws -> Response {
        let place = try place(context)
        return try await page(place, context)
    }

    func certificate(_ context: DeskContext) async throws -> Response {
        let place = try place(context)
        let content = try await content(place)
        guard let page = ErasureCertificatePage(content, place.desk, place.portal, context.words) else {
            throw PageError.notFound
        }
        return try context.render(page)
    }

    func plan(_ context: DeskContext) async throws -> Response {
        try await act(context, right: .requestsErase, done: "erasure.done.planned") { _, desk, session in
            try MakeErasurePlan().run(desk, in: session)
        }
    }

    func approve(_ context: DeskContext) async throws -> Response {
        try await act(context, right: .requestsApproveErasure, done: "erasure.done.approved") { read, desk, session in
            guard let hash = read.text("hash", max: 64), let number = read.text("number", max: 60) else { return }
            try ApproveErasure(hash: hash, number: number).run(desk, in: session)
        }
    }

    func giveBack(_ context: DeskContext, isDropped: Bool) async throws -> Response {
        try await act(
            context,
            right: isDropped ? .requestsErase : .requestsApproveErasure,
            done: isDropped ? "erasure.done.dropped" : "erasure.done.returned"
        ) { _, desk, session in
            try ReturnErasure(isDropped: isDropped).run(desk, in: session)
        }
    }

    /// What the ledger outside says comes before the first row is destroyed, and after the last.
    func execute(_ context: DeskContext) async throws -> Response {
        let place = try place(context, .requestsErase)
        let erasure = try await content(place).erasure
        let staff = place.desk.staff.id
        func note(_ step: ErasureLedger.Entry.Step) throws {
            guard let ledger, let erasure, erasure.state == .approved, erasure.approvedBy != staff else { return }
            guard let entry = ErasureLedger.Entry(step, erasure, portal: place.portal.id, by: staff) else { return }
            try ledger.write(entry)
        }
        try note(.begun)
        let response = try await act(context, right: .requestsErase, done: "erasure.done.executed") {
            read,
            desk,
            session in
            // The plan has changed: that it goes back is committed, and told.
            if try CarryOutErasure().run(desk, in: session) == .planned {
                read.errors.add("erasure.refused.plan_changed")
            }
        }
        if response.status == .seeOther { try note(.done) }
        return response
    }

    func placeHold(_ context: DeskContext) async throws -> Response {
        try await act(context, right: .requestsErase, done: "erasure.done.hold_placed") { read, desk, session in
            let reason = read.choice("reason", ErasureHold.Reason.self)
            guard let day = read.date("review"), let reason else { return }
            try PlaceHold(reason: reason, reviewOn: day).run(desk, in: session)
        }
    }

    func releaseHold(_ context: DeskContext) async throws -> Response {
        try await act(context, right: .requestsErase, done: "erasure.done.hold_released") { read, desk, session in
            guard let hold = read.integer("hold", in: 1...Int.max) else { return }
            try ReleaseHold(hold: Int64(hold)).run(desk, in: session)
        }
    }

    private struct Place: Sendable {
        let portal: PortalProfile
        let desk: ErasureDesk
        let scope: Scope
    }

    /// Whoever plans or approves may look.
    private func place(_ context: DeskContext, _ right: Right? = nil) throws -> Place {
        let staff = try context.signedIn()
        let key = try context.parameters.require("portal")
        let approves = context.portals.contains { $0.key == key && staff.may(.requestsApproveErasure, $0.id) }
        let portal = try context.portal(key, right ?? (approves ? .requestsApproveErasure : .requestsErase))
        return Place(
            portal: portal,
            desk: ErasureDesk(
                audit: desk.audit,
                portal: portal.id,
                client: try context.parameters.require("client", as: ClientID.self),
                staff: staff,
                reference: context.page.reference
            ),
            scope: .portal(portal.id, staff: staff.id)
        )
    }

    private func content(_ place: Place) async throws -> ErasureContent {
        let content = try await desk.database.read(place.scope) { session in
            try ErasureContent(place.desk, in: session)
        }
        guard let content else { throw PageError.notFound }
        return content
    }

    private func page(
        _ place: Place,
        _ context: DeskContext,
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) async throws -> Response {
        let content = try await content(place)
        let page = ErasurePage(content, place.desk, place.portal, form: form, errors: errors, context.words)
        return try context.render(page, status: errors.isEmpty ? .ok : .unprocessableContent)
    }

    /// Reads the form, runs one step in a transaction, and shows the page again with what is wrong.
    private func act(
        _ context: DeskContext,
        right: Right,
        done: String,
        _ step: @escaping @Sendable (inout FormReader, ErasureDesk, Session) throws -> Void
    ) async throws -> Response {
        let place = try place(context, right)
        let form: Form
        do {
            form = try context.form()
        } catch let expired as ExpiredForm {
            var errors = FieldErrors()
            errors.add(expired.message)
            return try await page(place, context, form: expired.form, errors: errors)
        }
        var errors: FieldErrors
        do {
            errors = try await desk.database.transaction(place.scope) { session in
                var read = FormReader(form)
                try step(&read, place.desk, session)
                return read.errors
            }
        } catch let refusal as ErasureRefusal {
            errors = FieldErrors()
            let sentence = "erasure.refused.\(refusal.rawValue)"
            switch refusal {
            case .wrongNumber: errors.add("number", sentence)
            case .reviewPassed: errors.add("review", sentence)
            default: errors.add(sentence)
            }
        }
        guard errors.isEmpty else { return try await page(place, context, form: form, errors: errors) }
        let path = "/requests/\(place.portal.key)/erasures/\(place.desk.client)"
        return context.redirect(to: path, flash: .good(done))
    }
}
