import DeskKit

/// Cuts a template's source into nodes. Lines are trimmed, and a line that holds nothing but a section, block, partial
/// or comment tag leaves no trace. Static texts `[[key]]` and files `[[static:name]]` are put in by `resolve`.
struct TemplateParser {
    private struct Open {
        enum Kind {
            case section(inverted: Bool)
            case block, extend
        }
        let kind: Kind
        let name: String
        var nodes: [TemplateNode] = []
    }

    let mayBeRaw: Bool
    let resolve: (String) throws(TemplateError) -> String
    private var open: [Open] = []
    private var nodes: [TemplateNode] = []

    init(mayBeRaw: Bool, resolve: @escaping (String) throws(TemplateError) -> String) {
        self.mayBeRaw = mayBeRaw
        self.resolve = resolve
    }

    mutating func parse(_ source: String) throws(TemplateError) -> [TemplateNode] {
        for line in source.split(separator: "\n") {
            let line = line.trimmingBlanks
            guard !line.isEmpty else { continue }
            var rest = line[...]
            var isSilent = true
            while let start = rest.firstRange(of: "{{") {
                if start.lowerBound > rest.startIndex {
                    try text(rest[..<start.lowerBound])
                    isSilent = false
                }
                let closing = rest[start.upperBound...].hasPrefix("{") ? "}}}" : "}}"
                guard let end = rest[start.upperBound...].firstRange(of: closing) else {
                    throw TemplateError(.unclosedTag, tag: line)
                }
                let printed = try tag(rest[start.upperBound..<end.lowerBound], triple: closing.count == 3)
                isSilent = isSilent && !printed
                rest = rest[end.upperBound...]
            }
            if !rest.isEmpty { try text(rest) }
            if !rest.isEmpty || !isSilent { append(.text([UInt8(ascii: "\n")])) }
        }
        guard let last = open.last else { return nodes }
        throw TemplateError(.unclosedSection, tag: last.name)
    }

    private mutating func tag(_ source: Substring, triple: Bool) throws(TemplateError) -> Bool {
        let source = triple ? source.dropFirst() : source
        let sigil = triple ? "{" : source.first
        let hasSigil = !triple && "#^/>$<!&=".contains(sigil ?? " ")
        let name = (hasSigil ? source.dropFirst() : source).trimmingBlanks
        if sigil == "!" { return false }
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "._-/".contains($0) }) else {
            throw TemplateError(.badName, tag: String(source))
        }
        switch sigil {
        case "#": open.append(Open(kind: .section(inverted: false), name: name))
        case "^": open.append(Open(kind: .section(inverted: true), name: name))
        case "$": open.append(Open(kind: .block, name: name))
        case "<": open.append(Open(kind: .extend, name: name))
        case "/": try close(name)
        case ">": append(.include(name))
        case "{", "&":
            guard mayBeRaw else { throw TemplateError(.unescaped, tag: name) }
            append(.value(path: path(name), raw: true))
            return true
        default:
            append(.value(path: path(name), raw: false))
            return true
        }
        return false
    }

    private mutating func close(_ name: String) throws(TemplateError) {
        guard let last = open.popLast(), last.name == name else { throw TemplateError(.wrongClosing, tag: name) }
        switch last.kind {
        case .section(let inverted): append(.section(path: path(name), inverted: inverted, last.nodes))
        case .block: append(.block(name, last.nodes))
        case .extend:
            var blocks: [String: [TemplateNode]] = [:]
            for node in last.nodes {
                switch node {
                case .block(let name, let nodes): blocks[name] = nodes
                case .text(let bytes) where bytes.allSatisfy({ $0 == UInt8(ascii: "\n") }): continue
                default: throw TemplateError(.contentInExtend, tag: name)
                }
            }
            append(.extend(name, blocks: blocks))
        }
    }

    private mutating func text(_ source: Substring) throws(TemplateError) {
        var result = ""
        var rest = source
        while let start = rest.firstRange(of: "[[") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "]]") else {
                throw TemplateError(.unclosedText, tag: String(source))
            }
            result += try resolve(String(rest[start.upperBound..<end.lowerBound]))
            rest = rest[end.upperBound...]
        }
        append(.text(Array((result + rest).utf8)))
    }

    private mutating func append(_ node: TemplateNode) {
        var list = open.last?.nodes ?? nodes
        if case .text(let bytes) = node, case .text(let earlier)? = list.last {
            list[list.count - 1] = .text(earlier + bytes)
        } else {
            list.append(node)
        }
        if open.isEmpty { nodes = list } else { open[open.count - 1].nodes = list }
    }

    private func path(_ name: String) -> [String] {
        name == "." ? [] : name.split(separator: ".").map(String.init)
    }
}
