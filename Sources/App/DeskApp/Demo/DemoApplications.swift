import Access
import DeskKit
import Documents
import Onboarding
import Portals
import Postgres

/// Takes the demo's applications through Onboarding, each act in the name of the one whose work it is.
struct DemoApplications {
    struct Clerks {
        /// Opens and submits.
        let maker: ApplicationClerk
        /// Decides.
        let checker: ApplicationClerk
        /// Calls.
        let caller: ApplicationClerk
    }

    /// An application to be made, its scan rendered.
    struct Order: Sendable {
        let form: DemoForm
        let story: DemoStory
        var scan: PreparedScan?
    }

    /// A portal user who was sent a code.
    struct Activated: Sendable {
        let person: DemoPerson
        let login: String
        let companyCode: Redacted<String>?
        let story: DemoUserStory
        /// Signed in already, in a load that was cut off.
        var hasBegun = false
    }

    let clerks: Clerks
    /// What the second person remarks, in the portal's language.
    let remarks: DemoRemarks

    /// Makes one application as far as its story goes; answers its users once they are active.
    func make(_ order: Order, in session: Session) throws -> [Activated] {
        let id = try clerks.maker.open(order.form.kind, in: session)
        var fields = order.form.fields
        if order.story == .begun { fields = fields.filter { $0.key.hasPrefix("client.") } }
        try clerks.maker.fill(id, fields, users: order.form.userCount, in: session)
        if let scan = order.scan { try clerks.maker.attach(scan, to: id, in: session) }
        switch order.story {
        case .begun, .draft: return []
        case .withdrawn:
            try clerks.maker.withdraw(id, in: session)
            return []
        case .submitted, .returned, .approved, .missedCall, .refused, .activated:
            try clerks.maker.submit(id, in: session)
        }
        return try decide(id, order, in: session)
    }

    private func decide(_ id: ApplicationID, _ order: Order, in session: Session) throws -> [Activated] {
        switch order.story {
        case .returned:
            let found = [
                ("signatory.1.paper_number", "unreadable", remarks.unreadable),
                ("client.address", "mismatch", remarks.mismatch),
            ]
            try clerks.checker.giveBack(id, found, in: session)
        case .refused: try clerks.checker.refuse(id, reason: "no_authority", note: remarks.refused, in: session)
        case .approved: try clerks.checker.approve(id, in: session)
        case .missedCall:
            try clerks.checker.approve(id, in: session)
            try clerks.caller.missCall(id, note: remarks.noAnswer, in: session)
        case .activated(let story):
            try clerks.checker.approve(id, in: session)
            return try activate(id, order.form, story, in: session)
        case .begun, .draft, .submitted, .withdrawn: break
        }
        return []
    }

    private func activate(
        _ id: ApplicationID,
        _ form: DemoForm,
        _ story: DemoUserStory,
        in session: Session
    ) throws -> [Activated] {
        var code: Redacted<String>?
        if form.kind == .office {
            _ = try clerks.maker.activateAtCounter(id, in: session)
        } else {
            code = try clerks.caller.inform(id, in: session).companyCode
        }
        return form.users.enumerated().map { position, user in
            Activated(
                person: user.person,
                login: user.login,
                companyCode: code,
                story: DemoStory.activated(story).ofUser(position) ?? .invited
            )
        }
    }
}

/// Notes of the demo's staff in a portal's language, `sql/demo/papers/<language>.remarks.json`.
struct DemoRemarks: Decodable, Sendable {
    let unreadable: String
    let mismatch: String
    let refused: String
    let noAnswer: String
}
