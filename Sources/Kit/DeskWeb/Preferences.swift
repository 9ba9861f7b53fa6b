package import Hummingbird

/// The switches of the header: language, theme, portal and single-letter shortcuts, as one plain form each. They work
/// in place and without script, and are remembered for a year.
package struct Preferences: Sendable {
    private static let year = 31_536_000

    /// Adds `POST /preferences`. `remember` is told of a new language, so that a signed-in member of staff keeps it.
    package static func add<Context: PageContext>(
        to router: some RouterMethods<Context>,
        remember: @escaping @Sendable (Language, Context) async throws -> Void = { _, _ in }
    ) {
        router.post("/preferences") { _, context in
            let form = try context.form()
            var response = context.redirect(to: form["return_to"])
            guard let cookies = context.page.site?.cookies else { return response }
            if let language = Language(rawValue: form["language"]) {
                try await remember(language, context)
                cookies.set("language", to: language.rawValue, for: year, sameSite: .lax, on: &response)
            }
            if let theme = Theme(rawValue: form["theme"]) {
                cookies.set("theme", to: theme.rawValue, for: year, sameSite: .lax, on: &response)
            }
            if form["shortcuts"] == "on" || form["shortcuts"] == "off" {
                cookies.set("shortcuts", to: form["shortcuts"], for: year, sameSite: .lax, on: &response)
            }
            if form.has("portal") {
                let portal = context.page.portals.first { "\($0.id)" == form["portal"] }
                cookies.set("portal", to: portal.map { "\($0.id)" } ?? "", for: year, sameSite: .lax, on: &response)
            }
            return response
        }
    }
}
