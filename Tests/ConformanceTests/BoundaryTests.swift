import Foundation
import Testing

@Suite struct BoundaryTests {
    /// The rings of design.md: what each may import of the house.
    private static let rings = ["Kit", "Services", "Features", "App"]

    @Test func `modules import inwards only, and a feature never another feature`() throws {
        let modules = try Self.modules()
        let cLibraries = Set(modules.filter { Self.isCLibrary($0.key, $0.value) }.keys)
        var found: [String] = []
        for file in try Sources.files("Sources", ".swift") {
            let parts = file.path.split(separator: "/").map(String.init)
            let (ring, module) = (parts[1], parts[2])
            for imported in Self.imports(file) {
                guard let other = modules[imported], imported != module else { continue }
                let isAllowed =
                    switch ring {
                    case "Kit": other == "Kit"
                    case "Services": other == "Kit" || other == "Services"
                    case "Features": (other == "Kit" && !cLibraries.contains(imported)) || other == "Services"
                    default: true
                    }
                if !isAllowed { found.append("\(file.path) imports \(imported)") }
            }
        }
        #expect(found == [])
        #expect(modules.count > 15)
    }

    @Test func `no two modules import one another in a circle`() throws {
        var graph: [String: Set<String>] = [:]
        let modules = try Self.modules()
        for file in try Sources.files("Sources", ".swift") {
            let module = String(file.path.split(separator: "/")[2])
            graph[module, default: []].formUnion(Self.imports(file).filter { modules[$0] != nil && $0 != module })
        }
        var known = graph
        for _ in graph {
            for (module, reached) in known {
                known[module] = reached.union(reached.flatMap { known[$0] ?? [] })
            }
        }
        #expect(known.filter { $0.value.contains($0.key) }.keys.sorted() == [])
    }

    @Test func `what the compiler cannot prove stands only in Kit, with its reason`() throws {
        let words = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency", "Task.detached"]
        var found: [String] = []
        for file in try Sources.files("Sources", ".swift") {
            let lines = file.lines
            for (number, line) in Sources.codeLines(file).enumerated()
            where words.contains(where: { line.contains($0) }) {
                let around = lines[max(0, number - 6)...number].joined()
                if !file.path.hasPrefix("Sources/Kit/") || !around.contains("//") {
                    found.append("\(file.path):\(number + 1)")
                }
            }
        }
        #expect(found == [])
    }

    @Test func `nothing is forced, left for later or public`() throws {
        let forbidden = #/\btry!|\bfatalError\(|\bTODO\b|\bFIXME\b|^\s*public\s|^\s*Task\s\{|\bas!\s/#
        var found: [String] = []
        for file in try Sources.files("Sources", ".swift") {
            for (number, line) in Sources.codeLines(file).enumerated()
            where line.contains(forbidden) && !line.contains("\"") {
                let isKitTask = file.path.hasPrefix("Sources/Kit/") && line.contains("Task {")
                if !isKitTask { found.append("\(file.path):\(number + 1):\(line)") }
            }
        }
        #expect(found == [])
    }

    @Test func `files, lines and templates keep their limits`() throws {
        var found: [String] = []
        let limits = [("Sources", ".swift", 300), ("Tests", ".swift", 300), ("sql/queries", ".sql", 300)]
        for (folder, ending, limit) in limits {
            for file in (try? Sources.files(folder, ending)) ?? [] {
                if file.lines.count > limit + 1 { found.append("\(file.path): \(file.lines.count) lines") }
                guard ending == ".swift" else { continue }
                for (number, line) in file.lines.enumerated() where line.count > 120 {
                    found.append("\(file.path):\(number + 1): \(line.count) characters")
                }
            }
        }
        for file in try Sources.files("admin-web", ".mustache") where file.lines.count > 81 {
            found.append("\(file.path): \(file.lines.count) lines")
        }
        #expect(found == [])
    }

    private static func modules() throws -> [String: String] {
        var modules: [String: String] = [:]
        for ring in rings {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(Sources.root)/Sources/\(ring)") {
                modules[name] = ring
            }
        }
        return modules
    }

    private static func isCLibrary(_ module: String, _ ring: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(Sources.root)/Sources/\(ring)/\(module)/module.modulemap")
    }

    private static func imports(_ file: Sources.File) -> [String] {
        file.lines.compactMap { line in
            let pattern = /^(?:[@\w]+\s)*import\s(?:struct\s|enum\s|class\s|func\s|protocol\s)?(\w+)/
            return line.firstMatch(of: pattern).map { String($0.output.1) }
        }
    }
}
