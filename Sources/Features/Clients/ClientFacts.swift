import DeskKit
import DeskWeb
import Identifiers
import Portals

/// The facts of the identity bar, with sensitive ones masked unless revealed.
struct ClientFacts {
    private(set) var lines: [ClientPage.Fact] = []
    /// What is masked, and so can be asked for.
    private(set) var masked: [SensitiveField] = []

    init(_ row: ClientRow, _ client: ShownClient, _ book: ClientBook, revealed: SensitiveField?) {
        let words = client.words
        add(words("clients.fact.customer"), row.customerNumber)
        numbers(row, words, isOpen: revealed == .numbers)
        contacts(book.contacts, row, words, isOpen: revealed == .contacts)
        add(
            words("clients.fact.arrears"),
            row.arrearsMinor > 0
                ? words.money(Money(minor: row.arrearsMinor, currency: client.portal.currency))
                : words("clients.fact.none")
        )
    }

    /// A company's numbers are public; a person's are not.
    private mutating func numbers(_ row: ClientRow, _ words: Words, isOpen: Bool) {
        let isPerson = row.kind == .person
        add(words("clients.fact.tax"), row.taxNumber.map { isPerson && !isOpen ? hidden($0) : $0 })
        add(words("clients.fact.register"), row.registerNumber)
        add(words("clients.fact.personal"), row.personalNumber.map { isOpen ? $0 : hidden($0) })
        if let birth = row.birthDate { add(words("clients.fact.birth"), isOpen ? words.date(birth) : "••••") }
        let hasSecret = row.personalNumber != nil || row.birthDate != nil || (isPerson && row.taxNumber != nil)
        if hasSecret, !isOpen { masked.append(.numbers) }
    }

    /// A company's address is public; where a person lives, or trades from, is not.
    private mutating func contacts(_ contacts: [ContactRow], _ row: ClientRow, _ words: Words, isOpen: Bool) {
        for contact in contacts.prefix(4) {
            let kind: IdentifierKind = contact.kind == .phone ? .e164 : .email
            let text = isOpen ? kind.display(contact.value) : kind.masked(contact.value)
            let label = words(contact.kind == .phone ? "clients.fact.phone" : "clients.fact.email")
            add(label, contact.trusted ? text : words("clients.fact.untrusted", ["value": .text(text)]))
        }
        let hasSecret = row.kind != .company && row.address?.isEmpty == false
        add(words("clients.fact.address"), hasSecret && !isOpen ? "••••" : row.address)
        if !contacts.isEmpty || hasSecret, !isOpen { masked.append(.contacts) }
    }

    private mutating func add(_ label: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append(ClientPage.Fact(label: label, value: value))
    }

    private func hidden(_ text: String) -> String {
        "•••• " + text.suffix(3)
    }
}
