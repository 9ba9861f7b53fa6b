import Clibpq

/// A connection as PostgreSQL's own programs take it from their environment, where nobody else can read it.
package enum ConnectionEnvironment {
    /// What the URL says, by the names of libpq's variables ("PGHOST"). Throws `.configuration` when it cannot be read.
    package static func variables(url: String) throws(PostgresError) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &message) else {
            if let message { PQfreemem(message) }
            throw PostgresError(.configuration, reason: "the database URL cannot be read")
        }
        defer { PQconninfoFree(options) }
        var found: [String: String] = [:]
        var option = options
        while option.pointee.keyword != nil {
            if let name = option.pointee.envvar, let value = option.pointee.val {
                found[String(cString: name)] = String(cString: value)
            }
            option += 1
        }
        return found
    }
}
