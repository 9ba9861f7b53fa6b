import DeskKit
import Postgres

/// Where a browser keeps something.
package enum CookieStorage: String, Codable, CaseIterable, Sendable, PostgresValue {
    case cookie
    case localStorage = "local_storage"
    case sessionStorage = "session_storage"
    case pixel
}

/// What it is for. All but the first need consent.
package enum CookieCategory: String, Codable, CaseIterable, Sendable, PostgresValue {
    case necessary, functional, analytics, marketing
}

package enum CookieParty: String, Codable, CaseIterable, Sendable, PostgresValue {
    case first, third
}

package enum CookieState: String, Codable, CaseIterable, Sendable, PostgresValue {
    /// Described, and part of the policy.
    case declared
    /// Seen, and not described yet: policies that list cookies wait for it.
    case unknown
    case retired
}

/// One thing that a portal's pages keep in a browser.
struct CookieItem: Sendable, Hashable {
    var name: String
    var storage: CookieStorage
    var party: CookieParty
    var provider: String
    var category: CookieCategory
    /// How long it is kept; nil until the browser closes.
    var minutes: Int?
    /// What it is for, by language.
    var purposes: [String: String]
    var state: CookieState

    /// The words in a language, or in the first one there is.
    func purpose(in locale: String, _ languages: [String]) -> String {
        purposes[locale] ?? languages.lazy.compactMap { purposes[$0] }.first ?? ""
    }
}

struct CookieRow: Decodable, Sendable {
    let id: CookieID
    let name: String
    let storage: CookieStorage
    let party: CookieParty
    let provider: String
    let category: CookieCategory
    let minutes: Int?
    let purposes: String
    let state: CookieState
    let version: Int

    func item() throws -> CookieItem {
        CookieItem(
            name: name,
            storage: storage,
            party: party,
            provider: provider,
            category: category,
            minutes: minutes,
            purposes: try [String: String](json: purposes),
            state: state
        )
    }
}
