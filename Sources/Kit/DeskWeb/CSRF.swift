import FoundationEssentials
import HTTPTypes
import Hummingbird

/// Protection against forged posts (security.md T9): a token derived from the session, and the browser's own word
/// about where the request comes from (`Sec-Fetch-Site`, else `Origin`).
enum CSRF {
    static let field = "csrf"
    static let header = "x-csrf-token"

    enum Origin { case own, foreign, unknown }

    static func token(for session: String, site: DeskSite) -> String {
        base64url(site.sign(Array("csrf:\(session)".utf8)))
    }

    static func origin(of request: Request) -> Origin {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }) {
            return site == "same-origin" ? .own : site == "none" ? .unknown : .foreign
        }
        guard let origin = request.headers[.origin] else { return .unknown }
        guard let host = request.head.authority, let mark = origin.firstRange(of: "://") else { return .foreign }
        return origin[mark.upperBound...].lowercased() == host.lowercased() ? .own : .foreign
    }

    static func matches(_ token: String?, _ state: PageState) -> Bool {
        guard let token, !state.csrf.isEmpty else { return false }
        return sameSecret(token, state.csrf)
    }
}

/// Compares without telling by its time where the difference lies.
func sameSecret(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

/// Base64 with the URL alphabet and no padding (RFC 4648 §5).
func base64url(_ bytes: [UInt8]) -> String {
    let text = Data(bytes).base64EncodedString()
    return String(text.compactMap { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 == "=" ? nil : $0 })
}

func bytes(base64url text: String) -> [UInt8]? {
    let plain = String(text.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
    return Data(base64Encoded: plain + padding).map(Array.init)
}

/// So many bytes from the system's cryptographic generator.
func randomBytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}
