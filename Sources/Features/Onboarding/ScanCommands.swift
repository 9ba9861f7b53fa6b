import Access
import DeskKit
import Documents
import Postgres

/// Adds a scan that was already looked through and rendered.
struct UploadScan: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case notOpen(ApplicationState)
        case tooManyScans(limit: Int)
    }

    static let limit = 10

    let application: ApplicationID
    let scan: PreparedScan

    static func decide(_ state: ApplicationState, scans: Int) throws(Refusal) {
        guard state.isOpen else { throw .notOpen(state) }
        guard scans < limit else { throw .tooManyScans(limit: limit) }
    }

    func run(_ office: Office, in session: Session) throws -> ScanID {
        let found = try office.lock(application, in: session)
        let owner = office.owner(application)
        let documents = office.neighbours.documents
        try Self.decide(found.state, scans: documents.scans(of: owner, in: session).count)
        let kept = try documents.keep(scan, for: owner, by: office.staff.id, in: session)
        if kept.isNew {
            try office.record(
                "application.scan_added",
                on: application,
                facts: ["scan": "\(kept.id)", "pages": "\(scan.pages.count)"],
                in: session
            )
        }
        return kept.id
    }
}

/// Destroys a scan that does not belong to an open application.
struct RemoveScan: OnboardingCommand {
    static let right = Right.onboardingPrepare

    enum Refusal: Error, Equatable {
        case notOpen(ApplicationState)
        case noSuchScan
    }

    let application: ApplicationID
    let scan: ScanID

    static func decide(_ state: ApplicationState) throws(Refusal) {
        guard state.isOpen else { throw .notOpen(state) }
    }

    func run(_ office: Office, in session: Session) throws {
        let found = try office.lock(application, in: session)
        try Self.decide(found.state)
        let removed = try office.neighbours.documents.remove(scan, of: office.owner(application), in: session)
        guard removed else { throw Refusal.noSuchScan }
        try office.record("application.scan_removed", on: application, facts: ["scan": "\(scan)"], in: session)
    }
}

/// Gives the image of a page to somebody who looks at it; the look is recorded in the transaction that reads it.
struct ViewPage: OnboardingCommand {
    static let right = Right.onboardingView

    let application: ApplicationID
    let scan: ScanID
    let page: Int

    func run(_ office: Office, in session: Session) throws -> PageImage {
        guard try office.find(application, in: session) != nil,
            let image = try office.neighbours.documents.image(
                scan,
                page: page,
                of: office.owner(application),
                in: session
            )
        else { throw NoSuchApplication() }
        try office.recordLook(
            "application.scan_viewed",
            at: application,
            facts: ["scan": "\(scan)", "page": "\(page)"],
            in: session
        )
        return image
    }
}
