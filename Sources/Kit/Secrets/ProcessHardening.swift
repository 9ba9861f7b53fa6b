import Copenssl
import Glibc

/// Keeps the process's memory, which holds keys and personal data, out of core dumps and from other processes of the
/// same user.
package enum ProcessHardening {
    /// To be called first thing; false if the system refused.
    @discardableResult
    package static func forbidCoreDumps() -> Bool {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        return setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit) == 0 && portaldesk_forbid_dumps() == 0
    }

    static var mayBeDumped: Bool { portaldesk_may_be_dumped() != 0 }
}
