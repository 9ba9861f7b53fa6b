package import DeskKit
package import Postgres
package import Secrets

/// Scans of signed papers: taken in, looked through, rendered in a closed room, kept as sealed chunks in PostgreSQL.
/// Tables: `scan`, `scan_page`, `scan_chunk`. Rights and the trail are the business of the room the scan belongs to,
/// which records each look before it shows a page.
package struct DocumentsService: Sendable {
    private let keys: KeyRing
    let converter: Converter
    let workbench = Workbench()
    package let limits: ScanLimits

    package init(keys: KeyRing, limits: ScanLimits = ScanLimits(), bubblewrap: String = "/usr/bin/bwrap") {
        self.keys = keys
        self.limits = limits
        converter = Converter(limits: limits, bubblewrap: bubblewrap)
    }

    /// What a scan belongs to: kind and key in the words of the house ("application", 2247).
    package struct Owner: Hashable, Sendable {
        package let portal: PortalID
        package let kind: String
        package let id: Int64

        package init(portal: PortalID, kind: String, id: Int64) {
            self.portal = portal
            self.kind = kind
            self.id = id
        }
    }

    /// Looks a file through and renders its pages; before any transaction, since it takes seconds.
    package func prepare(_ file: [UInt8]) async throws(ScanRefusal) -> PreparedScan {
        // What a glance refuses never waits for a place at the workbench.
        _ = try FileType.of(file, limits: limits)
        let converter = converter
        return try await workbench.run {
            Result { () throws(ScanRefusal) in try converter.convert(file) }
        }
    }

    /// Converts a small page, so that `check` and `readyz` can say whether uploads would work.
    package func trial() async throws(ScanRefusal) {
        _ = try await prepare(TrialFile.bytes)
    }

    /// Keeps a prepared scan. The same file for the same owner is kept once: then `isNew` is false.
    package func keep(
        _ scan: PreparedScan,
        for owner: Owner,
        by staff: StaffID,
        in session: Session
    ) throws -> (id: ScanID, isNew: Bool) {
        let sha256 = Digest.sha256(scan.original)
        let parameters: Parameters = [
            "portal": owner.portal, "kind": owner.kind, "subject": owner.id, "sha256": sha256,
        ]
        if let same = try session.first(DocumentsQueries.findSameScan, parameters) { return (same, false) }
        let dataKey = DataKey()
        let wrapped = try keys.wrap(dataKey, context: owner.keyContext(sha256))
        let row: Parameters = [
            "media_type": scan.mediaType, "bytes": scan.original.count, "pages": scan.pages.count,
            "key_id": wrapped.keyID, "wrapped": wrapped.bytes, "staff": staff,
        ]
        let id = try session.one(DocumentsQueries.addScan, parameters.merging(row) { $1 })
        let chunks = SealedPages(portal: owner.portal, scan: id, key: dataKey)
        try chunks.add(page: 0, width: 0, height: 0, bytes: scan.original, in: session)
        for (index, page) in scan.pages.enumerated() {
            try chunks.add(page: index + 1, width: page.width, height: page.height, bytes: page.bytes, in: session)
        }
        return (id, true)
    }

    /// The scans of an owner, oldest first, without those removed.
    package func scans(of owner: Owner, in session: Session) throws -> [ScanSummary] {
        try session.all(
            DocumentsQueries.scansOfSubject,
            ["portal": owner.portal, "kind": owner.kind, "subject": owner.id]
        )
    }

    /// The image of a page from 1 on; nil where the owner has no such scan or page. The file as it came is never given.
    package func image(_ scan: ScanID, page: Int, of owner: Owner, in session: Session) throws -> PageImage? {
        guard page >= 1, page <= limits.pages else { return nil }
        let parameters: Parameters = [
            "portal": owner.portal, "kind": owner.kind, "subject": owner.id, "scan": scan, "page": page,
        ]
        guard let row = try session.first(DocumentsQueries.findPage, parameters) else { return nil }
        let wrapped = Sealed(keyID: row.keyID, bytes: row.wrappedKey)
        let dataKey = try keys.unwrap(wrapped, context: owner.keyContext(row.sha256))
        let bytes = try SealedPages(portal: owner.portal, scan: scan, key: dataKey).read(page: page, in: session)
        guard bytes.count == Int(row.byteCount) else { throw SecretsError.doesNotOpen }
        return PageImage(width: row.width, height: row.height, bytes: bytes)
    }

    /// Destroys a scan's content; false where the owner has no such scan.
    package func remove(_ scan: ScanID, of owner: Owner, in session: Session) throws -> Bool {
        let parameters: Parameters = [
            "portal": owner.portal, "kind": owner.kind, "subject": owner.id, "scan": scan,
        ]
        guard try session.run(DocumentsQueries.removeScan, parameters) == 1 else { return false }
        try session.run(DocumentsQueries.removeChunks, ["portal": owner.portal, "scan": scan])
        try session.run(DocumentsQueries.removePages, ["portal": owner.portal, "scan": scan])
        return true
    }

    /// The ids of the keys that open what is kept; the program must not start without one of them.
    package func keyIDsInUse(in session: Session) throws -> [String] {
        try session.all(DocumentsQueries.keyIDsInUse)
    }
}

extension DocumentsService.Owner {
    /// A wrapped key opens only for this owner and this file.
    func keyContext(_ sha256: [UInt8]) -> SealContext {
        let digest = sha256.map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return SealContext("scan.wrapped_key", portal, kind, id, digest.joined())
    }
}
