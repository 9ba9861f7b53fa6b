import DeskKit
import HTTPTypes
import Postgres
import TestKit
import Testing

@testable import Access
@testable import DeskWeb

/// The numbers beside the entries, and the sidebar on pages of errors.
struct SidebarTests {
    /// Counts the staff there are, and how often it was asked.
    private struct Heads: CountsWaiting {
        func waiting(for staff: StaffContext, in session: Session) throws -> [String: Waiting] {
            let everybody: Parameters = ["portals": staff.portals, "after": nil, "before": nil, "limit": 1_001]
            let heads = try session.all(AccessQueries.listStaff, everybody).count
            return ["/access/staff": Waiting(count: heads, late: staff.portals.count)]
        }
    }

    private func make() async throws -> (Console, Browser) {
        var console = try await Console.make()
        console.access.count(by: [Heads()])
        let chief = try await console.staff("chief", [PortalID(1): [.administrator]])
        return (console, try await console.signedIn(chief))
    }

    @Test func `what waits stands beside its entry, and nothing where nothing waits`() async throws {
        let (_, chief) = try await make()
        let page = try await chief.get("/access/staff").body
        #expect(page.contains("<span class=\"n\">1</span>"))
        #expect(page.contains("<span class=\"late\">1 late</span>"))
        #expect(page.matches(of: /<span class="n">/).count == 1)
    }

    @Test func `the numbers are counted anew after anything was posted, and not with every page`() async throws {
        let (console, chief) = try await make()
        _ = try await chief.get("/access/staff")
        try await console.staff("nina")
        #expect(try await chief.get("/access/staff").body.contains("<span class=\"n\">1</span>"))
        _ = try await chief.post("/probe", page: "/access/own")
        #expect(try await chief.get("/access/staff").body.contains("<span class=\"n\">2</span>"))
    }

    @Test func `an error stands within the sidebar for whoever is signed in, and alone for a visitor`() async throws {
        let (console, chief) = try await make()
        for path in ["/no-such-page", "/access/staff/999"] {
            let page = try await chief.get(path)
            #expect(page.status == .notFound && page.body.contains("class=\"nav\""), "\(path)")
        }
        let helper = try await console.signedIn(try await console.staff("helper"))
        let denied = try await helper.get("/access/staff")
        #expect(denied.status == .forbidden && denied.body.contains("class=\"nav\""))
        let outside = try await console.browser().get("/welcome/nothing")
        #expect(outside.status == .notFound && !outside.body.contains("class=\"nav\""))
    }

    @Test func `a form of an earlier session comes back within the sidebar, with what was typed`() async throws {
        let (_, chief) = try await make()
        let answer = try await chief.ask(
            .post,
            "/access/own/sessions",
            [("csrf", "x"), ("note", "Kept \"as\" typed")],
            ["Sec-Fetch-Site": "same-origin"]
        )
        #expect(answer.status == .forbidden && answer.body.contains("class=\"nav\""))
        #expect(answer.body.contains("Kept &quot;as&quot; typed"))
    }
}
