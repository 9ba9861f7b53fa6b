import DeskKit
package import HTTPTypes
package import Hummingbird
import NIOCore

extension Response {
    /// JSON that no cache keeps. Throws `EncodingError`.
    package static func json(_ body: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: try body.json()))
        )
    }

    /// Bytes of a client's, which no cache keeps. What a browser might make of them beyond a picture or a page, it
    /// makes in an empty room (security.md T16).
    package static func closed(_ bytes: [UInt8], type: String) -> Response {
        var headers: HTTPFields = [.contentType: type, .cacheControl: "no-store"]
        headers[.contentDisposition] = "inline"
        headers[.contentSecurityPolicy] = "sandbox; default-src 'none'"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
