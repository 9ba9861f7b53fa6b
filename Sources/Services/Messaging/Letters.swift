import DeskKit
import FoundationEssentials
import Mustache
import Portals
package import Postgres

/// The texts that the program brings along, `admin-web/letters/<kind>.<channel>.<language>.mustache`; an e-mail's first
/// line is `Subject: …`. They are version 1 of a portal's templates.
package struct Letters: Sendable {
    struct Letter: Sendable {
        let kind: String
        let channel: Channel
        let language: String
        let subject: String
        let body: String
    }

    /// Why a letter cannot be used; names file and reason.
    package struct Problem: Error, CustomStringConvertible {
        let file: String
        let reason: String

        package var description: String { "\(file): \(reason)" }
    }

    let letters: [Letter]

    /// Reads the folder. Throws `Problem` for a name or a text of no letter's form.
    package static func load(from directory: String) throws -> Letters {
        let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
        return Letters(
            letters: try files.filter { $0.hasSuffix(".mustache") }.map { file in
                guard let data = FileManager.default.contents(atPath: "\(directory)/\(file)"),
                    let text = String(validating: data, as: UTF8.self)
                else { throw Problem(file: file, reason: "cannot be read as UTF-8") }
                return try letter(file, text)
            }
        )
    }

    /// Adds what a portal lacks, in the portal's languages. Versions that are there stay. Throws `PostgresError`.
    package func install(in session: Session) throws {
        for letter in letters {
            try session.run(
                MessagingQueries.installTemplate,
                [
                    "kind": letter.kind, "channel": letter.channel, "language": letter.language,
                    "subject": letter.subject, "body": letter.body,
                ]
            )
        }
    }

    private static func letter(_ file: String, _ text: String) throws -> Letter {
        var parts = file.dropLast(".mustache".count).split(separator: ".").map(String.init)
        guard parts.count >= 4, let language = parts.popLast(), let word = parts.popLast(),
            let channel = Channel(rawValue: word)
        else { throw Problem(file: file, reason: "is not named <module>.<word>.<channel>.<language>.mustache") }
        var subject = ""
        var body = text
        if channel == .email {
            let halves = text.split(separator: "\n\n", maxSplits: 1)
            guard halves.count == 2, halves[0].hasPrefix("Subject: "), !halves[0].contains("\n") else {
                throw Problem(file: file, reason: "an e-mail begins with one line “Subject: …” and an empty line")
            }
            subject = String(halves[0].dropFirst("Subject: ".count))
            body = String(halves[1])
        }
        while body.last == "\n" { body.removeLast() }
        do {
            _ = try (LetterText(subject), LetterText(body))
        } catch {
            throw Problem(file: file, reason: "is not a well-formed template")
        }
        return Letter(
            kind: parts.joined(separator: "."),
            channel: channel,
            language: language,
            subject: subject,
            body: body
        )
    }
}

/// A letter's template: plain tags `{{name}}` and nothing else, so that what is missing can be told before it is sent.
struct LetterText: Sendable {
    /// Which tag stands without a value.
    struct MissingValue: Error, CustomStringConvertible {
        let name: String

        var description: String { "the template's tag \(name) has no value" }
    }

    private let template: MustacheTemplate
    let names: Set<String>
    /// Whether it has sections or other tags than plain ones.
    let hasOtherTags: Bool

    /// Throws when it is not well-formed.
    init(_ text: String) throws {
        template = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
        let tags = text.matches(of: /\{\{\s*([a-z_]+)\s*\}\}/).map { String($0.output.1) }
        names = Set(tags)
        hasOtherTags =
            text.contains("{{{") || text.contains("}}}")
            || text.split(separator: "{{", omittingEmptySubsequences: false).count - 1 != tags.count
    }

    /// Throws `MissingValue` for the first tag without a value, by name.
    func render(_ values: [String: String]) throws -> String {
        if let name = names.sorted().first(where: { values[$0] == nil }) { throw MissingValue(name: name) }
        return template.render(values)
    }
}
