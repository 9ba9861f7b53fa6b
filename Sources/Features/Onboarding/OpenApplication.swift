import Access
import DeskKit
import DeskWeb
import Portals
import Postgres

/// Opens a draft with what the portal's profile already knows.
struct OpenApplication: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case kindNotOffered
    }

    let kind: ApplicationKind

    static func decide(_ kind: ApplicationKind, offered: [ApplicationKind]) throws(Refusal) {
        guard offered.contains(kind) else { throw .kindNotOffered }
    }

    func run(_ office: Office, in session: Session) throws -> ApplicationID {
        try Self.decide(kind, offered: office.portal.rules.applicationKinds)
        let id = try session.one(
            OnboardingQueries.addApplication,
            [
                "portal": office.portal.id, "kind": kind.rawValue, "form": try Self.first(office.portal).json(),
                "staff": office.staff.id,
            ]
        )
        try office.record("application.opened", on: id, facts: ["kind": kind.rawValue], in: session)
        return id
    }

    /// One signatory, one user, and the portal's own settings.
    static func first(_ portal: PortalProfile) -> Answers {
        var answers = Answers(["signatories": "1", "users": "1"])
        answers["client.country"] = portal.country
        answers["client.language"] = portal.defaultLanguage
        answers["witness.regulations"] = portal.rules.regulationsVersion
        if let kind = FormPlan(portal: portal, kind: .portalUsers, answers: answers).clientKinds.first {
            answers["client.kind"] = kind.rawValue
        }
        answers.presetSignatory(1)
        answers.presetUser(1, portal)
        return answers
    }
}

extension Answers {
    mutating func presetSignatory(_ item: Int) {
        let prefix = RepeatedPart.signatory.prefix(item)
        self[prefix + "paper"] = IdentityPaper.card.rawValue
        self[prefix + "signs"] = "alone"
    }

    mutating func presetUser(_ item: Int, _ portal: PortalProfile) {
        let prefix = RepeatedPart.user.prefix(item)
        self[prefix + "language"] = portal.defaultLanguage
        self[prefix + "remind_by"] = portal.rules.reminders.channel.rawValue
        self[prefix + "sms_password"] = "1"
        for right in portal.rules.userRights where right != .driver && right != .users {
            self[prefix + "right.\(right.rawValue)"] = "1"
        }
    }
}

/// Opens an application once per form, however often the button was pressed; answers where it stands.
struct OpenOnce: OnboardingCommand {
    static let right = OpenApplication.right

    let kind: ApplicationKind
    let key: FormKey?

    func run(_ office: Office, in session: Session) throws -> FormKeys.Result {
        try FormKeys.consume(key, by: office.staff.id, in: session) {
            let id = try OpenApplication(kind: kind).run(office, in: session)
            return "/onboarding/\(office.portal.key)/\(id)/form/\(FormStep.client.rawValue)"
        }
    }
}
