import DeskKit
package import DeskWeb
import Foundation

/// A portal to be, made after the pattern of another one: a shipped profile or a portal that is there.
package enum NewPortal {
    /// The profiles of a folder, `<key>.json` as in `sql/demo/portals`. Throws `ProfileError`, or what keeps the folder
    /// from being read.
    package static func patterns(in folder: String) throws -> [PortalProfile] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { $0.hasSuffix(".json") }.map {
            let text = try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
            return try profile(text)
        }
    }

    /// The profile that a file's text describes, of no portal yet. Throws `ProfileError`.
    package static func profile(_ text: String) throws -> PortalProfile {
        let file = try ProfileJSON.decode(ProfileFile.self, text)
        return PortalProfile(id: PortalID(0), version: 0, identity: file.identity, rules: file.rules)
    }

    /// Reads what was posted: who the portal is; what was left empty is as in the pattern, and so are its rules. Nil
    /// when a field does not read, with its sentence in the errors.
    package static func read(
        _ form: Form,
        patterns: [PortalProfile]
    ) -> (draft: (identity: PortalIdentity, rules: PortalRules)?, errors: FieldErrors) {
        var read = FormReader(form)
        let pattern = patterns.first { $0.key == form["pattern"] }
        if pattern == nil { read.errors.add("pattern", "desk.field.choice") }
        let key = read.text("key", max: 31)
        let name = read.text("name", max: 120)
        let country = read.optionalText("country", max: 2)
        let zone = read.optionalText("timeZone", max: 60)
        let currency = read.optionalText("currency", max: 3)
        let listed = read.optionalText("languages", max: 60) ?? ""
        let languages = listed.split { $0 == "," || $0 == " " }.map(String.init)
        guard let pattern, let key, let name, read.errors.isEmpty else { return (nil, read.errors) }
        let identity = PortalIdentity(
            key: key,
            name: name,
            country: country?.uppercased() ?? pattern.country,
            timeZone: zone ?? pattern.timeZone,
            currency: currency?.uppercased() ?? pattern.currency,
            languages: languages.isEmpty ? pattern.languages : languages
        )
        return ((identity, pattern.rules), read.errors)
    }
}

/// The form of a new portal.
package struct NewPortalPage: Page {
    package static let template = "portals/new"

    let problems: ProblemsView?
    let pattern: FieldView
    let fields: [FieldView]

    package init(
        _ words: Words,
        _ patterns: [PortalProfile],
        form: Form? = nil,
        errors: FieldErrors = FieldErrors()
    ) {
        let make = Fields(words, form: form, errors: errors)
        problems = make.problems
        pattern = make.options(
            "pattern",
            "portals.new.pattern",
            patterns.map { ($0.key, $0.name) },
            hint: "portals.new.pattern_hint"
        )
        let asPattern = "portals.new.as_pattern"
        fields = [
            make.text("key", "portals.new.key", hint: "portals.new.key_hint", max: 31),
            make.text("name", "portals.field.name", max: 120),
            make.text("country", "portals.field.country", hint: asPattern, isRequired: false, max: 2),
            make.text("timeZone", "portals.field.timeZone", hint: asPattern, isRequired: false, max: 60),
            make.text("currency", "portals.field.currency", hint: asPattern, isRequired: false, max: 3),
            make.text("languages", "portals.field.languages", hint: asPattern, isRequired: false, max: 60),
        ]
    }
}
