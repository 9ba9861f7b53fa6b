import Foundation
import Testing

/// Runs the built program itself: arguments, exit status, pipes.
struct IdentifiersCommandTests {
    static let single: [(arguments: [String], status: Int32, output: String)] = [
        (["pl_nip", "999-000-00-08"], 0, "9990000008\n"),
        (["pl_nip", "9990000009"], 1, "not valid: bad_checksum\n"),
        (
            ["phone", "--country", "PL", "500 000 127", "--format", "json"], 0,
            #"{"valid":true,"normalized":"+48500000127","reason":null}"# + "\n"
        ),
        (["mrz_name", "---", "--format", "json"], 1, #"{"valid":false,"normalized":null,"reason":"empty"}"# + "\n"),
        (["pl_nip", "-999-000-00-08"], 0, "9990000008\n"),
        (["pl_nip", "-9"], 1, "not valid: wrong_length\n"),
        (["pl_nip", "--9990000008"], 0, "9990000008\n"),
        (["pl_nip", "-"], 1, "not valid: empty\n"),
        (["pl_nip", "--", "--country"], 1, "not valid: bad_character\n"),
        (["pl_nip", "--", "-h"], 1, "not valid: bad_character\n"),
        (["--country=PL", "phone", "-500 000 127"], 0, "+48500000127\n"),
        (["pl_nip", ""], 1, "not valid: empty\n"),
    ]

    @Test(arguments: single)
    func `one value is answered in words or JSON`(arguments: [String], status: Int32, output: String) throws {
        let result = try run(arguments)
        #expect(result.output == output)
        #expect(result.status == status)
    }

    @Test(arguments: [
        ["nip", "1"], ["iban", "1"], ["iban", "1", "--country", "DE"], ["pl_nip"], [], ["pl_nip", "1", "2"],
        ["pl_nip", "1", "--stdin"], ["pl_nip", "1", "--format", "xml"],
        ["pl_nip", "1", "--format"], ["--stdin", "pl_nip"], ["pl_nip", "--"],
    ])
    func `a question without sense is a usage error`(arguments: [String]) throws {
        let result = try run(arguments)
        #expect(result.status == 64)
        #expect(result.output.isEmpty)
    }

    @Test func `each line of standard input gets one line, and an unreadable one spoils the status`() throws {
        let good = #"{"kind":"pl_nip","country":"PL","value":"9990000008"}"#
        let nul = #"{"kind":"vin","country":"INT","value":"1ZZZZZZZ6AZ000001\u0000"}"#
        let fine = try run(["--stdin"], input: "\(good)\n\(nul)\n\(good)")
        #expect(fine.status == 0)
        #expect(
            fine.output.split(separator: "\n") == [
                #"{"valid":true,"normalized":"9990000008","reason":null}"#,
                #"{"valid":false,"normalized":null,"reason":"forbidden_character"}"#,
                #"{"valid":true,"normalized":"9990000008","reason":null}"#,
            ]
        )
        let spoiled = try run(["--stdin"], input: "\(good)\nnonsense\n\(good)\n")
        #expect(spoiled.status == 65)
        #expect(spoiled.output.split(separator: "\n").count == 3)
    }

    @Test func `a question is answered before the next one is asked`() throws {
        let (process, input, output) = try start(["--stdin"])
        for _ in 1...3 {
            try input.write(contentsOf: Data((#"{"kind":"pl_krs","value":"0000000001"}"# + "\n").utf8))
            let answer = String(decoding: output.availableData, as: UTF8.self)
            #expect(answer == #"{"valid":true,"normalized":"0000000001","reason":null}"# + "\n")
        }
        try input.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private func start(_ arguments: [String]) throws -> (Process, FileHandle, FileHandle) {
        let process = Process()
        process.executableURL = Bundle(for: Anchor.self).bundleURL.appendingPathComponent("portaldesk")
        process.arguments = ["identifiers", "check"] + arguments
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, input.fileHandleForWriting, output.fileHandleForReading)
    }

    private func run(_ arguments: [String], input: String = "") throws -> (status: Int32, output: String) {
        let (process, stdin, stdout) = try start(arguments)
        // A usage error ends the program before it reads anything.
        if !input.isEmpty { try stdin.write(contentsOf: Data(input.utf8)) }
        try stdin.close()
        let data = try stdout.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}

/// Marks the test bundle, beside which the program is built.
private final class Anchor {}
