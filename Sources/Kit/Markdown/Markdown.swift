import Ccmark

/// A text in Markdown (CommonMark 0.29 with GitHub's tables and autolinks, by cmark-gfm) as safe HTML. The same source
/// gives the same bytes on every machine: what is hashed and shown to clients depends on nothing else.
package struct Markdown: Sendable {
    /// HTML that came out of here and of nowhere else: no script, no style, no picture, links of four kinds only.
    package struct HTML: Sendable, Hashable {
        package let text: String

        fileprivate init(_ text: String) {
            self.text = text
        }
    }

    package let html: HTML
    package let notes: Set<MarkdownNote>

    /// Reads a text. `headingOffset` moves headings down, under the heading of the page they stand on.
    package init(
        _ source: String,
        headingOffset: Int = 1,
        limits: MarkdownLimits = MarkdownLimits()
    ) throws(MarkdownRefusal) {
        guard source.utf8.count <= limits.bytes else { throw .tooLarge }
        let parsed = Parsed(source)
        defer { parsed.free() }
        var nodes = try parsed.nodes(limits)
        notes = Self.clean(&nodes, headingOffset)
        html = HTML(parsed.rendered())
    }

    /// What was once rendered here, read back from where it was kept with its hash.
    package static func kept(_ html: String) -> HTML { HTML(html) }

    /// Replaces what is not allowed by its words; every node that is taken out is freed.
    private static func clean(_ nodes: inout Nodes, _ headingOffset: Int) -> Set<MarkdownNote> {
        var notes: Set<MarkdownNote> = []
        for node in nodes.headings {
            cmark_node_set_heading_level(node, min(6, cmark_node_get_heading_level(node) + Int32(headingOffset)))
        }
        for node in nodes.htmlBlocks {
            notes.insert(.html)
            replace(node, by: text(of: node), inParagraph: true)
        }
        for node in nodes.htmlInlines {
            notes.insert(.html)
            replace(node, by: text(of: node), inParagraph: false)
        }
        for node in nodes.pictures {
            notes.insert(.picture)
            unwrap(node)
        }
        for node in nodes.links {
            let address = cmark_node_get_url(node).map { String(cString: $0) } ?? ""
            if LinkRule.allows(address) { continue }
            notes.insert(.link)
            unwrap(node)
        }
        return notes
    }

    private static func text(of node: Node) -> String {
        cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
    }

    private static func replace(_ node: Node, by literal: String, inParagraph: Bool) {
        guard let text = cmark_node_new(CMARK_NODE_TEXT) else { return }
        cmark_node_set_literal(text, literal)
        if inParagraph, let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH) {
            cmark_node_append_child(paragraph, text)
            cmark_node_insert_before(node, paragraph)
        } else {
            cmark_node_insert_before(node, text)
        }
        cmark_node_unlink(node)
        cmark_node_free(node)
    }

    private static func unwrap(_ node: Node) {
        while let child = cmark_node_first_child(node) {
            cmark_node_insert_before(node, child)
        }
        cmark_node_unlink(node)
        cmark_node_free(node)
    }
}

typealias Node = OpaquePointer

/// The nodes of a text that are looked at once more, in the order of the text.
struct Nodes {
    var headings: [Node] = []
    var htmlBlocks: [Node] = []
    var htmlInlines: [Node] = []
    var pictures: [Node] = []
    var links: [Node] = []

    mutating func add(_ node: Node) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HEADING: headings.append(node)
        case CMARK_NODE_HTML_BLOCK, CMARK_NODE_CUSTOM_BLOCK: htmlBlocks.append(node)
        case CMARK_NODE_HTML_INLINE, CMARK_NODE_CUSTOM_INLINE: htmlInlines.append(node)
        case CMARK_NODE_IMAGE: pictures.append(node)
        case CMARK_NODE_LINK: links.append(node)
        default: break
        }
    }
}

/// A parsed text with its parser, whose extensions the renderer needs; freed by hand.
private struct Parsed {
    private let parser: OpaquePointer?
    private let root: Node?
    // Without CMARK_OPT_UNSAFE: what should slip through the cleaning is left out by the renderer.
    private static let options = CMARK_OPT_VALIDATE_UTF8

    /// Once for the process: cmark keeps its extensions in a global list.
    private static let isReady: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()

    init(_ source: String) {
        precondition(Self.isReady)
        let parser = cmark_parser_new(Self.options)
        for name in ["table", "autolink"] {
            if let known = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, known) }
        }
        var source = source
        source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        self.parser = parser
        root = cmark_parser_finish(parser)
    }

    func nodes(_ limits: MarkdownLimits) throws(MarkdownRefusal) -> Nodes {
        var nodes = Nodes()
        let iterator = cmark_iter_new(root)
        defer { cmark_iter_free(iterator) }
        var depth = 0
        var count = 0
        while true {
            let event = cmark_iter_next(iterator)
            if event == CMARK_EVENT_DONE { return nodes }
            guard let node = cmark_iter_get_node(iterator) else { return nodes }
            if event == CMARK_EVENT_EXIT {
                depth -= 1
                continue
            }
            count += 1
            if count > limits.parts { throw .tooManyParts }
            if cmark_node_first_child(node) != nil || !Self.isLeaf(node) { depth += 1 }
            if depth > limits.depth { throw .tooDeep }
            nodes.add(node)
        }
    }

    /// The kinds for which the iterator tells no exit.
    private static func isLeaf(_ node: Node) -> Bool {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HTML_BLOCK, CMARK_NODE_THEMATIC_BREAK, CMARK_NODE_CODE_BLOCK, CMARK_NODE_TEXT,
            CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE:
            true
        default: false
        }
    }

    func rendered() -> String {
        let extensions = cmark_parser_get_syntax_extensions(parser)
        guard let rendered = cmark_render_html(root, Self.options, extensions) else { return "" }
        defer { cmark_get_default_mem_allocator().pointee.free(rendered) }
        return String(cString: rendered)
    }

    func free() {
        cmark_node_free(root)
        cmark_parser_free(parser)
    }
}
