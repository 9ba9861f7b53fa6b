import FoundationEssentials

/// What one screen shows. The template's tags find the stored properties; `template` is `<module>/<page>`.
package protocol Page: Sendable {
    static var template: String { get }
}

/// All layouts, components and pages, compiled once per language: static texts are part of the compiled template.
package struct Templates: Sendable {
    /// Templates that may print unescaped: what they print is made of safe HTML by our own Markdown renderer.
    static let rawAllowed: Set<String> = ["prose"]

    let sets: [Language: [String: [TemplateNode]]]

    /// Loads `components/`, `layouts/` and `pages/` under `admin-web`. Components go by their bare name, layouts by
    /// `layouts/<name>`, pages by `<module>/<page>`. A key, file or template that does not exist throws
    /// `TemplateError`.
    package static func load(from root: String, catalog: Catalog, files: StaticFiles) throws -> Templates {
        var sources: [String: String] = [:]
        for (folder, prefix) in [("components", ""), ("layouts", "layouts/"), ("pages", "")] {
            for path in (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
            where path.hasSuffix(".mustache") {
                guard let data = FileManager.default.contents(atPath: "\(root)/\(folder)/\(path)"),
                    let source = String(validating: data, as: UTF8.self)
                else { throw TemplateError(.unreadable, template: path) }
                sources[prefix + path.dropLast(9)] = source
            }
        }
        return try Templates(sources: sources, catalog: catalog, files: files)
    }

    package init(sources: [String: String], catalog: Catalog, files: StaticFiles = .none) throws(TemplateError) {
        var sets: [Language: [String: [TemplateNode]]] = [:]
        for language in Language.allCases {
            var compiled: [String: [TemplateNode]] = [:]
            for (name, source) in sources {
                compiled[name] = try Self.compile(name, source, language, catalog, files)
            }
            sets[language] = compiled
        }
        self.sets = sets
        for name in sources.keys.sorted() {
            try checkReferences(from: name, through: [])
        }
    }

    package var names: Set<String> {
        Set((sets[.english] ?? [:]).keys)
    }

    private static func compile(
        _ name: String,
        _ source: String,
        _ language: Language,
        _ catalog: Catalog,
        _ files: StaticFiles
    ) throws(TemplateError) -> [TemplateNode] {
        var parser = TemplateParser(mayBeRaw: rawAllowed.contains(name)) { key throws(TemplateError) in
            if key.hasPrefix("static:") {
                guard let path = files.path(of: String(key.dropFirst(7))) else {
                    throw TemplateError(.missingFile, tag: key)
                }
                return path
            }
            guard let text = catalog.constant(key, language) else { throw TemplateError(.missingText, tag: key) }
            return escaped(text)
        }
        do {
            return try parser.parse(source)
        } catch {
            throw error.within(name)
        }
    }

    private func checkReferences(from name: String, through path: [String]) throws(TemplateError) {
        guard !path.contains(name) else { throw TemplateError(.circle, template: name, tag: name) }
        guard let nodes = sets[.english]?[name] else {
            throw TemplateError(.missingTemplate, template: path.last ?? name, tag: name)
        }
        for reference in Self.references(in: nodes) {
            try checkReferences(from: reference, through: path + [name])
        }
    }

    private static func references(in nodes: [TemplateNode]) -> [String] {
        nodes.flatMap { node -> [String] in
            switch node {
            case .include(let name): [name]
            case .extend(let name, let blocks): [name] + blocks.values.flatMap(references)
            case .section(_, _, let inner), .block(_, let inner): references(in: inner)
            case .text, .value: []
            }
        }
    }
}

/// Text made safe between tags and inside quoted attributes.
func escaped(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(character)
        }
    }
    return result
}
