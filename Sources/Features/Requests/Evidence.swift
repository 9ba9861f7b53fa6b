import Access
import DeskKit
import Documents
import Postgres

extension ClientRequest {
    /// Until the decision; a granted copy of the data is uploaded after it.
    var takesEvidence: Bool { state.isBeforeDecision || kind == .accessCopy && state == .executing }
}

/// Adds a document to a request; it was looked through and rendered before.
struct AddEvidence: RequestCommand {
    static let right = Right.requestsHandle

    enum Refusal: Error, Equatable {
        case over(RequestState)
        case tooMany(limit: Int)
    }

    static let limit = 20

    let request: ClientRequestID
    let scan: PreparedScan

    static func decide(_ request: ClientRequest, scans: Int) throws(Refusal) {
        guard request.takesEvidence else { throw .over(request.state) }
        guard scans < limit else { throw .tooMany(limit: limit) }
    }

    func run(_ office: Office, in session: Session) throws -> ScanID {
        let found = try office.lock(request, in: session)
        try Self.decide(found, scans: office.documents.scans(of: found.documents, in: session).count)
        let kept = try office.documents.keep(scan, for: found.documents, by: office.staff.id, in: session)
        if kept.isNew {
            try office.record(
                "request.scan_added",
                on: found,
                facts: ["scan": "\(kept.id)", "pages": "\(scan.pages.count)"],
                in: session
            )
        }
        return kept.id
    }
}

/// Gives the image of a page to somebody who looks at it.
struct ViewEvidence: RequestCommand {
    static let right = Right.requestsView

    let request: ClientRequestID
    let scan: ScanID
    let page: Int

    func run(_ office: Office, in session: Session) throws -> PageImage {
        guard let found = try office.find(request, in: session),
            let image = try office.documents.image(scan, page: page, of: found.documents, in: session)
        else { throw NoSuchRequest() }
        try office.recordLook(
            "request.scan_viewed",
            at: found,
            facts: ["scan": "\(scan)", "page": "\(page)"],
            in: session
        )
        return image
    }
}

/// Says that the portal has the request, before a file is taken in for it.
struct ExpectRequest: RequestCommand {
    static let right = Right.requestsHandle

    let request: ClientRequestID

    func run(_ office: Office, in session: Session) throws {
        guard try office.find(request, in: session) != nil else { throw NoSuchRequest() }
    }
}
