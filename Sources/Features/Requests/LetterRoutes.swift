import Access
import DeskKit
import DeskWeb
import Documents
import Hummingbird
import Messaging
import Portals
import Postgres

/// Letters: read before they go out, and as they went out.
struct LetterRoutes: Sendable {
    let feature: RequestsFeature

    func add(to router: some RouterMethods<DeskContext>) {
        router.get("/requests/{portal}/{id}/letters/{letter}") { _, context in try await show(context) }
        router.get("/requests/{portal}/{id}/letters/{letter}/print") { _, context in try await printed(context) }
        router.post("/requests/{portal}/{id}/preview/{kind}") { _, context in try await preview(context) }
        router.post("/requests/{portal}/{id}/preview/{kind}/print") { _, context in try await printPreview(context) }
    }

    private func letter(_ context: DeskContext) throws -> Int64 {
        guard let key = context.parameters.get("letter").flatMap({ Int64($0) }) else { throw PageError.notFound }
        return key
    }

    private func show(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        let id = try feature.request(context)
        let key = try letter(context)
        let seen = try await feature.perform(ViewLetter(request: id, letter: key), office)
        let words = context.words
        let base = seen.request.path(office.portal.key)
        let page = LetterPage(
            title: words("requests.letter.\(seen.kind.rawValue)"),
            back: base,
            request: words("requests.title", ["number": .text("\(id)")]),
            notice: seen.content == nil
                ? words("requests.letter.gone")
                : words("requests.letter.as_sent", ["when": .text(words.dateTime(seen.madeAt))]),
            subject: seen.content?.subject ?? "",
            paragraphs: seen.content?.lines ?? [],
            isGone: seen.content == nil,
            print: seen.isPrinted ? "\(base)/letters/\(key)/print" : nil,
            printAction: nil,
            fields: []
        )
        return try context.render(page)
    }

    private func printed(_ context: DeskContext) async throws -> Response {
        let office = try feature.office(context)
        let command = ViewPrint(request: try feature.request(context), letter: try letter(context))
        return Response.closed(try await feature.perform(command, office), type: "application/pdf")
    }

    private func command(_ context: DeskContext, _ form: Form) throws -> PreviewLetter {
        guard let kind = context.parameters.get("kind").flatMap({ PreviewKind($0) }) else { throw PageError.notFound }
        let text = form.typedText
        guard text.count <= Form.longestText else {
            throw PageError(
                .unprocessableContent,
                "requests.refusal.text_too_long",
                ["n": .number(Form.longestText)]
            )
        }
        return PreviewLetter(
            request: try feature.request(context),
            kind: kind,
            text: text,
            outcome: RequestOutcome(rawValue: form["outcome"]),
            reason: DecisionReason(rawValue: form["reason"])
        )
    }

    private func seen(_ command: PreviewLetter, _ office: Office) async throws -> PreviewLetter.Seen {
        do {
            return try await feature.perform(command, office)
        } catch RequestRefusal.noLetter {
            throw PageError(.unprocessableContent, "requests.refusal.no_letter")
        }
    }

    private func preview(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let office = try feature.office(context)
        let command = try command(context, form)
        let words = context.words
        let seen = try await seen(command, office)
        let base = seen.request.path(office.portal.key)
        let page = LetterPage(
            title: words("requests.letter.\(seen.kind.rawValue)"),
            back: base,
            request: words("requests.title", ["number": .text("\(seen.request.id)")]),
            notice: words("requests.preview.notice"),
            subject: seen.content.subject,
            paragraphs: seen.content.lines,
            isGone: false,
            print: nil,
            printAction: "\(base)/preview/\(command.kind.word)/print",
            fields: ["text", "outcome", "reason"].map { .init(name: $0, value: form[$0]) }
        )
        return try context.render(page)
    }

    private func printPreview(_ context: DeskContext) async throws -> Response {
        let form = try context.form()
        let office = try feature.office(context)
        let seen = try await seen(try command(context, form), office)
        let kept = KeptLetter(
            id: 0,
            owner: seen.request.owner,
            language: office.book.letters.language(of: seen.request, office.portal),
            content: seen.content,
            portalName: office.portal.name,
            madeOn: seen.request.today
        )
        do {
            return Response.closed(try await feature.documents.print(kept.sheet), type: "application/pdf")
        } catch {
            throw PageError(.serviceUnavailable, "requests.refusal.not_printed")
        }
    }
}

extension LetterBody {
    /// Paragraphs of lines.
    var lines: [[String]] {
        body.split(separator: "\n\n").map { $0.split(separator: "\n").map(String.init) }
    }
}
