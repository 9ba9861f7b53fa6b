import Access
import DeskKit
import Foundation
import Portals
import Postgres
import Texts

/// What a portal of the demo publishes: `sql/demo/texts`, written by the privacy officer, approved by the verifier.
struct DemoTexts {
    let loader: DemoLoader
    let portal: PortalProfile

    /// Nothing where the portal has texts already.
    func load(_ staff: [StaffContext]) async throws {
        func one(_ role: Role) -> StaffContext? {
            staff.first { $0.roles[portal.id]?.contains(role) ?? false }
        }
        guard let writer = one(.privacyOfficer), let approver = one(.verifier) else {
            throw DemoStaffList.Problem(description: "sql/demo/staff.json: nobody writes or approves texts")
        }
        let folder = loader.folder + "/texts"
        let plan: TextPlan = try .demo("\(folder)/\(portal.key).json")
        let clerk = TextClerk(loader.rooms.texts, portal: portal, writer: writer, approver: approver)
        let isNew = try await loader.database.transaction(.portal(portal.id, staff: writer.id)) { session in
            if try clerk.hasTexts(in: session) { return false }
            try clerk.publish(plan, in: session) { key, locale in
                try Self.words("\(folder)/\(key).\(locale).md")
            }
            return true
        }
        if isNew { loader.say("\(portal.name): texts") }
    }

    /// The first line is the title.
    private static func words(_ path: String) throws -> TextClerk.Words {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let title = lines.first.map { $0.drop { $0 == "#" || $0 == " " } } ?? ""
        return TextClerk.Words(
            title: String(title),
            body: lines.dropFirst().joined().trimmingCharacters(in: .newlines)
        )
    }
}
