import DeskKit
import Foundation
import Testing

@testable import DeskWeb

/// The console's own texts, templates and files, strict, as all tests here use them.
enum Frames {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "admin-web").path

    static func site() throws -> DeskSite {
        try DeskSite(root: root, secure: true, isStrict: true) { bytes in Array(contentHash([7] + bytes).utf8) }
    }
}

@Test func `the console's own pages load in every language`() throws {
    let site = try Frames.site()
    #expect(site.templates.names.contains("desk/error"))
}
