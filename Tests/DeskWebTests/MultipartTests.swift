import Hummingbird
import NIOCore
import Testing

@testable import DeskWeb

private let boundary = "----x42"
private let body = [
    "--\(boundary)\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\ntoken\r\n",
    "--\(boundary)\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n",
    "--\(boundary)\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a %22b%22.pdf\"\r\n",
    "Content-Type: application/pdf\r\n\r\n%PDF\r\n--\(boundary)not yet\r\n--\r\n",
    "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n",
    "\r\n--\(boundary)\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nŁódź\r\n--\(boundary)--\r\n",
].joined()

@Suite struct MultipartTests {
    private func request(_ body: String, chunk: Int) -> Request {
        let bytes = Array(body.utf8)
        let stream = AsyncStream<ByteBuffer> { continuation in
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                continuation.yield(ByteBuffer(bytes: bytes[start..<min(start + chunk, bytes.count)]))
            }
            continuation.finish()
        }
        return Request(
            head: .init(
                method: .post,
                scheme: nil,
                authority: nil,
                path: "/",
                headerFields: [.contentType: "multipart/form-data; boundary=\(boundary)"]
            ),
            body: RequestBody(asyncSequence: stream)
        )
    }

    private func read(
        _ request: Request,
        bytes: Int = 1000,
        files: Int = 5
    ) async throws -> (form: Form, names: [String], content: String, ends: Int) {
        var names: [String] = []
        var content: [UInt8] = []
        var ends = 0
        let form = try await MultipartReader.read(request, limits: .init(bytes: bytes, files: files)) { event in
            switch event {
            case .file(let field, let name): names.append("\(field)=\(name)")
            case .bytes(let more): content += more
            case .endOfFile: ends += 1
            }
        }
        return (form, names, String(decoding: content, as: UTF8.self), ends)
    }

    @Test(arguments: [1, 2, 3, 7, 31, 64, 10_000])
    func `files and fields are the same however the bytes are cut`(chunk: Int) async throws {
        let valid = body.replacing("\r\n--\(boundary)not yet", with: "\r\n--\(boundary.dropLast())not yet")
        let (form, names, content, ends) = try await read(request(valid, chunk: chunk))
        #expect(form["csrf"] == "token" && form["note"] == "Łódź" && form.has("empty"))
        #expect(names == ["scan=a \"b\".pdf"] && ends == 1)
        #expect(content == "%PDF\r\n--\(boundary.dropLast())not yet\r\n--\r\n")
    }

    @Test func `the gate reads the leading fields and leaves the whole body`() async throws {
        let valid = body.replacing("not yet", with: "").replacing("%PDF\r\n--\(boundary)\r\n--", with: "%PDF")
        var request = request(valid, chunk: 16)
        let (fields, whole) = try await MultipartReader.leadingFields(of: request.body, boundary: boundary)
        #expect(fields["csrf"] == "token" && !fields.has("note"))
        request.body = whole
        #expect(try await read(request).form["note"] == "Łódź")
    }

    @Test func `too many bytes or files are refused while they arrive`() async throws {
        let file = "--\(boundary)\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n12345\r\n"
        let two = file + file + "--\(boundary)--\r\n"
        #expect(try await read(request(two, chunk: 5), bytes: 10, files: 2).ends == 2)
        let bytes = await #expect(throws: PageError.self) { try await read(request(two, chunk: 5), bytes: 9) }
        #expect(bytes?.status == .contentTooLarge)
        let files = await #expect(throws: PageError.self) { try await read(request(two, chunk: 5), files: 1) }
        #expect(files?.status == .contentTooLarge)
    }

    @Test(arguments: [
        "--\(boundary)\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off", "nothing",
        "--\(boundary)\r\nX: y\r\n\r\nz\r\n--\(boundary)--", "--\(boundary)??",
    ])
    func `a body that is cut off or malformed is refused`(body: String) async throws {
        let error = await #expect(throws: PageError.self) { try await read(request(body, chunk: 9)) }
        #expect(error?.status == .badRequest)
    }

    @Test func `only form data with a boundary is multipart`() {
        #expect(MultipartParser.boundary(of: "multipart/form-data; boundary=\"a b\"") == "a b")
        #expect(MultipartParser.boundary(of: "multipart/form-data") == nil)
        #expect(MultipartParser.boundary(of: "text/plain; boundary=a") == nil)
    }
}
