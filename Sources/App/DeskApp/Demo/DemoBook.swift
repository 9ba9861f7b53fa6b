import Clients
import DeskKit
import Portals

/// Draws the whole book of business of a portal, as it stands today.
struct DemoBook {
    let people: DemoPeople
    let portal: PortalIdentity
    private(set) var files = DemoFiles()

    var plan: DemoBookPlan { people.plan }
    var country: DemoCountry { people.country }
    var today: CivilDate { people.today }

    init(people: DemoPeople, portal: PortalIdentity) {
        self.people = people
        self.portal = portal
        for index in 0..<people.plan.clients { add(people.client(index)) }
    }

    private mutating func add(_ client: DemoClient) {
        files.add(
            .client,
            [
                client.key, client.kind.rawValue, client.name, country.country, country.language,
                plan.customers.filled(["n": "\(100_000 + client.index * 7)"]), client.taxNumber ?? "",
                client.registerNumber ?? "", client.personalNumber ?? "", client.birthDate?.iso ?? "", client.address,
            ]
        )
        files.add(.contact, ["\(client.key)-P", client.key, "phone", client.phone, "true"])
        files.add(.contact, ["\(client.key)-E", client.key, "email", client.email, "false"])
        var random = DemoRandom(seed: plan.seed &+ 13, index: client.index)
        for number in 0..<random.pick(plan.contractsPerClient) {
            add(DemoContract(client, number, people: people, random: &random), of: client, &random)
        }
    }

    private mutating func add(_ contract: DemoContract, of client: DemoClient, _ random: inout DemoRandom) {
        files.add(
            .contract,
            [
                contract.key, client.key, contract.number, contract.kind, contract.signed.iso, contract.starts.iso,
                contract.ends.iso, contract.broken?.iso ?? "", portal.currency, "\(contract.netValue)",
                contract.vehicle?.kind ?? "", contract.vehicle?.name ?? "", contract.registration, contract.vin,
            ]
        )
        addInstalments(contract, client, &random)
        for policy in DemoPolicies(contract, client, people: people, random: &random).policies {
            files.add(
                .policy,
                [
                    policy.key, client.key, contract.key, policy.number, policy.kind, policy.variant, policy.insurer,
                    policy.starts.iso, policy.expires.iso,
                ]
            )
        }
    }

    private mutating func addInstalments(
        _ contract: DemoContract,
        _ client: DemoClient,
        _ random: inout DemoRandom
    ) {
        let habit = DemoHabit.draw(&random)
        // The main system archives what was settled long ago: the export begins nine months back.
        let dues = contract.dues.filter { $0.date.days(to: today) <= 280 }
        let past = dues.filter { $0.date <= today }
        for due in dues {
            let place = past.count - (past.firstIndex { $0.number == due.number } ?? past.count)
            add(due, "instalment", contract, client, paid: habit.share(place, contract.amount, &random), &random)
        }
        guard random.chance(14), let last = past.last else { return }
        let share = random.pick([0, plan.fee, plan.fee, plan.fee])
        var fee = last
        fee.number = 900
        fee.amount = plan.fee
        add(fee, "extra_fee", contract, client, paid: share, &random)
    }

    /// One instalment with its invoice, once that was sent, and with what was paid of it. `paid` counts only for what
    /// is due already.
    private mutating func add(
        _ due: DemoContract.Due,
        _ kind: String,
        _ contract: DemoContract,
        _ client: DemoClient,
        paid: Int,
        _ random: inout DemoRandom
    ) {
        let key = "\(contract.key)-\(due.number)"
        let isInvoiced = plan.invoices && today.days(to: due.date) <= 12
        let invoice = isInvoiced ? "V\(key)" : ""
        if isInvoiced {
            let issued = due.date.adding(days: -14) ?? due.date
            let number = plan.invoiceNumber.filled([
                "n": people.padded(contract.serial * 10 + due.number % 10, 6),
                "ym": "\(issued.year)/\(people.padded(issued.month, 2))",
            ])
            files.add(
                .invoice,
                [
                    invoice, client.key, contract.key, number, issued.iso, due.date.iso, "\(due.amount)",
                    portal.currency,
                ]
            )
        }
        let isPremium = contract.kind == "insurance" && kind == "instalment"
        files.add(
            .instalment,
            [
                key, contract.key, invoice, isPremium ? "insurance" : kind, "\(due.number)", due.date.iso,
                "\(due.amount)", portal.currency,
            ]
        )
        guard due.date <= today, paid > 0 else { return }
        let day = due.date.adding(days: random.within(-4...2)) ?? due.date
        let date = min(day, today)
        files.add(
            .payment,
            [
                "P\(key)", invoice, isInvoiced ? "" : key, date.iso, "\(min(paid, due.amount))", portal.currency,
            ]
        )
    }
}

/// How a client pays.
enum DemoHabit {
    case prompt, forgetful, inArrears, partly

    static func draw(_ random: inout DemoRandom) -> DemoHabit {
        switch random.below(100) {
        case ..<84: .prompt
        case ..<92: .forgetful
        case ..<96: .inArrears
        default: .partly
        }
    }

    /// What is paid of an instalment, of which `place` 1 is the newest that fell due.
    func share(_ place: Int, _ amount: Int, _ random: inout DemoRandom) -> Int {
        switch (self, place) {
        case (.forgetful, 1), (.inArrears, 1...2): 0
        case (.inArrears, 3), (.partly, 1): amount * random.within(20...70) / 100
        default: amount
        }
    }
}
