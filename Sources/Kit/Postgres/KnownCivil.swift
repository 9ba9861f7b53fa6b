import DeskKit

/// The calendar types of DeskKit that the probe knows by name.
enum KnownCivil {
    static var all: [(type: any Any.Type, name: String, sample: Any)] {
        guard let date = CivilDate(iso: "2026-11-21"), let time = CivilDateTime(iso: "2026-11-21 12:00:00") else {
            return []
        }
        return [(CivilDate.self, "CivilDate", date), (CivilDateTime.self, "CivilDateTime", time)]
    }
}
