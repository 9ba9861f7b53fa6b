package import DeskKit
package import Postgres

/// Brings the job files into the table of schedules, in one transaction: all of them or none. It happens when a worker
/// starts, when the command line asks, and when a portal is added. What a newer release brought in stays as it is.
package struct ScheduleSync: Sendable {
    private let clock: ScheduleClock

    package init(queue: JobQueue) {
        clock = ScheduleClock(queue: queue)
    }

    /// Throws `JobFileFaults` for a zone or a portal that the database does not know, and `PostgresError`.
    package func sync(_ files: [JobFile], database: Database) async throws {
        try await database.transaction(.everyPortal) { session in
            try sync(files, in: session)
        }
    }

    /// The same within a transaction whose scope holds every portal, or for the one portal that it holds. Throws like
    /// `sync(_:database:)`.
    package func sync(_ files: [JobFile], only: PortalID? = nil, in session: Session) throws {
        try session.run(JobsQueries.lockSync)
        let all = try session.all(JobsQueries.portals)
        try check(files, all, in: session)
        let portals = all.filter { only == nil || $0.id == only }
        var kept: [(portal: PortalID, name: String)] = []
        for file in files {
            for portal in portals where file.portals?.contains(portal.key) ?? true {
                try session.run(JobsQueries.syncSchedule, Self.values(file, portal))
                kept.append((portal.id, file.name))
            }
        }
        try session.run(
            JobsQueries.retireSchedules,
            [
                "portals": kept.map(\.portal), "names": kept.map(\.name),
                "release": files.map(\.release).max() ?? 0,
            ]
        )
        try clock.wind(in: session)
    }

    private static func values(_ file: JobFile, _ portal: PortalRow) -> Parameters {
        [
            "portal": portal.id, "name": file.name, "handler": file.handler, "queue": file.queue,
            "cron": file.cron.text, "zone": file.zone ?? portal.timeZone, "digest": file.digest,
            "missed": file.missed.rawValue, "latest": file.latestMinutes, "attempts": file.attempts,
            "owner": file.owner, "runbook": file.runbook, "missing_hour": file.missingHour,
            "repeated_hour": file.repeatedHour, "version": file.version,
            "release": file.release,
        ]
    }

    private func check(_ files: [JobFile], _ portals: [PortalRow], in session: Session) throws {
        let zones = Set(files.compactMap(\.zone))
        let known = zones.isEmpty ? [] : Set(try session.all(JobsQueries.knownZones, ["names": zones.sorted()]))
        let keys = Set(portals.map(\.key))
        var faults: [JobFileFault] = []
        for file in files {
            if let zone = file.zone, !known.contains(zone) {
                faults.append(JobFileFault(file: file.name + ".yml", key: "zone", reason: "\(zone) is no time zone"))
            }
            for portal in file.portals ?? [] where !keys.contains(portal) {
                faults.append(JobFileFault(file: file.name + ".yml", key: "portals", reason: "\(portal) is no portal"))
            }
        }
        guard faults.isEmpty else { throw JobFileFaults(faults) }
    }
}
