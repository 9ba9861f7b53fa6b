import DeskKit
import FoundationEssentials
import HTTPTypes
package import Hummingbird
import NIOCore

/// The files of `admin-web/static`, read and compressed once at start. Each has one URL that holds a hash of its
/// content, so that a browser may keep it for ever and a new version is a new URL.
package struct StaticFiles: Sendable {
    struct File: Sendable {
        let type: String
        let etag: String
        let plain: ByteBuffer
        let compressed: ByteBuffer?
    }

    private let byURL: [String: File]
    private let urls: [String: String]

    package static let none = StaticFiles(byURL: [:], urls: [:])

    private init(byURL: [String: File], urls: [String: String]) {
        self.byURL = byURL
        self.urls = urls
    }

    /// Reads all files below a directory. Scripts and style sheets name others as `"./name"`, which becomes
    /// the hashed URL.
    package static func load(from directory: String) throws -> StaticFiles {
        var contents: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory) {
            var isDirectory = false
            let path = "\(directory)/\(name)"
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            guard exists, !isDirectory, let data = FileManager.default.contents(atPath: path) else { continue }
            contents[name] = Array(data)
        }
        return StaticFiles(contents: contents)
    }

    package init(contents: [String: [UInt8]]) {
        var byURL: [String: File] = [:]
        var urls: [String: String] = [:]
        var waiting = contents
        while !waiting.isEmpty {
            // A file is named after its content, so those that it refers to are named first; a circle ends the waiting.
            let free = waiting.filter { !Self.refers($0.key, $0.value, to: waiting.keys) }
            for (name, source) in free.isEmpty ? waiting : free {
                waiting[name] = nil
                let bytes = Self.linked(source, name, urls)
                let hash = contentHash(bytes)
                let url = Self.url(of: name, hash: hash)
                urls[name] = url
                byURL[url] = File(
                    type: Self.type(of: name),
                    etag: "\"\(hash)\"",
                    plain: ByteBuffer(bytes: bytes),
                    compressed: Self.isText(name) ? gzipped(bytes).map { ByteBuffer(bytes: $0) } : nil
                )
            }
        }
        self.init(byURL: byURL, urls: urls)
    }

    /// The URL of a file by its name below `static/`.
    package func path(of name: String) -> String? {
        urls[name]
    }

    /// The answer to a request for a static URL; nil when there is no such file.
    package func response(to request: Request) -> Response? {
        guard let file = byURL[request.uri.path] else { return nil }
        var headers: HTTPFields = [
            .contentType: file.type, .eTag: file.etag, .cacheControl: "public, max-age=31536000, immutable",
            .vary: "Accept-Encoding",
        ]
        if request.headers[.ifNoneMatch]?.contains(file.etag) == true {
            return Response(status: .notModified, headers: headers)
        }
        var body = file.plain
        if let compressed = file.compressed, Self.acceptsGzip(request.headers[.acceptEncoding]) {
            headers[.contentEncoding] = "gzip"
            body = compressed
        }
        headers[.contentLength] = String(body.readableBytes)
        return Response(
            status: .ok,
            headers: headers,
            body: request.method == .head ? .init() : ResponseBody(byteBuffer: body)
        )
    }

    private static func acceptsGzip(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.trimmingBlanks.lowercased() }
            return parts.first == "gzip" && !parts.contains { $0 == "q=0" || $0 == "q=0.0" }
        }
    }

    private static func isLinking(_ name: String) -> Bool {
        name.hasSuffix(".js") || name.hasSuffix(".css")
    }

    private static func refers(_ name: String, _ bytes: [UInt8], to others: some Sequence<String>) -> Bool {
        guard isLinking(name) else { return false }
        let text = String(decoding: bytes, as: UTF8.self)
        return others.contains { $0 != name && text.contains("\"./\($0)\"") }
    }

    private static func linked(_ bytes: [UInt8], _ name: String, _ urls: [String: String]) -> [UInt8] {
        guard isLinking(name) else { return bytes }
        var text = String(decoding: bytes, as: UTF8.self)
        for (other, url) in urls {
            text = text.replacing("\"./\(other)\"", with: "\"\(url)\"")
        }
        return Array(text.utf8)
    }

    private static func url(of name: String, hash: String) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "/static/\(name).\(hash)" }
        return "/static/\(name[..<dot]).\(hash)\(name[dot...])"
    }

    private static func isText(_ name: String) -> Bool {
        [".css", ".js", ".svg", ".json", ".txt", ".webmanifest"].contains { name.hasSuffix($0) }
    }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "json", "webmanifest": "application/json"
        default: "application/octet-stream"
        }
    }
}

/// A name for content, not a proof of it: FNV-1a, 64 bits, in hexadecimal.
func contentHash(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    let text = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - text.utf8.count) + text
}
