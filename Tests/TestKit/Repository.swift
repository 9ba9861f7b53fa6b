/// Where the files of this checkout lie.
package enum Repository {
    /// The root, found from this very file.
    package static var root: String {
        String(#filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/"))
    }

    package static func path(_ relative: String) -> String { root + "/" + relative }
}
