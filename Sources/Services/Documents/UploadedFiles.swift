import DeskWeb
package import Hummingbird

extension DocumentsService {
    /// The files of a post, one after the other and at most so many; each has the limit of a scan. Throws
    /// `ScanRefusal`, `PageError`.
    package func files(of request: Request, most: Int) async throws -> [[UInt8]] {
        let limit = limits.bytes
        var files: [[UInt8]] = []
        _ = try await MultipartReader.read(request, limits: .init(bytes: limit * 2, files: most)) { event in
            switch event {
            case .file: files.append([])
            case .bytes(let bytes):
                guard let last = files.indices.last else { return }
                guard files[last].count + bytes.count <= limit else { throw ScanRefusal.tooLarge(limit: limit) }
                files[last] += bytes
            case .endOfFile: break
            }
        }
        guard !files.isEmpty else { throw ScanRefusal.empty }
        return files
    }
}
