/// What an upload may be at most. The file's own words are believed only as far as they refuse it.
package struct ScanLimits: Sendable {
    /// Bytes of the file as it came.
    package let bytes: Int
    package let pages: Int
    /// Pixels of one picture, read from its header before anything is decoded.
    package let pixels: Int
    /// Both sides of a page image fit into a square of so many pixels; an A4 page then has about 150 dpi.
    package let imageSide: Int
    /// Bytes of one page image.
    package let imageBytes: Int
    /// Seconds that one page may take, and seconds for the whole file.
    package let pageSeconds: Int
    package let fileSeconds: Int
    /// Address space of a converter in bytes.
    package let memory: Int

    package init(
        bytes: Int = 25 << 20,
        pages: Int = 40,
        pixels: Int = 50_000_000,
        imageSide: Int = 1754,
        imageBytes: Int = 8 << 20,
        pageSeconds: Int = 10,
        fileSeconds: Int = 60,
        memory: Int = 512 << 20
    ) {
        self.bytes = bytes
        self.pages = pages
        self.pixels = pixels
        self.imageSide = imageSide
        self.imageBytes = imageBytes
        self.pageSeconds = pageSeconds
        self.fileSeconds = fileSeconds
        self.memory = memory
    }
}
