import Glibc
import Testing

@testable import Secrets

@Suite struct ProcessHardeningTests {
    @Test func `after hardening the process leaves no core dump`() {
        #expect(ProcessHardening.forbidCoreDumps())
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        #expect(limit.rlim_cur == 0 && limit.rlim_max == 0)
        #expect(!ProcessHardening.mayBeDumped)
    }
}
