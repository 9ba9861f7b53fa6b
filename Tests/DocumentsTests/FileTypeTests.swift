import Testing

@testable import Documents

@Suite struct FileTypeTests {
    let limits = ScanLimits()

    func refusal(_ bytes: [UInt8], _ limits: ScanLimits = ScanLimits()) -> ScanRefusal? {
        do throws(ScanRefusal) {
            _ = try FileType.of(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the type comes from the content`() throws {
        #expect(try FileType.of(Samples.pdf(pages: 1), limits: limits) == .pdf)
        #expect(try FileType.of(Samples.png(width: 3, height: 2), limits: limits) == .png(width: 3, height: 2))
    }

    @Test func `a header of a document may follow a few bytes of rubbish`() throws {
        #expect(try FileType.of(Array("rubbish\n".utf8) + Samples.pdf(pages: 1), limits: limits) == .pdf)
        let far = [UInt8](repeating: 0x20, count: 1100) + Samples.pdf(pages: 1)
        #expect(refusal(far) == .unknownType)
    }

    @Test(arguments: [
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "<html>", "GIF89a", "PK\u{3}\u{4}", "plain words", "\u{89}PNG",
    ])
    func `anything else is refused`(text: String) {
        #expect(refusal(Array(text.utf8)) == .unknownType)
    }

    @Test func `an empty file and a large one are refused before anything is read`() {
        #expect(refusal([]) == .empty)
        #expect(refusal(Samples.pdf(pages: 1), ScanLimits(bytes: 100)) == .tooLarge(limit: 100))
    }

    @Test func `a picture that claims too many pixels is refused by its header`() {
        let bomb = Samples.png(width: 1, height: 1, claims: (20_000, 20_000))
        #expect(refusal(bomb) == .tooManyPixels(width: 20_000, height: 20_000))
        let ribbon = Samples.png(width: 1, height: 1, claims: (4_000_000, 2))
        #expect(refusal(ribbon) == .tooManyPixels(width: 4_000_000, height: 2))
    }

    @Test func `a picture without pixels or cut off is damaged`() {
        #expect(refusal(Samples.png(width: 1, height: 1, claims: (0, 5))) == .damaged)
        let whole = Samples.png(width: 4, height: 4)
        #expect(refusal(Array(whole.dropLast(12))) == .damaged)
        #expect(refusal(Array(whole.prefix(20))) == .damaged)
        #expect(refusal([0xFF, 0xD8, 0xFF, 0xE0, 0, 200]) == .damaged)
        #expect(refusal([0xFF, 0xD8, 0xFF, 0xDA, 0, 2]) == .damaged)
    }

    @Test func `no cut of a file makes the reader run over its end`() {
        let whole = Samples.png(width: 5, height: 5)
        for end in 8..<whole.count where end < whole.count - 4 {
            #expect(refusal(Array(whole.prefix(end))) == .damaged)
        }
    }
}
