import Access
import DeskKit
import DeskWeb
import Documents
import Hummingbird
import Portals

/// Scans: taken in, shown page by page, removed.
struct ScanRoutes: Sendable {
    let feature: OnboardingFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.post("/onboarding/{portal}/{id}/scans") { request, context in
            try await upload(request, context)
        }
        router.post("/onboarding/{portal}/{id}/scans/{scan}/removal") { request, context in
            try await remove(request, context)
        }
        router.get("/onboarding/{portal}/{id}/scans/{scan}/{page}") { request, context in
            try await image(context)
        }
    }

    private func upload(_ request: Request, _ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        try office.staff.require(.onboardingPrepare, office.portal.id)
        let id = try feature.application(context)
        let first = try context.form()
        let back = Self.back(first["back"], office, id)
        do throws(any Error) {
            let documents = feature.neighbours.documents
            for file in try await documents.files(of: request, most: UploadScan.limit) {
                let scan = try await documents.prepare(file)
                _ = try await feature.perform(UploadScan(application: id, scan: scan), office)
            }
            return context.redirect(to: back, flash: .good("onboarding.scan.added"))
        } catch let refusal as ScanRefusal {
            return context.redirect(to: back, flash: .bad(refusal.key, refusal.numbers.mapValues { .number($0) }))
        } catch UploadScan.Refusal.tooManyScans(let limit) {
            return context.redirect(to: back, flash: .bad("onboarding.refusal.too_many_scans", ["n": .number(limit)]))
        } catch UploadScan.Refusal.notOpen(let state) {
            return context.redirect(to: back, flash: .bad("onboarding.refusal.not_open_\(state.rawValue)"))
        }
    }

    private func remove(_ request: Request, _ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let office = try feature.office(context)
        let id = try feature.application(context)
        guard let scan = context.parameters.get("scan").flatMap({ ScanID($0) }) else { throw PageError.notFound }
        let back = Self.back(form["back"], office, id)
        do {
            try await feature.perform(RemoveScan(application: id, scan: scan), office)
            return context.redirect(to: back, flash: .good("onboarding.scan.removed"))
        } catch RemoveScan.Refusal.noSuchScan {
            return context.redirect(to: back, flash: .bad("onboarding.scan.gone"))
        } catch RemoveScan.Refusal.notOpen(let state) {
            return context.redirect(to: back, flash: .bad("onboarding.refusal.not_open_\(state.rawValue)"))
        }
    }

    private func image(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        let id = try feature.application(context)
        guard let scan = context.parameters.get("scan").flatMap({ ScanID($0) }),
            let page = context.parameters.get("page").flatMap({ Int($0) })
        else { throw PageError.notFound }
        let image = try await feature.perform(ViewPage(application: id, scan: scan, page: page), office)
        return Response.closed(image.bytes, type: "image/jpeg")
    }

    /// The step from which somebody came; anything else leads to the application.
    private static func back(_ text: String, _ office: Office, _ id: ApplicationID) -> String {
        let base = "/onboarding/\(office.portal.key)/\(id)"
        guard let step = FormStep(rawValue: text), step != .check else { return base }
        return "\(base)/form/\(step.rawValue)"
    }
}
