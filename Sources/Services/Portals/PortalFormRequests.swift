import DeskWeb

/// The fields of the profile's form about deadlines of requests.
extension PortalForm {
    static func requestDeadlines(_ read: inout FormReader) -> RequestDeadlines? {
        // A form of an earlier page leaves the standard deadlines.
        guard read.form.has("requestDeadlines.coolingOffDays") else { return nil }
        let complaint = deadline(&read, "requestDeadlines.complaint", 1...60)
        let fault = deadline(&read, "requestDeadlines.fault", 1...60)
        let days = read.integer("requestDeadlines.coolingOffDays", in: 0...30)
        guard let complaint, let fault, let days else { return nil }
        return RequestDeadlines(complaint: complaint, fault: fault, coolingOffDays: days)
    }

    private static func deadline(_ read: inout FormReader, _ field: String, _ range: ClosedRange<Int>) -> Deadline? {
        let number = read.integer("\(field).number", in: range)
        let unit = read.choice("\(field).unit", Deadline.Unit.self)
        guard let number, let unit else { return nil }
        return Deadline(number: number, unit: unit)
    }
}
