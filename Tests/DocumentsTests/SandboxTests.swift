import Glibc
import Testing

@testable import Documents

@Suite struct SandboxTests {
    func run(_ script: String, limits: ScanLimits = ScanLimits()) throws(ScanRefusal) -> String {
        guard let input = MemoryFile(Array("the scan".utf8)) else { throw .busy }
        let result = try Sandbox(limits: limits).run(["/usr/bin/bash", "-c", script], input: input)
        return String(decoding: result.output + result.complaint, as: UTF8.self)
    }

    func refusal(_ script: String, _ limits: ScanLimits) -> ScanRefusal? {
        do throws(ScanRefusal) {
            _ = try run(script, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test func `the scan comes in on standard input`() throws {
        #expect(try run("cat") == "the scan")
    }

    @Test func `there is no network`() throws {
        #expect(try run("cat /proc/net/dev | tail -n +3 | cut -d: -f1 | tr -d ' '") == "lo\n")
        #expect(try run("exec 3<>/dev/tcp/127.0.0.1/5432 || echo none").contains("none"))
    }

    @Test func `no file of the machine but programs and fonts is there`() throws {
        #expect(
            try run("ls /").split(separator: "\n").sorted()
                == ["bin", "dev", "etc", "lib", "lib64", "proc", "tmp", "usr"]
        )
        #expect(try run("ls /home /root /var /srv /etc/passwd 2>/dev/null; echo end") == "end\n")
        #expect(try run("touch /usr/here 2>/dev/null || echo refused") == "refused\n")
    }

    @Test func `it runs as nobody and without capabilities`() throws {
        #expect(try run("id -u; grep CapEff /proc/self/status") == "65534\nCapEff:\t0000000000000000\n")
    }

    @Test func `no descriptor but the three streams is open`() throws {
        let secret = open("/etc/hostname", O_RDONLY)
        defer { close(secret) }
        #expect(try run("ls /proc/self/fd | wc -l") == "4\n")
    }

    @Test func `no variable of the environment comes along`() throws {
        setenv("PORTALDESK_CANARY", "bird", 1)
        #expect(try !run("env").contains("bird"))
    }

    @Test func `time, memory and output have their ceilings`() {
        #expect(refusal("sleep 30", ScanLimits(pageSeconds: 1)) == .tooHeavy)
        #expect(refusal("while :; do :; done", ScanLimits(pageSeconds: 1)) == .tooHeavy)
        #expect(refusal("head -c 900000000 /dev/zero | tail", ScanLimits()) == .tooHeavy)
        #expect(refusal("head -c 2000000 /dev/zero", ScanLimits(imageBytes: 1_000_000)) == .tooHeavy)
    }

    @Test func `a program that is not installed is named as such`() {
        #expect(refusal("exec /usr/bin/nosuchprogram", ScanLimits()) == .converterMissing)
    }
}
