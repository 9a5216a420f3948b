/// What the preparation of one picture may take.
public struct PictureLimits: Hashable, Sendable {
    /// The longest file in bytes.
    public var fileBytes: Int
    /// The most pixels that a header may announce.
    public var pixels: Int
    /// The longest side that a header may announce.
    public var side: Int
    /// The longest time in milliseconds, after which the worker is killed.
    public var milliseconds: Int
    /// Bytes of address space that a worker may use, its libraries included.
    public var addressSpace: Int
    /// After how many pictures a worker is replaced by a new one.
    public var picturesPerWorker: Int
    /// The longest side of the JPEG that is made.
    public var edge: Int
    /// Its quality, from 1 to 100.
    public var quality: Int

    /// Creates limits; the defaults let through what cameras make.
    public init(
        fileBytes: Int = 64 << 20, pixels: Int = 100_000_000, side: Int = 30_000,
        milliseconds: Int = 20_000, addressSpace: Int = 2 << 30, picturesPerWorker: Int = 500,
        edge: Int = 1024, quality: Int = 80
    ) {
        self.fileBytes = fileBytes
        self.pixels = pixels
        self.side = side
        self.milliseconds = milliseconds
        self.addressSpace = addressSpace
        self.picturesPerWorker = picturesPerWorker
        self.edge = edge
        self.quality = quality
    }
}
