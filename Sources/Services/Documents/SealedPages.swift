import DeskKit
import Postgres
import Secrets

/// The pages of one scan as AES-256-GCM chunks of 256 KiB. Associated data are portal, scan, page, number of the chunk
/// and whether it is the last, so that none can be swapped, repeated or dropped.
struct SealedPages {
    static let chunkBytes = 256 << 10

    let portal: PortalID
    let scan: ScanID
    let key: DataKey

    func add(page: Int, width: Int, height: Int, bytes: [UInt8], in session: Session) throws {
        let place: Parameters = ["portal": portal, "scan": scan, "page": page]
        try session.run(
            DocumentsQueries.addPage,
            place.merging(["width": width, "height": height, "bytes": bytes.count]) { $1 }
        )
        let count = max(1, (bytes.count + Self.chunkBytes - 1) / Self.chunkBytes)
        for chunk in 0..<count {
            let part = bytes[(chunk * Self.chunkBytes)..<min(bytes.count, (chunk + 1) * Self.chunkBytes)]
            let sealed = try key.seal(Array(part), context: context(page, chunk, isLast: chunk == count - 1))
            try session.run(DocumentsQueries.addChunk, place.merging(["chunk": chunk, "sealed": sealed]) { $1 })
        }
    }

    func read(page: Int, in session: Session) throws -> [UInt8] {
        let rows = try session.all(DocumentsQueries.chunksOfPage, ["portal": portal, "scan": scan, "page": page])
        var bytes: [UInt8] = []
        for (chunk, row) in rows.enumerated() {
            bytes += try key.open(row.sealed, context: context(page, chunk, isLast: chunk == rows.count - 1))
        }
        return bytes
    }

    private func context(_ page: Int, _ chunk: Int, isLast: Bool) -> SealContext {
        SealContext("scan_chunk.sealed", portal, scan, page, chunk, isLast ? "last" : "more")
    }
}
