/// What goes first when much is to be sent. Raw values are priorities of jobs: smaller comes first.
enum Urgency: Int, Sendable {
    /// Somebody waits for it: a code, a password, an alarm.
    case awaited = 20
    /// Somebody caused it this minute.
    case asked = 50
    /// What goes to many of a run's own accord.
    case many = 100

    private static let toMany = ["reminders.", "texts.", "accounts." + "access_end"]

    init(_ kind: String, secret: Bool) {
        self =
            if secret || kind == "operations.alarm" {
                .awaited
            } else if Self.toMany.contains(where: kind.hasPrefix) { .many } else { .asked }
    }
}
