import Accounts
import Audit
import Clients
import DeskKit
import Onboarding
import Portals
import Postgres

/// What Onboarding asks of Clients and Accounts, answered with their own commands in the caller's transaction.
struct OnboardingNeighbours: CompanyCodes, ActivatesClients, ActivatesAccounts {
    let portals: PortalDirectory
    let adopt: AdoptClient
    let accounts: AccountsFeature

    func reserve(_ application: ApplicationID, portal: PortalID, in session: Session) throws {
        guard try profile(portal, in: session).rules.loginKind == .companyCode else { return }
        try accounts.companyCodes.reserve(application, client: nil, portal: portal, in: session)
    }

    func reveal(_ application: ApplicationID, portal: PortalID, in session: Session) throws -> Redacted<String> {
        guard
            let code = try accounts.companyCodes.reveal(application, client: nil, portal: portal, in: session)
        else { throw MissingCompanyCode() }
        return code
    }

    func adoptOrCreate(_ client: ClientDraft, by actor: Actor, in session: Session) throws -> ClientID {
        try adopt(
            NewClient(
                portal: client.portal,
                application: client.application,
                kind: client.kind.rawValue,
                name: client.name,
                country: client.country,
                language: client.language,
                taxNumber: client.taxNumber,
                registerNumber: client.registerNumber,
                personalNumber: client.personalNumber,
                address: client.address,
                contacts: client.contacts.map { ($0.kind.rawValue, $0.value) }
            ),
            by: actor,
            in: session
        )
    }

    func activate(
        _ users: [UserDraft],
        client: ClientID,
        application: ApplicationID,
        portal: PortalID,
        by actor: Actor,
        in session: Session
    ) throws -> [ActivatedAccount] {
        do {
            let made = try accounts.activate(
                users.map { user in
                    NewAccount(
                        login: user.login,
                        personName: user.name,
                        phone: user.phone,
                        email: user.email,
                        rights: user.rights.map(\.rawValue),
                        language: user.language,
                        remindDaysBefore: user.remindDaysBefore,
                        remindBy: user.remindBy.rawValue,
                        smsPassword: user.smsPassword
                    )
                },
                client: client,
                application: application,
                portal: try profile(portal, in: session),
                by: actor,
                in: session
            )
            return zip(users, made).map {
                ActivatedAccount(account: $1.account, login: $0.login, isNew: $1.isNew)
            }
        } catch let refusal as ActivateAccounts.Refusal {
            switch refusal {
            case .loginTaken(let user): throw ActivationRefusal.loginTaken(user: user)
            case .nowhereToSend(let user): throw ActivationRefusal.phoneMissing(user: user)
            }
        }
    }

    private func profile(_ portal: PortalID, in session: Session) throws -> PortalProfile {
        guard let profile = try portals.find(portal, in: session) else { throw MissingPortal() }
        return profile
    }
}

/// The call task exists and its code does not, which no way through the rooms allows.
struct MissingCompanyCode: Error {}
struct MissingPortal: Error {}
