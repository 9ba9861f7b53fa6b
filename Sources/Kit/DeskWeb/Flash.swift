import FoundationEssentials
import Hummingbird

/// A message that survives one redirect. It travels as key and arguments in a signed cookie that lives a minute.
package struct Flash: Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case good, warn, bad }

    package let kind: Kind
    package let key: String
    package let arguments: [String: TextArgument]

    package init(_ kind: Kind, _ key: String, _ arguments: [String: TextArgument] = [:]) {
        self.kind = kind
        self.key = key
        self.arguments = arguments
    }

    package static func good(_ key: String, _ arguments: [String: TextArgument] = [:]) -> Flash {
        Flash(.good, key, arguments)
    }

    package static func bad(_ key: String, _ arguments: [String: TextArgument] = [:]) -> Flash {
        Flash(.bad, key, arguments)
    }

    static let lifetime = 60

    func store(on response: inout Response, _ site: DeskSite) {
        guard let json = try? JSONEncoder().encode(self) else { return }
        let payload = base64url(Array(json))
        let seal = base64url(site.sign(Array("flash:\(payload)".utf8)))
        site.cookies.set("flash", to: "\(payload).\(seal)", for: Self.lifetime, on: &response)
    }

    static func read(_ cookie: String, _ site: DeskSite) -> Flash? {
        let parts = cookie.split(separator: ".").map(String.init)
        guard parts.count == 2, sameSecret(parts[1], base64url(site.sign(Array("flash:\(parts[0])".utf8)))) else {
            return nil
        }
        return bytes(base64url: parts[0]).flatMap { try? JSONDecoder().decode(Flash.self, from: Data($0)) }
    }
}

/// A flash message as the layout shows it.
struct FlashView {
    let kind: String
    let text: String
    let isBad: Bool

    init(_ flash: Flash, _ words: Words) {
        kind = flash.kind.rawValue
        text = words(flash.key, flash.arguments)
        isBad = flash.kind == .bad
    }
}
