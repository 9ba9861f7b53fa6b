import Testing

@testable import Documents

/// The real poppler and netpbm in the real sandbox.
@Suite struct ConverterTests {
    func convert(_ bytes: [UInt8], _ limits: ScanLimits = ScanLimits()) throws -> PreparedScan {
        try Converter(limits: limits).convert(bytes)
    }

    func refusal(_ bytes: [UInt8], _ converter: Converter = Converter()) -> ScanRefusal? {
        do throws(ScanRefusal) {
            _ = try converter.convert(bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test func `three pages become three pictures`() throws {
        let scan = try convert(Samples.pdf(pages: 3))
        #expect(scan.mediaType == "application/pdf")
        #expect(scan.pages.map(\.height) == [1754, 1754, 1754])
        #expect(scan.pages.allSatisfy { $0.bytes.starts(with: [0xFF, 0xD8, 0xFF]) })
    }

    @Test func `a page of any size becomes a picture within bounds`() throws {
        let scan = try convert(Samples.pdf(pages: 1, mediaBox: "0 0 14400 7200"))
        #expect(scan.pages[0].width == 1754)
        #expect(scan.pages[0].height == 877)
    }

    @Test func `three hundred pages are refused with their number`() {
        #expect(refusal(Samples.pdf(pages: 300)) == .tooManyPages(count: 300, limit: 40))
    }

    @Test func `an encrypted document is refused as such`() {
        #expect(refusal(Samples.pdf(pages: 1, encrypted: true)) == .encrypted)
    }

    @Test func `what only begins like a document is damaged`() {
        #expect(refusal(Array("%PDF-1.4\nnothing else".utf8)) == .damaged)
    }

    @Test func `a picture is encoded anew and loses what hung on it`() throws {
        let tail = Array("<script>alert(1)</script>".utf8)
        let scan = try convert(Samples.png(width: 40, height: 20) + tail)
        #expect(scan.mediaType == "image/png")
        #expect(scan.pages[0].width == 40 && scan.pages[0].height == 20)
        let shown = String(decoding: scan.pages[0].bytes, as: UTF8.self)
        #expect(!shown.contains("script"))
    }

    @Test func `a large picture is made smaller and a photograph is turned upright`() throws {
        let large = try convert(Samples.png(width: 3508, height: 100))
        #expect(large.pages[0].width == 1754)
        #expect(large.pages[0].height == 50)
        let photograph = try convert(Samples.png(width: 40, height: 20)).pages[0].bytes
        let upright = try convert(Samples.turned(photograph, orientation: 6))
        #expect(upright.mediaType == "image/jpeg")
        #expect(upright.pages[0].width == 20 && upright.pages[0].height == 40)
    }

    @Test func `a picture whose data do not fit its header is damaged`() {
        #expect(refusal(Samples.png(width: 1, height: 1, claims: (3000, 3000))) == .damaged)
    }

    @Test func `a document that keeps the converter busy for too long is stopped`() {
        let hurried = Converter(limits: ScanLimits(pageSeconds: 1))
        #expect(refusal(Samples.pdf(pages: 1, fills: 300_000), hurried) == .tooHeavy)
    }

    @Test func `a converter that may have no memory is stopped`() {
        #expect(refusal(Samples.pdf(pages: 1), Converter(limits: ScanLimits(memory: 8 << 20))) == .tooHeavy)
    }

    @Test func `without a sandbox nothing is converted`() {
        let none = Converter(bubblewrap: "/nonexistent/bwrap")
        #expect(refusal(Samples.pdf(pages: 1), none) == .sandboxUnavailable)
    }
}
