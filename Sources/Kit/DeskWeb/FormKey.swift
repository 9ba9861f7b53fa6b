/// The one-use mark of a form that creates something: issued with the page, consumed by SQL in the transaction of the
/// command, so that a double click does it once. Text: 22 characters of base64url.
package struct FormKey: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    /// Nil for anything that this console cannot have issued.
    package init?(rawValue: String) {
        guard rawValue.utf8.count == 22, bytes(base64url: rawValue)?.count == 16 else { return nil }
        self.rawValue = rawValue
    }

    private init(issued: String) {
        rawValue = issued
    }

    package static func issue() -> FormKey {
        FormKey(issued: base64url(randomBytes(16)))
    }

    /// The name of its hidden field.
    package static let field = "form_key"
}
