import DeskWeb
import RegexBuilder
import Testing

@Suite struct TextCatalogTests {
    private static let catalog = Result { try Catalog.load(from: "\(Sources.root)/admin-web/locales") }

    @Test func `every key exists in all four languages with the same placeholders`() throws {
        let catalog = try Self.catalog.get()
        #expect(catalog.disagreements.map(\.description) == [])
        #expect(catalog.keys.count > 100)
    }

    @Test func `the templates and files of the console load`() throws {
        let site = try DeskSite(root: "\(Sources.root)/admin-web", secure: true) { $0 }
        #expect(site.templates.names.contains("layouts/console"))
    }

    @Test func `every key that Swift names exists`() throws {
        let catalog = try Self.catalog.get()
        let modules = Set(catalog.keys.compactMap { $0.split(separator: ".").first.map(String.init) })
        var missing: [String] = []
        for file in try Sources.files("Sources", ".swift") {
            for literal in Sources.literals(file) {
                guard let key = Self.key(literal, modules), !catalog.has(key), !Self.isPrefix(key, catalog.keys) else {
                    continue
                }
                missing.append("\(file.path): \(key)")
            }
        }
        #expect(missing == [])
    }

    @Test func `no key is left over`() throws {
        let catalog = try Self.catalog.get()
        var used: Set<String> = []
        // Months and weekdays are numbered; what every feature is offered need not be taken by one today.
        var prefixes: Set<String> = ["desk.month.", "desk.weekday.", "desk.nav.", "desk.field.", "desk.form."]
        for file in try Sources.files("Sources", ".swift") {
            for literal in Sources.literals(file) {
                used.insert(literal)
                if let cut = literal.firstRange(of: "\\(…)"), literal.contains(".") {
                    prefixes.insert(String(literal[..<cut.lowerBound]))
                }
            }
        }
        for file in try Sources.files("admin-web", ".mustache") {
            used.formUnion(file.text.matches(of: /\[\[([^\]]+)\]\]/).map { String($0.output.1) })
        }
        let left = catalog.keys.filter { key in
            // A module's audit lines are found by the action on the row.
            !used.contains(key) && !key.contains(".audit.")
                && !prefixes.contains { $0.contains(".") && key.hasPrefix($0) }
        }
        #expect(left.sorted() == [])
    }

    @Test func `every action of the trail has its words`() throws {
        let catalog = try Self.catalog.get()
        let worded = Set(catalog.keys.compactMap { $0.split(separator: ".audit.", maxSplits: 1).last.map(String.init) })
        var actions: Set<String> = []
        for file in try Sources.files("Sources", ".swift") {
            let call = /(?:AuditEvent|record|recordLook)\(\s*"([a-z_]+\.[a-z_]+)"/
            actions.formUnion(Sources.code(file).matches(of: call).map { String($0.output.1) })
        }
        #expect(actions.count > 100)
        #expect(actions.subtracting(worded).sorted() == [])
    }

    @Test func `every kind of job, every schedule and every queue has its words`() throws {
        let catalog = try Self.catalog.get()
        var keys = Set(try Sources.files("jobs", ".yml").map { "jobs.title.\($0.name.dropLast(4))" })
        for file in try Sources.files("Sources", ".swift") {
            let code = Sources.code(file)
            guard code.contains(": JobHandler"), !file.path.contains("/jobsbench/") else { continue }
            for match in code.matches(of: /static let kind = "([a-z_]+\.[a-z_]+)"/) {
                keys.insert("jobs.title.\(match.output.1)")
            }
            for match in code.matches(of: /static let queue = "([a-z_]+)"/) {
                keys.insert("jobs.queue.\(match.output.1)")
            }
        }
        #expect(keys.count > 15)
        #expect(keys.filter { !catalog.has($0) }.sorted() == [])
    }

    /// A literal that reads like a key: `module.word.word`, in a module that has a catalogue.
    private static func key(_ literal: String, _ modules: Set<String>) -> String? {
        guard let match = literal.wholeMatch(of: /([a-z_]+)(\.[a-z0-9_]+)+/) else { return nil }
        let endings = [".yml", ".json", ".html", ".css", ".js", ".sql", ".csv", ".svg"]
        let isFile = endings.contains { literal.hasSuffix($0) }
        return modules.contains(String(match.output.1)) && !isFile && !isOtherName(literal) ? literal : nil
    }

    /// Names with dots that are no texts: rights, audit actions, job kinds and queries. Each has a test of its own.
    private static func isOtherName(_ literal: String) -> Bool {
        otherNames.contains(literal)
    }

    private static let otherNames: Set<String> = {
        var names: Set<String> = []
        for file in (try? Sources.files("Sources", ".swift")) ?? [] {
            let kinds = /(?:Query(?:<[^>]*>+)?|Statement|Right|AuditEvent|JobKind|action:|kind:|kind\s=|right:|job:)/
            let pattern = Regex {
                kinds
                /\s*\(?\s*"([a-z0-9_.]+)"/
            }
            for match in Sources.code(file).matches(of: pattern) { names.insert(String(match.output.1)) }
        }
        for file in (try? Sources.files("sql/queries", ".sql")) ?? [] {
            let module = file.name.dropLast(4)
            for match in file.text.matches(of: /-- name: ([a-z0-9_]+)/) { names.insert("\(module).\(match.output.1)") }
        }
        for file in (try? Sources.files("jobs", ".yml")) ?? [] { names.insert(String(file.name.dropLast(4))) }
        return names
    }()

    private static func isPrefix(_ key: String, _ keys: Set<String>) -> Bool {
        keys.contains { $0.hasPrefix(key + ".") }
    }
}
