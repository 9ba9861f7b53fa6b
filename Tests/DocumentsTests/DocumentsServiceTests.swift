import DeskKit
import Dispatch
import Postgres
import Secrets
import TestKit
import Testing

@testable import Documents

/// Keeping and reading scans on a real database, as the console's role.
@Suite struct DocumentsServiceTests {
    let portal = PortalID(1)
    let staff = StaffID(1)

    struct Room {
        let test: TestDatabase
        let documents: DocumentsService
        let keys: KeyRing
        let owner: DocumentsService.Owner
        var scope: Scope { .portal(owner.portal, staff: StaffID(1)) }
    }

    func room() async throws -> Room {
        let test = try await TestDatabase.make()
        try await test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'one', 'One', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (2, 'two', 'Two', 'HU', 'Europe/Budapest', 'HUF', '{hu}', '{}');
            INSERT INTO staff (login, name) VALUES ('anna', 'Anna Nowak');
            """
        )
        let keys = try KeyRing.ephemeral()
        return Room(
            test: test,
            documents: DocumentsService(keys: keys),
            keys: keys,
            owner: DocumentsService.Owner(portal: portal, kind: "application", id: 7)
        )
    }

    func keep(_ file: [UInt8], _ room: Room) async throws -> ScanID {
        let scan = try await room.documents.prepare(file)
        return try await room.test.database.transaction(room.scope) { session throws in
            try room.documents.keep(scan, for: room.owner, by: StaffID(1), in: session).id
        }
    }

    @Test func `a kept scan gives its pages back and never the file`() async throws {
        let room = try await room()
        let id = try await keep(Samples.pdf(pages: 3), room)
        try await room.test.database.read(room.scope) { session throws in
            let scans = try room.documents.scans(of: room.owner, in: session)
            #expect(scans.map(\.id) == [id])
            #expect(scans[0].pageCount == 3)
            #expect(scans[0].uploadedBy == "Anna Nowak")
            let page = try #require(try room.documents.image(id, page: 2, of: room.owner, in: session))
            #expect(page.bytes.starts(with: [0xFF, 0xD8, 0xFF]))
            #expect(try room.documents.image(id, page: 0, of: room.owner, in: session) == nil)
            #expect(try room.documents.image(id, page: 4, of: room.owner, in: session) == nil)
        }
    }

    @Test func `a page longer than a chunk comes back whole`() async throws {
        let room = try await room()
        let bytes = (0..<(SealedPages.chunkBytes * 2 + 5)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let scan = PreparedScan(
            mediaType: "image/png",
            original: bytes,
            pages: [PageImage(width: 1, height: 1, bytes: bytes)]
        )
        try await room.test.database.transaction(room.scope) { session throws in
            let id = try room.documents.keep(scan, for: room.owner, by: StaffID(1), in: session).id
            #expect(try room.documents.image(id, page: 1, of: room.owner, in: session)?.bytes == bytes)
        }
        #expect(try await room.test.value("SELECT count(*) FROM scan_chunk WHERE page = 1") == "3")
    }

    @Test func `nothing of a file stands in the database in clear`() async throws {
        let room = try await room()
        _ = try await keep(Samples.pdf(pages: 1), room)
        let clear = try await room.test.value(
            "SELECT count(*) FROM scan_chunk WHERE position('%PDF'::bytea IN sealed) > 0 OR length(sealed) < 29"
        )
        #expect(clear == "0")
    }

    @Test func `a chunk moved to another page, portal or place does not open`() async throws {
        let room = try await room()
        let id = try await keep(Samples.pdf(pages: 2), room)
        try await room.test.sql(
            "UPDATE scan_chunk SET sealed = (SELECT sealed FROM scan_chunk WHERE page = 2 AND chunk = 0) WHERE page = 1"
        )
        await #expect(throws: SecretsError.doesNotOpen) {
            _ = try await room.test.database.read(room.scope) { session throws in
                try room.documents.image(id, page: 1, of: room.owner, in: session)
            }
        }
    }

    @Test func `a chunk cut off at the end is noticed`() async throws {
        let room = try await room()
        let bytes = [UInt8](repeating: 7, count: SealedPages.chunkBytes + 1)
        let scan = PreparedScan(
            mediaType: "image/png",
            original: [1],
            pages: [PageImage(width: 1, height: 1, bytes: bytes)]
        )
        let id = try await room.test.database.transaction(room.scope) { session throws in
            try room.documents.keep(scan, for: room.owner, by: StaffID(1), in: session).id
        }
        try await room.test.sql("DELETE FROM scan_chunk WHERE page = 1 AND chunk = 1")
        await #expect(throws: SecretsError.doesNotOpen) {
            _ = try await room.test.database.read(room.scope) { session throws in
                try room.documents.image(id, page: 1, of: room.owner, in: session)
            }
        }
    }

    @Test func `the wrapped key of another scan does not open this one`() async throws {
        let room = try await room()
        let first = try await keep(Samples.pdf(pages: 1), room)
        _ = try await keep(Samples.pdf(pages: 2), room)
        try await room.test.sql(
            "UPDATE scan SET wrapped_key = (SELECT wrapped_key FROM scan WHERE page_count = 2) WHERE page_count = 1"
        )
        await #expect(throws: SecretsError.doesNotOpen) {
            _ = try await room.test.database.read(room.scope) { session throws in
                try room.documents.image(first, page: 1, of: room.owner, in: session)
            }
        }
    }

    @Test func `the same file twice is kept once`() async throws {
        let room = try await room()
        let first = try await keep(Samples.pdf(pages: 1), room)
        let second = try await keep(Samples.pdf(pages: 1), room)
        #expect(first == second)
        #expect(try await room.test.value("SELECT count(*) FROM scan") == "1")
    }

    @Test func `another owner or another portal does not reach a scan`() async throws {
        let room = try await room()
        let id = try await keep(Samples.pdf(pages: 1), room)
        let otherOwner = DocumentsService.Owner(portal: portal, kind: "application", id: 8)
        let otherPortal = DocumentsService.Owner(portal: PortalID(2), kind: "application", id: 7)
        try await room.test.database.transaction(.portals([PortalID(1), PortalID(2)], staff: staff)) { session throws in
            #expect(try room.documents.image(id, page: 1, of: otherOwner, in: session) == nil)
            #expect(try room.documents.image(id, page: 1, of: otherPortal, in: session) == nil)
            #expect(try !room.documents.remove(id, of: otherOwner, in: session))
        }
        try await room.test.database.read(.portal(PortalID(2), staff: staff)) { session throws in
            #expect(try room.documents.image(id, page: 1, of: room.owner, in: session) == nil)
        }
    }

    @Test func `a removed scan leaves a row and nothing to read`() async throws {
        let room = try await room()
        let id = try await keep(Samples.pdf(pages: 2), room)
        try await room.test.database.transaction(room.scope) { session throws in
            #expect(try room.documents.remove(id, of: room.owner, in: session))
            #expect(try !room.documents.remove(id, of: room.owner, in: session))
            #expect(try room.documents.scans(of: room.owner, in: session).isEmpty)
            #expect(try room.documents.image(id, page: 1, of: room.owner, in: session) == nil)
            #expect(try room.documents.keyIDsInUse(in: session).isEmpty)
        }
        let left = try await room.test.value(
            "SELECT (SELECT count(*) FROM scan_chunk) + length(wrapped_key) FROM scan"
        )
        #expect(left == "0")
    }

    @Test func `the key that sealed a scan is named as in use`() async throws {
        let room = try await room()
        _ = try await keep(Samples.pdf(pages: 1), room)
        let ids = try await room.test.database.read(room.scope) { try room.documents.keyIDsInUse(in: $0) }
        #expect(room.keys.missing(ids: ids).isEmpty)
        #expect(ids == [room.keys.sealingKeyID])
    }

    @Test func `the trial converts a page, and says so when it cannot`() async throws {
        let keys = try KeyRing.ephemeral()
        try await DocumentsService(keys: keys).trial()
        await #expect(throws: ScanRefusal.sandboxUnavailable) {
            try await DocumentsService(keys: keys, bubblewrap: "/nonexistent/bwrap").trial()
        }
    }

    @Test func `the workbench turns away who finds the queue full`() async throws {
        let bench = Workbench(places: 1, queueLimit: 0)
        let isBusy = DispatchSemaphore(value: 0)
        let mayEnd = DispatchSemaphore(value: 0)
        async let first: Void = bench.run {
            isBusy.signal()
            mayEnd.wait()
            return .success(())
        }
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                isBusy.wait()
                continuation.resume()
            }
        }
        await #expect(throws: ScanRefusal.busy) { try await bench.run { .success(()) } }
        mayEnd.signal()
        try await first
        try await bench.run { .success(()) }
    }
}
