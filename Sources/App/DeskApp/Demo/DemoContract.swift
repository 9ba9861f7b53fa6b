import DeskKit
import Portals

/// A contract with its car and the days on which it is paid for.
struct DemoContract {
    struct Due {
        var number: Int
        let date: CivilDate
        var amount: Int
    }

    let key: String
    let serial: Int
    let number: String
    let kind: String
    let signed: CivilDate
    let starts: CivilDate
    let ends: CivilDate
    /// The day it was ended before its time.
    let broken: CivilDate?
    let netValue: Int
    let vehicle: DemoCountry.Vehicle?
    let registration: String
    let vin: String
    /// One instalment in minor units.
    let amount: Int
    let dues: [Due]

    init(_ client: DemoClient, _ position: Int, people: DemoPeople, random: inout DemoRandom) {
        let (plan, today) = (people.plan, people.today)
        serial = 10_000 + client.index * 10 + position
        key = "K\(serial)"
        kind = random.pick(plan.contractKinds)
        let months = random.pick(plan.months)
        // A few are signed and not begun, a few have ended.
        let age = random.within(-1...months + 3)
        let usual = today.adding(months: -age).onDay(random.within(1...28))
        // Clients of whom stories are told have something due on the day of which they are reminded today, whatever day
        // today is.
        let due = today.adding(days: people.remindDays)
        let soon = client.index < 40 && position == 0 ? due?.adding(months: months > 12 ? -12 : -3) : nil
        let begins = soon ?? usual
        starts = begins
        signed = begins.adding(days: -random.within(5...25)) ?? begins
        ends = begins.adding(months: months)
        broken = age > 8 && random.chance(2) && soon == nil ? today.adding(days: -random.within(20...200)) : nil
        number = plan.contractNumber.filled([
            "n": "\(serial)", "ym": "\(signed.year)/\(people.padded(signed.month, 2))",
            "ymd": "\(signed.year % 100)\(people.padded(signed.month, 2))\(people.padded(signed.day, 2))",
        ])
        if let premiums = plan.premiums {
            (vehicle, registration, vin) = (nil, "", "")
            let yearly = premiums[
                min(premiums.count - 1, client.kind == .company ? random.within(2...5) : random.below(3))
            ]
            let step = random.pick([3, 12, 6])
            amount = yearly * step / 12 / 100 * 100
            netValue = yearly
            dues = Self.dues(begins, until: broken ?? ends, every: step, amount)
        } else {
            let car = random.pick(people.country.vehicles)
            vehicle = car
            registration = car.vin == nil ? "" : people.plate(client.city, &random)
            vin = car.vin.map { people.vin($0, &random) } ?? ""
            netValue = car.price * 100 * random.within(94...109) / 100
            let gross = netValue * (100 + plan.vatPercent) / 100
            amount = gross * 92 / 100 / months + random.below(9_999)
            dues = Self.dues(begins, until: broken ?? ends, every: 1, amount)
        }
    }

    private static func dues(_ begins: CivilDate, until end: CivilDate, every step: Int, _ amount: Int) -> [Due] {
        var found: [Due] = []
        var date = step == 1 ? begins.adding(months: 1) : begins
        while date < end {
            found.append(Due(number: found.count + 1, date: date, amount: amount))
            date = begins.adding(months: step * (found.count + (step == 1 ? 1 : 0)))
        }
        return found
    }
}

extension CivilDate {
    /// The same day so many months later, the last one where that month is shorter.
    func adding(months: Int) -> CivilDate {
        let index = year * 12 + month - 1 + months
        let (year, month) = (index / 12, index % 12 + 1)
        for day in stride(from: day, through: max(1, day - 3), by: -1) {
            if let date = CivilDate(year: year, month: month, day: day) { return date }
        }
        return self
    }

    func onDay(_ day: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: day) ?? self
    }
}
