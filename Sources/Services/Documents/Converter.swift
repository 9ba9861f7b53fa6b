/// One page as it is shown: rebuilt pixels, always a JPEG.
package struct PageImage: Sendable {
    package let width: Int
    package let height: Int
    package let bytes: [UInt8]
}

/// A file that was looked through and rendered, not yet kept.
package struct PreparedScan: Sendable {
    package let mediaType: String
    package let original: [UInt8]
    package let pages: [PageImage]
}

/// Turns an uploaded file into page images. Nothing of the file itself is ever shown: each image is decoded and encoded
/// anew by poppler or netpbm inside the sandbox.
package struct Converter: Sendable {
    let sandbox: Sandbox
    private let limits: ScanLimits

    package init(limits: ScanLimits = ScanLimits(), bubblewrap: String = "/usr/bin/bwrap") {
        self.limits = limits
        sandbox = Sandbox(limits: limits, bubblewrap: bubblewrap)
    }

    /// Blocks; see `Documents.prepare`.
    func convert(_ bytes: [UInt8]) throws(ScanRefusal) -> PreparedScan {
        let type = try FileType.of(bytes, limits: limits)
        guard let file = MemoryFile(bytes) else { throw .busy }
        let pages: [PageImage]
        switch type {
        case .pdf: pages = try pagesOfDocument(file)
        case .jpeg(let width, let height, let orientation):
            pages = [try picture(["jpegtopnm"] + smaller(width, height) + turned(orientation), file)]
        case .png(let width, let height):
            pages = [try picture(["pngtopam -background=white -mix"] + smaller(width, height), file)]
        }
        return PreparedScan(mediaType: type.mediaType, original: bytes, pages: pages)
    }

    private func pagesOfDocument(_ file: borrowing MemoryFile) throws(ScanRefusal) -> [PageImage] {
        let count = try DocumentFacts.read(sandbox.run(["/usr/bin/pdfinfo", "-"], input: file)).pages
        guard count <= limits.pages else { throw .tooManyPages(count: count, limit: limits.pages) }
        let start = ContinuousClock.now
        var pages: [PageImage] = []
        for page in 1...count {
            guard ContinuousClock.now - start < .seconds(limits.fileSeconds) else { throw .tooHeavy }
            let command = [
                "/usr/bin/pdftoppm", "-f", String(page), "-l", String(page), "-singlefile", "-jpeg", "-jpegopt",
                "quality=82", "-scale-to", String(limits.imageSide), "-",
            ]
            pages.append(try image(try sandbox.run(command, input: file)))
        }
        return pages
    }

    private func picture(_ steps: [String], _ file: borrowing MemoryFile) throws(ScanRefusal) -> PageImage {
        let pipeline = (steps + ["pnmtojpeg -quality=82"]).joined(separator: " | ")
        return try image(try sandbox.run(["/usr/bin/bash", "-o", "pipefail", "-c", pipeline], input: file))
    }

    private func image(_ result: ChildProcess.Result) throws(ScanRefusal) -> PageImage {
        guard result.ending == .exited(code: 0) else { throw .damaged }
        guard case .jpeg(let width, let height, _) = try FileType.of(result.output, limits: limits) else {
            throw .damaged
        }
        return PageImage(width: width, height: height, bytes: result.output)
    }

    private func smaller(_ width: Int, _ height: Int) -> [String] {
        guard max(width, height) > limits.imageSide else { return [] }
        return ["pamscale -xyfit \(limits.imageSide) \(limits.imageSide)"]
    }

    /// What undoes each Exif orientation.
    private func turned(_ orientation: Int) -> [String] {
        switch orientation {
        case 2: ["pamflip -leftright"]
        case 3: ["pamflip -rotate180"]
        case 4: ["pamflip -topbottom"]
        case 5: ["pamflip -transpose"]
        case 6: ["pamflip -rotate270"]
        case 7: ["pamflip -transpose -rotate180"]
        case 8: ["pamflip -rotate90"]
        default: []
        }
    }
}

/// What pdfinfo says of a document.
struct DocumentFacts: Equatable {
    let pages: Int

    static func read(_ result: ChildProcess.Result) throws(ScanRefusal) -> DocumentFacts {
        let complaint = String(decoding: result.complaint, as: UTF8.self)
        guard result.ending == .exited(code: 0) else {
            if complaint.contains("Incorrect password") { throw .encrypted }
            throw .damaged
        }
        var facts: [Substring: Substring] = [:]
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { facts[parts[0]] = parts[1].drop { $0 == " " } }
        }
        if let encrypted = facts["Encrypted"], encrypted.hasPrefix("yes") { throw .encrypted }
        guard let pages = facts["Pages"].flatMap({ Int($0) }), pages > 0 else { throw .damaged }
        return DocumentFacts(pages: pages)
    }
}
