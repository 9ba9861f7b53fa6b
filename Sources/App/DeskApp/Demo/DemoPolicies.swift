import DeskKit
import Portals

/// The policies of a contract: the one of this year, and the next one where it was renewed early.
struct DemoPolicies {
    struct Policy {
        let key: String
        let number: String
        let kind: String
        let variant: String
        let insurer: String
        let starts: CivilDate
        let expires: CivilDate
    }

    private(set) var policies: [Policy] = []

    init(_ contract: DemoContract, _ client: DemoClient, people: DemoPeople, random: inout DemoRandom) {
        let today = people.today
        let isOver = contract.ends < today || contract.broken != nil
        guard contract.starts <= today, contract.vehicle?.vin != nil || contract.kind == "insurance" else { return }
        let covers = people.country.covers
        let isLegal = contract.kind == "insurance"
        let cover = isLegal ? covers[client.kind == .company ? 1 + random.below(2) : 0] : random.pick(covers)
        let insurer = random.pick(people.country.insurers)
        let variant = random.pick(cover.variants)
        // Some ran out and nobody renewed them; a good many run out within a month.
        let left: Int =
            switch random.below(100) {
            case ..<5: -random.within(1...45)
            case ..<24: random.within(0...30)
            default: random.within(31...364)
            }
        let expires = today.adding(days: isOver ? -random.within(30...300) : left) ?? today
        func policy(_ number: Int, _ starts: CivilDate, _ expires: CivilDate) -> Policy {
            Policy(
                key: "\(contract.key)-U\(number)",
                number: Self.number(people, insurer, contract.serial * 10 + number),
                kind: cover.kind,
                variant: variant,
                insurer: insurer,
                starts: starts,
                expires: expires
            )
        }
        func year(_ last: CivilDate) -> CivilDate { last.adding(months: -12).adding(days: 1) ?? last }
        let before = year(expires).adding(days: -1) ?? expires
        if contract.starts < before { policies.append(policy(1, year(before), before)) }
        policies.append(policy(2, year(expires), expires))
        if !isOver, (0...30).contains(left), random.chance(25), let next = expires.adding(days: 1) {
            policies.append(policy(3, next, expires.adding(months: 12)))
        }
    }

    private static func number(_ people: DemoPeople, _ insurer: String, _ serial: Int) -> String {
        if !people.plan.policyNumber.isEmpty { return people.plan.policyNumber.filled(["n": "\(serial)"]) }
        // Compulsory motor policies of Russia bear a series of three letters and ten digits.
        return "ХХХ \(people.padded(serial, 10))"
    }
}
