/// Why a text in Markdown is not taken.
package enum MarkdownRefusal: String, Error, CaseIterable, Sendable {
    /// More bytes than the limit.
    case tooLarge = "too_large"
    /// Quotations and lists inside one another, deeper than anybody reads.
    case tooDeep = "too_deep"
    /// More paragraphs, links and cells than the limit.
    case tooManyParts = "too_many_parts"
}

/// How much of a text is read. A text for people is far below all three.
package struct MarkdownLimits: Sendable, Hashable {
    /// Of UTF-8.
    package var bytes: Int
    package var depth: Int
    package var parts: Int

    package init(bytes: Int = 200_000, depth: Int = 24, parts: Int = 60_000) {
        self.bytes = bytes
        self.depth = depth
        self.parts = parts
    }
}

/// What a text held that is not shown as it was meant; its author is told.
package enum MarkdownNote: String, CaseIterable, Sendable {
    /// HTML, shown as the characters that were typed.
    case html
    /// A picture, of which the words beside it remain.
    case picture
    /// A link to something else than a page, an address or a phone, of which the words remain.
    case link
}
