import FoundationEssentials
import Yams

extension Catalog {
    /// Loads `<directory>/<language>/<module>.yml` and checks that every key exists in every language with the same
    /// placeholders and the plural forms of its language.
    package static func load(from directory: String) throws -> Catalog {
        var texts: [Language: [String: CatalogText]] = [:]
        for language in Language.allCases {
            texts[language] = try load(language, from: "\(directory)/\(language.rawValue)")
        }
        let catalog = Catalog(texts: texts)
        if let first = catalog.disagreements.first { throw first }
        return catalog
    }

    /// Every key that is not in all languages, or not with the same placeholders.
    package var disagreements: [CatalogError] {
        let reference = texts[.english] ?? [:]
        var found: [CatalogError] = []
        for language in Language.allCases where language != .english {
            let own = texts[language] ?? [:]
            for (key, text) in reference {
                guard let other = own[key] else {
                    found.append(CatalogError(.missingKey, at: "\(language.rawValue) \(key)"))
                    continue
                }
                if other.placeholders != text.placeholders || other.isPlural != text.isPlural {
                    found.append(CatalogError(.otherPlaceholders, at: "\(language.rawValue) \(key)"))
                }
            }
            for key in own.keys where reference[key] == nil {
                found.append(CatalogError(.missingKey, at: "\(Language.english.rawValue) \(key)"))
            }
        }
        return found.sorted { $0.place < $1.place }
    }

    private static func load(_ language: Language, from directory: String) throws -> [String: CatalogText] {
        guard let files = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw CatalogError(.unreadable, at: directory)
        }
        var texts: [String: CatalogText] = [:]
        for file in files.sorted() where file.hasSuffix(".yml") {
            let place = "\(language.rawValue)/\(file)"
            guard let data = FileManager.default.contents(atPath: "\(directory)/\(file)"),
                let source = String(validating: data, as: UTF8.self), let root = try? Yams.compose(yaml: source)
            else { throw CatalogError(.unreadable, at: place) }
            try read(root, under: String(file.dropLast(4)), language, place, into: &texts)
        }
        return texts
    }

    /// Texts are taken as scalars whatever YAML would make of them: `no` is a word, not a truth value.
    private static func read(
        _ node: Node,
        under key: String,
        _ language: Language,
        _ place: String,
        into texts: inout [String: CatalogText]
    ) throws(CatalogError) {
        let here = "\(place) \(key)"
        if case .scalar(let scalar) = node {
            guard texts[key] == nil else { throw CatalogError(.duplicate, at: here) }
            texts[key] = try located(here) { () throws(CatalogError) in try CatalogText(plain: scalar.string) }
            return
        }
        guard case .mapping(let mapping) = node, !mapping.isEmpty else { throw CatalogError(.notAMapping, at: here) }
        let entries = mapping.map { (name: $0.key.string ?? "", value: $0.value) }
        let forms = entries.compactMap { PluralForm(rawValue: $0.name) }
        guard forms.count == entries.count else {
            for entry in entries {
                try read(entry.value, under: "\(key).\(entry.name)", language, place, into: &texts)
            }
            return
        }
        guard language.pluralForms.isSubset(of: forms), Set(forms).isSubset(of: language.pluralForms.union([.other]))
        else { throw CatalogError(.missingForms, at: here) }
        var written: [PluralForm: String] = [:]
        for (form, entry) in zip(forms, entries) {
            guard let text = entry.value.string else { throw CatalogError(.notAMapping, at: here) }
            written[form] = text
        }
        let found = written
        texts[key] = try located(here) { () throws(CatalogError) in try CatalogText(forms: found) }
    }

    private static func located<Value>(
        _ place: String,
        _ body: () throws(CatalogError) -> Value
    ) throws(CatalogError) -> Value {
        do throws(CatalogError) {
            return try body()
        } catch {
            throw error.at(place)
        }
    }
}
