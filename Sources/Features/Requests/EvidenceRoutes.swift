import Access
import DeskKit
import DeskWeb
import Documents
import Hummingbird
import Portals
import Postgres

/// Documents of a request: taken in, an `.eml` with what came with it, and shown page by page.
struct EvidenceRoutes: Sendable {
    let feature: RequestsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.post("/requests/{portal}/{id}/scans") { request, context in try await upload(request, context) }
        router.get("/requests/{portal}/{id}/scans/{scan}/{page}") { _, context in try await image(context) }
    }

    private func upload(_ request: Request, _ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        try office.staff.require(.requestsHandle, office.portal.id)
        let id = try feature.request(context)
        _ = try context.form()
        try await feature.perform(ExpectRequest(request: id), office)
        let back = "/requests/\(office.portal.key)/\(id)"
        do throws(any Error) {
            for file in try await feature.documents.files(of: request, most: AddEvidence.limit) {
                for scan in try await scans(file, office) {
                    _ = try await feature.perform(AddEvidence(request: id, scan: scan), office)
                }
            }
            return context.redirect(to: back, flash: .good("requests.scan.added"))
        } catch let refusal as ScanRefusal {
            return context.redirect(to: back, flash: .bad(refusal.key, refusal.numbers.mapValues { .number($0) }))
        } catch AddEvidence.Refusal.tooMany(let limit) {
            return context.redirect(to: back, flash: .bad("requests.refusal.too_many_scans", ["n": .number(limit)]))
        } catch AddEvidence.Refusal.over {
            return context.redirect(to: back, flash: .bad("requests.refusal.scan_late"))
        }
    }

    /// The pages of one file. An e-mail is printed first, and the files that came with it follow.
    private func scans(_ file: [UInt8], _ office: Office) async throws -> [PreparedScan] {
        guard EmailFile.isLikely(file), !file.starts(with: Array("%PDF".utf8)) else {
            return [try await feature.documents.prepare(file)]
        }
        let email = try await feature.documents.read(email: file)
        let printed = try await feature.documents.print(email.sheet(language: office.portal.defaultLanguage))
        var scans = [try await feature.documents.prepare(printed)]
        for attachment in email.attachments { scans.append(try await feature.documents.prepare(attachment)) }
        return scans
    }

    private func image(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        let id = try feature.request(context)
        guard let scan = context.parameters.get("scan").flatMap({ ScanID($0) }),
            let page = context.parameters.get("page").flatMap({ Int($0) })
        else { throw PageError.notFound }
        let image = try await feature.perform(ViewEvidence(request: id, scan: scan, page: page), office)
        return Response.closed(image.bytes, type: "image/jpeg")
    }
}
