import DeskKit
import Foundation

/// Reading and writing profiles as JSON. Reading is strict: a key that means nothing is refused like a missing one.
enum ProfileJSON {
    static func rules(_ text: String) throws(ProfileError) -> PortalRules {
        try decode(PortalRules.self, text)
    }

    static func text(_ value: some Encodable) throws(ProfileError) -> String {
        guard let text = try? value.json() else { throw ProfileError([ProfileProblem("", .unreadable)]) }
        return text
    }

    static func decode<Value: Codable>(_ type: Value.Type, _ text: String) throws(ProfileError) -> Value {
        let value: Value
        do {
            value = try Value(json: text)
        } catch let error as DecodingError {
            throw ProfileError([problem(error)])
        } catch {
            throw ProfileError([ProfileProblem("", .unreadable)])
        }
        let known = try paths(ProfileJSON.text(value))
        let unknown = try paths(text).subtracting(known).sorted()
        if !unknown.isEmpty { throw ProfileError(unknown.map { ProfileProblem($0, .unknownKey) }) }
        return value
    }

    /// Each key of the first level with its value as canonical JSON.
    static func topLevel(_ value: some Encodable) throws(ProfileError) -> [String: String] {
        guard let tree = try? JSONSerialization.jsonObject(with: Data(text(value).utf8)) as? [String: Any] else {
            throw ProfileError([ProfileProblem("", .unreadable)])
        }
        return tree.mapValues { part in
            let data = try? JSONSerialization.data(withJSONObject: part, options: [.sortedKeys, .fragmentsAllowed])
            return String(decoding: data ?? Data(), as: UTF8.self)
        }
    }

    private static func problem(_ error: DecodingError) -> ProfileProblem {
        switch error {
        case .keyNotFound(let key, let context):
            ProfileProblem(path(context.codingPath + [key]), .missing)
        case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
            ProfileProblem(path(context.codingPath), .unreadable)
        @unknown default:
            ProfileProblem("", .unreadable)
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }

    /// The paths of all keys that hold a value; elements of an array share the path of their array.
    private static func paths(_ text: String) throws(ProfileError) -> Set<String> {
        guard let tree = try? JSONSerialization.jsonObject(with: Data(text.utf8)) else {
            throw ProfileError([ProfileProblem("", .unreadable)])
        }
        var found: Set<String> = []
        collect(tree, "", &found)
        return found
    }

    private static func collect(_ tree: Any, _ path: String, _ found: inout Set<String>) {
        if let object = tree as? [String: Any] {
            for (key, value) in object where !(value is NSNull) {
                let inner = path.isEmpty ? key : "\(path).\(key)"
                found.insert(inner)
                collect(value, inner, &found)
            }
        } else if let list = tree as? [Any] {
            for value in list { collect(value, path, &found) }
        }
    }
}
