import HTTPTypes
package import Hummingbird

/// How the console names and writes cookies: `__Host-` names with Secure; over plain HTTP on loopback, where browsers
/// refuse those, plain names. All are HttpOnly and SameSite=Lax or stricter, for the whole host.
package struct CookieJar: Sendable {
    package let secure: Bool

    package init(secure: Bool) {
        self.secure = secure
    }

    /// The name as sent: `session` becomes `__Host-desk-session`.
    package func name(_ name: String) -> String {
        secure ? "__Host-desk-\(name)" : "desk-\(name)"
    }

    package func value(_ name: String, in request: Request) -> String? {
        request.cookies[self.name(name)]?.value
    }

    /// Sets a cookie until the browser closes, or for `seconds`.
    package func set(
        _ name: String,
        to value: String,
        for seconds: Int? = nil,
        sameSite: Cookie.SameSite = .strict,
        on response: inout Response
    ) {
        response.setCookie(
            Cookie(
                name: self.name(name),
                value: value,
                maxAge: seconds,
                path: "/",
                secure: secure,
                httpOnly: true,
                sameSite: sameSite
            )
        )
    }

    package func clear(_ name: String, on response: inout Response) {
        set(name, to: "", for: 0, on: &response)
    }
}
