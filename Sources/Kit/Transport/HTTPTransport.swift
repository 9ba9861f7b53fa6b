import Ccurl
package import DeskKit

/// One request to a gateway.
package struct HTTPCall: Sendable {
    package enum Body: Sendable {
        case none
        /// Content type and bytes; sent by POST.
        case bytes(type: String, Redacted<[UInt8]>)
    }

    let url: Redacted<String>
    let body: Body
    let headers: [(name: String, value: Redacted<String>)]
    let authorities: String?
    let deadlines: SendDeadlines

    /// GET without a body, POST with one. `authorities` is a PEM file that replaces the system's. Throws
    /// `SettingsProblem` for an address that is neither http nor https and for a header with a line break.
    package init(
        url: Redacted<String>,
        body: Body = .none,
        headers: [(name: String, value: Redacted<String>)] = [],
        authorities: String? = nil,
        deadlines: SendDeadlines = .http
    ) throws(SettingsProblem) {
        let address = url.reveal()
        guard ["http://", "https://"].contains(where: address.hasPrefix),
            address.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .url }
        let areLines = headers.allSatisfy { header in
            !header.name.isEmpty && !hasControl(header.value.reveal())
                && header.name.unicodeScalars.allSatisfy { isLetterOrDigit($0) || $0 == "-" || $0 == "_" }
        }
        guard areLines else { throw .header }
        (self.url, self.body, self.headers) = (url, body, headers)
        (self.authorities, self.deadlines) = (authorities, deadlines)
    }
}

/// What became of a request.
package enum HTTPOutcome: Sendable, Hashable {
    /// A whole answer came: status, and at most 64 KiB of its body (personal data and secrets may be in it).
    case answered(status: Int, body: Redacted<[UInt8]>)
    /// Nothing was sent.
    case notSent(TransportProblem)
    /// Sent in whole or in part, without a whole answer; the status, if that much came.
    case uncertain(TransportProblem, status: Int?)
}

/// Speaks HTTP/1.1 over libcurl, keeping connections between requests; never follows a redirect, never repeats.
package struct HTTPTransport: Sendable {
    private let lanes: Lanes

    /// `connections` at once; further requests wait, beyond `waiting` they come back as not sent.
    package init(connections: Int = 4, waiting: Int = 1_000) {
        lanes = Lanes(count: connections, largestQueue: waiting)
    }

    /// One try.
    package func request(_ call: HTTPCall) async -> HTTPOutcome {
        let cancel = CancelFlag()
        let outcome = await withTaskCancellationHandler {
            await lanes.run { handle in Self.exchange(call, on: handle, cancel) }
        } onCancel: {
            cancel.raise()
        }
        return outcome ?? .notSent(.overloaded)
    }

    private static func exchange(_ call: HTTPCall, on handle: CurlHandle, _ cancel: CancelFlag) -> HTTPOutcome {
        var lines = ["Expect:", "User-Agent: PortalDesk"] + call.headers.map { "\($0.name): \($0.value.reveal())" }
        var upload: [UInt8] = []
        handle.prepare(protocols: "http,https", deadlines: call.deadlines, authorities: call.authorities)
        handle.set(CURLOPT_URL, call.url.reveal())
        handle.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        if case .bytes(let type, let bytes) = call.body {
            upload = bytes.reveal()
            lines.append("Content-Type: \(type)")
            handle.set(CURLOPT_POST, 1)
            handle.set(CURLOPT_POSTFIELDSIZE_LARGE, size: upload.count)
        }
        let exchange = Exchange(upload: upload, cancel: cancel)
        let status = handle.perform(exchange, lists: [(CURLOPT_HTTPHEADER, lines)])
        if let code = exchange.code, status == CURLE_OK || exchange.isCut {
            return .answered(status: code, body: Redacted(exchange.answer))
        }
        let problem = exchange.requests > 1 ? .closed : problem(of: status) ?? .notUnderstood
        return exchange.requests == 0 ? .notSent(problem) : .uncertain(problem, status: exchange.code)
    }
}
