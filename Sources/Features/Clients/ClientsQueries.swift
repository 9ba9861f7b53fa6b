import DeskKit
package import Postgres

/// The statements of `sql/queries/clients.sql` and of the import's `clients_stage.sql`, `clients_check.sql`,
/// `clients_merge.sql` and `clients_terms.sql`.
package enum ClientsQueries {
    static let today = Query<CivilDate>("clients.today")
    static let search = Query<FoundClient>("clients.search")
    static let clientDetail = Query<ClientRow>("clients.client_detail")
    static let contactsOfClient = Query<ContactRow>("clients.contacts_of_client")
    static let contractsOfClient = Query<ContractRow>("clients.contracts_of_client")
    static let invoicesOfClient = Query<InvoiceRow>("clients.invoices_of_client")
    static let instalmentsOfClient = Query<InstalmentRow>("clients.instalments_of_client")
    static let policiesOfClient = Query<PolicyRow>("clients.policies_of_client")
    static let clientByNumbers = Query<ClientID>("clients.client_by_numbers")
    static let addProvisional = Query<ClientID>("clients.add_provisional")
    static let trustContact = Statement("clients.trust_contact")
    static let addContact = Statement("clients.add_contact")
    static let forgetTerms = Statement("clients.forget_terms")
    static let addTerms = Statement("clients.add_terms")
    static let planForWholeFiles = Query<String>("clients_stage.plan_for_whole_files")
    static let dropRestricted = Query<Int>("clients_stage.drop_restricted")
    static let stageTouched = Statement("clients_stage.stage_touched")
    static let stageWrong = Statement("clients_stage.stage_wrong")
    static let adoptProvisional = Statement("clients_merge.adopt_provisional")
    static let changedClients = Query<ClientID>("clients_terms.changed_clients")
    static let forgetTermsOfTouched = Statement("clients_terms.forget_terms_of_touched")
    static let addTermsOfTouched = Statement("clients_terms.add_terms_of_touched")

    static func stage(_ kind: BookKind) -> Statement { Statement("clients_stage.stage_\(kind.rawValue)") }
    static func copy(_ kind: BookKind) -> Statement { Statement("clients_stage.copy_\(kind.rawValue)") }
    static func analyze(_ kind: BookKind) -> Statement { Statement("clients_stage.analyze_\(kind.rawValue)") }
    static func check(_ kind: BookKind) -> Query<WrongRow> { Query("clients_check.check_\(kind.rawValue)") }
    static func dropWrong(_ kind: BookKind) -> Statement { Statement("clients_merge.drop_wrong_\(kind.rawValue)") }
    static func countNew(_ kind: BookKind) -> Query<Int> { Query("clients_merge.count_new_\(kind.rawValue)") }
    static func change(_ kind: BookKind) -> Statement { Statement("clients_merge.change_\(kind.rawValue)") }
    static func add(_ kind: BookKind) -> Statement { Statement("clients_merge.add_\(kind.rawValue)") }

    package static let all: [any QueryDescribing] =
        [
            today, search, clientDetail, contactsOfClient, contractsOfClient, invoicesOfClient, instalmentsOfClient,
            policiesOfClient, clientByNumbers, addProvisional, trustContact, addContact, forgetTerms, addTerms,
            planForWholeFiles, dropRestricted, stageTouched,
            stageWrong, adoptProvisional, changedClients, forgetTermsOfTouched, addTermsOfTouched,
        ]
        + BookKind.allCases.flatMap { kind -> [any QueryDescribing] in
            [
                stage(kind), copy(kind), analyze(kind), check(kind), dropWrong(kind), countNew(kind), change(kind),
                add(kind),
            ]
        }
}

/// One field of an import that the checks found wrong.
struct WrongRow: Decodable, Sendable {
    let line: Int
    let column: String
    let reason: String
    let total: Int
}
