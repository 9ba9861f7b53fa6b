/// Writes a page: looks names up from the innermost section outwards and escapes what it prints for HTML.
struct TemplateRenderer {
    let templates: [String: [TemplateNode]]
    private var stack: [TemplateValue]
    private var blocks: [String: [TemplateNode]] = [:]
    private(set) var output: [UInt8] = []
    /// Tags that found nothing; strict rendering throws at the first.
    private(set) var misses: [TemplateError] = []

    init(templates: [String: [TemplateNode]], stack: [TemplateValue]) {
        self.templates = templates
        self.stack = stack
        output.reserveCapacity(16_384)
    }

    mutating func render(_ name: String) {
        guard let nodes = templates[name] else {
            misses.append(TemplateError(.missingTemplate, template: name, tag: name))
            return
        }
        render(nodes)
    }

    private mutating func render(_ nodes: [TemplateNode]) {
        for node in nodes {
            switch node {
            case .text(let bytes): output += bytes
            case .value(let path, let raw): write(path, raw: raw)
            case .section(let path, let inverted, let inner): section(path, inverted: inverted, inner)
            case .include(let name): render(name)
            case .extend(let name, let own):
                let outer = blocks
                blocks = own.merging(outer) { _, outer in outer }
                render(name)
                blocks = outer
            case .block(let name, let fallback): render(blocks[name] ?? fallback)
            }
        }
    }

    private mutating func write(_ path: [String], raw: Bool) {
        switch lookUp(path) {
        case .text(let text)?:
            if text.contains(Catalog.missingMark) { miss(.missingArgument, path) }
            if raw { output += text.utf8 } else { escape(text) }
        case .absent?: miss(.absent, path)
        case nil: miss(.nothingFound, path)
        default: miss(.notPrintable, path)
        }
    }

    private mutating func section(_ path: [String], inverted: Bool, _ nodes: [TemplateNode]) {
        guard let value = lookUp(path) else { return miss(.nothingFound, path) }
        switch value {
        case .absent, .flag(false):
            if inverted { render(nodes) }
        case .list(let list):
            if inverted, list.isEmpty { render(nodes) }
            if !inverted {
                for item in list { push(item, nodes) }
            }
        case .flag(true):
            if !inverted { render(nodes) }
        case .text, .record:
            if !inverted { push(value, nodes) }
        }
    }

    private mutating func push(_ value: TemplateValue, _ nodes: [TemplateNode]) {
        stack.append(value)
        render(nodes)
        stack.removeLast()
    }

    private func lookUp(_ path: [String]) -> TemplateValue? {
        guard let first = path.first else { return stack.last }
        for value in stack.reversed() {
            guard case .record(let record) = value, var found = record[first] else { continue }
            for name in path.dropFirst() {
                guard case .record(let inner) = found, let next = inner[name] else { return nil }
                found = next
            }
            return found
        }
        return nil
    }

    private mutating func miss(_ reason: TemplateError.Reason, _ path: [String]) {
        misses.append(TemplateError(reason, tag: path.isEmpty ? "." : path.joined(separator: ".")))
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            case UInt8(ascii: "\""): output += "&quot;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            default: output.append(byte)
            }
        }
    }
}
