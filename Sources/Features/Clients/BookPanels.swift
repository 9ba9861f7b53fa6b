import DeskKit
import DeskWeb

/// Contracts, instalments, invoices and policies as the client's page shows them.
struct BookPanels {
    private let client: ShownClient
    private let book: ClientBook

    init(_ client: ShownClient, _ book: ClientBook) {
        self.client = client
        self.book = book
    }

    var views: [ClientPanelView] { [contracts, instalments, invoices, policies] }

    private var words: Words { client.words }

    private var contracts: ClientPanelView {
        ClientPanelView(
            id: "contracts",
            title: words("clients.contracts.title"),
            columns: [
                .init(words("clients.contracts.number")), .init(words("clients.contracts.asset")),
                .init(words("clients.contracts.left"), isNumber: true), .init(words("clients.contracts.next")),
                .init(words("clients.contracts.insurance")), .init(words("clients.contracts.state")),
            ],
            rows: book.contracts.map { row in
                [
                    .init(row.number, detail: words("clients.contract_kind.\(row.kind)")),
                    .init(row.assetName ?? "–", detail: row.registration),
                    .init(amount(row.leftMinor, row.currency), isNumber: true),
                    next(row), insurance(row), .init(state(row.state)),
                ]
            },
            empty: words("clients.contracts.empty")
        )
    }

    private var instalments: ClientPanelView {
        ClientPanelView(
            id: "instalments",
            title: words("clients.instalments.title"),
            columns: [
                .init(words("clients.instalments.due")), .init(words("clients.instalments.contract")),
                .init(words("clients.instalments.amount"), isNumber: true),
                .init(words("clients.instalments.open"), isNumber: true), .init(words("clients.instalments.state")),
            ],
            rows: book.instalments.map { row in
                [
                    .init(words.shortDate(row.dueOn), keep: true), .init(row.contract, detail: kind(row)),
                    .init(amount(row.amountMinor, row.currency), isNumber: true),
                    .init(amount(row.openMinor, row.currency), isNumber: true), .init(state(row.state)),
                ]
            },
            empty: words("clients.instalments.empty")
        )
    }

    private var invoices: ClientPanelView {
        ClientPanelView(
            id: "invoices",
            title: words("clients.invoices.title"),
            columns: [
                .init(words("clients.invoices.number")), .init(words("clients.invoices.issued")),
                .init(words("clients.invoices.due")), .init(words("clients.invoices.amount"), isNumber: true),
                .init(words("clients.invoices.paid"), isNumber: true), .init(words("clients.invoices.state")),
            ],
            rows: book.invoices.map { row in
                [
                    .init(row.number, keep: true), .init(words.shortDate(row.issuedOn), keep: true),
                    .init(words.shortDate(row.dueOn), keep: true),
                    .init(amount(row.amountMinor, row.currency), isNumber: true),
                    .init(amount(row.paidMinor, row.currency), isNumber: true), .init(state(row.state)),
                ]
            },
            empty: words("clients.invoices.empty")
        )
    }

    private var policies: ClientPanelView {
        ClientPanelView(
            id: "policies",
            title: words("clients.policies.title"),
            columns: [
                .init(words("clients.policies.number")), .init(words("clients.policies.kind")),
                .init(words("clients.policies.insurer")), .init(words("clients.policies.expires")),
                .init(words("clients.policies.state")),
            ],
            rows: book.policies.map { row in
                [
                    .init(row.number, detail: row.registration), .init(row.kind, detail: row.variant),
                    .init(row.insurer), .init(words.shortDate(row.expiresOn), keep: true), .init(state(row)),
                ]
            },
            empty: words("clients.policies.empty")
        )
    }

    private func amount(_ minor: Int64, _ currency: String) -> String {
        words.money(Money(minor: minor, currency: currency))
    }

    private func next(_ row: ContractRow) -> ClientPanelView.Cell {
        guard let day = row.nextOn, let minor = row.nextMinor else { return .init("–") }
        return .init(words.dayAndMonth(day), detail: amount(minor, row.currency), keep: true)
    }

    private func kind(_ row: InstalmentRow) -> String {
        let kind = words("clients.instalment_kind.\(row.kind)")
        return row.number.map {
            words("clients.instalments.numbered", ["kind": .text(kind), "number": .text("\($0)")])
        }
            ?? kind
    }

    private func insurance(_ row: ContractRow) -> ClientPanelView.Cell {
        guard let day = row.insuredUntil else { return .init("–") }
        let days = client.today.days(to: day)
        if days < 0 {
            return .init(TagView(.bad, words("clients.insurance.expired", ["date": .text(words.shortDate(day))])))
        }
        if days <= 30 { return .init(TagView(.warn, words("clients.insurance.expires_in", ["n": .number(days)]))) }
        return .init(TagView(.good, words("clients.insurance.until", ["date": .text(words.shortDate(day))])))
    }

    private func state(_ state: ContractState) -> TagView {
        TagView(state == .active ? .good : .plain, words("clients.contract_state.\(state.rawValue)"))
    }

    private func state(_ state: InvoiceState) -> TagView {
        let tone: TagView.Tone =
            switch state {
            case .paid: .good
            case .overdue: .bad
            case .partly: .warn
            case .unpaid: .plain
            }
        return TagView(tone, words("clients.invoice_state.\(state.rawValue)"))
    }

    private func state(_ row: PolicyRow) -> TagView {
        let tone: TagView.Tone =
            switch row.state {
            case .active: .good
            case .expiring: .warn
            case .expired: .bad
            }
        return TagView(tone, words("clients.policy_state.\(row.state.rawValue)"))
    }
}
