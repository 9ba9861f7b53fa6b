/// What the command line says of a command that is refused; the console has its own words for each.
extension Schedules.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownSchedule: "there is no schedule of this name here; `portaldesk jobs list` shows them"
        case .reasonMissing: "give a reason"
        case .reasonTooLong: "the reason is too long"
        case .alreadyPaused: "the schedule is paused already"
        case .notPaused: "the schedule is not paused"
        case .cron(let fault): "the time cannot be read: \(fault)"
        case .sameTime: "this is the time that stands already"
        case .changedMeanwhile: "somebody else changed the schedule at the same moment; try again"
        case .nothingToReset: "the schedule stands as its file says"
        }
    }
}

extension Runs.Refusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownSchedule: Schedules.Refusal.unknownSchedule.description
        case .underWay: "a run of this schedule for this day is under way already"
        }
    }
}
