package import DeskKit
package import DeskWeb
package import Postgres
import Secrets

/// One-use keys of forms that create something: the second click finds what the first one made. Table `form_key`.
package enum FormKeys {
    /// Where the created thing is seen, and whether this was a repeat, in which case nothing was done.
    package struct Result: Sendable, Hashable {
        package let path: String
        package let isRepeat: Bool
    }

    /// Runs `body`, which answers the path of what it made, unless this key was used before by the same person; a
    /// second click that comes at the same time waits for the first. Throws `PageError.badRequest` without a key of
    /// ours.
    package static func consume(
        _ key: FormKey?,
        by staff: StaffID,
        in session: Session,
        _ body: () throws -> String
    ) throws -> Result {
        guard let key else { throw PageError.badRequest }
        let hash = Digest.sha256(Array(key.rawValue.utf8))
        let isFirst = try session.run(AccessQueries.useFormKey, ["hash": hash, "staff": staff]) == 1
        guard isFirst else {
            guard let path = try session.first(AccessQueries.resultOfFormKey, ["hash": hash, "staff": staff]) else {
                throw PageError.badRequest
            }
            return Result(path: path, isRepeat: true)
        }
        let path = try body()
        try session.run(AccessQueries.settleFormKey, ["hash": hash, "staff": staff, "path": path])
        return Result(path: path, isRepeat: false)
    }
}
