package import DeskKit
package import Postgres

/// The statements of `sql/queries/documents.sql`.
package enum DocumentsQueries {
    static let addScan = Query<ScanID>("documents.add_scan")
    static let addPage = Statement("documents.add_page")
    static let addChunk = Statement("documents.add_chunk")
    static let findSameScan = Query<ScanID>("documents.find_same_scan")
    static let scansOfSubject = Query<ScanSummary>("documents.scans_of_subject")
    static let findPage = Query<PageRow>("documents.find_page")
    static let chunksOfPage = Query<ChunkRow>("documents.chunks_of_page")
    static let removeScan = Statement("documents.remove_scan")
    static let removeChunks = Statement("documents.remove_chunks")
    static let removePages = Statement("documents.remove_pages")
    static let keyIDsInUse = Query<String>("documents.key_ids_in_use")

    package static let all: [any QueryDescribing] = [
        addScan, addPage, addChunk, findSameScan, scansOfSubject, findPage, chunksOfPage, removeScan, removeChunks,
        removePages, keyIDsInUse,
    ]
}

/// A kept scan as lists show it; the time is the portal's.
package struct ScanSummary: Decodable, Sendable {
    package let id: ScanID
    package let mediaType: String
    package let byteCount: Int64
    package let pageCount: Int
    package let uploadedBy: String
    package let uploadedAt: CivilDateTime
}

struct PageRow: Decodable, Sendable {
    let keyID: String
    let wrappedKey: [UInt8]
    let sha256: [UInt8]
    let width: Int
    let height: Int
    let byteCount: Int64
}

struct ChunkRow: Decodable, Sendable {
    let sealed: [UInt8]
}
