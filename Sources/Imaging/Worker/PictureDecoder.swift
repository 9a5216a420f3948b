internal import CVips
internal import Model

/// Decodes pictures by libvips; inside the worker only.
struct PictureDecoder {
    /// What the header of a picture says.
    struct Header {
        var format: PictureFormat
        var width: Int
        var height: Int
        var frames: Int
        var needsProfile: Bool
    }

    /// Loads the library.
    ///
    /// - Throws: `missing-library`.
    init() throws(MonikerError) {
        guard CVips_start() == 0 else {
            throw MonikerError(
                .missingLibrary, "libvips 8.13 or newer is not installed; apt-get install libvips42"
            )
        }
        for format in PictureFormat.allCases { unsafe CVips_allow(format.loader) }
    }

    /// Reads the header and refuses what would be too much to decode.
    ///
    /// - Throws: `unsupported-image`, `damaged-image`, `image-too-large`.
    func header(of file: [UInt8], limits: PictureLimits) throws(MonikerError) -> Header {
        guard let format = PictureFormat(file) else {
            throw MonikerError(
                .unsupportedImage,
                "it is not a JPEG, PNG, GIF, WebP, AVIF or HEIC file; describe it by hand")
        }
        // SAFETY: the bytes outlive the call, and the name is a constant of the library.
        guard let loader = unsafe CVips_loader(file, file.count),
            unsafe String(cString: loader).hasPrefix(format.loader)
        else {
            throw MonikerError(
                .unsupportedImage,
                "this installation of libvips cannot decode the format, or the file has two formats at once; describe it by hand"
            )
        }
        var header = CVipsHeader()
        // SAFETY: the bytes outlive the call, which writes to `header` only.
        guard unsafe CVips_header(file, file.count, &header) == 0 else { throw Self.damaged }
        let stored = (width: Int(header.width), height: Int(header.height))
        let (pixels, overflows) = stored.width.multipliedReportingOverflow(by: stored.height)
        guard stored.width > 0, stored.height > 0 else { throw Self.damaged }
        guard !overflows, pixels <= limits.pixels, max(stored.width, stored.height) <= limits.side
        else {
            throw MonikerError(
                .imageTooLarge,
                "it has \(stored.width) × \(stored.height) pixels, more than are prepared; describe it by hand"
            )
        }
        let isTurned = (5...8).contains(header.orientation)
        return Header(
            format: format, width: isTurned ? stored.height : stored.width,
            height: isTurned ? stored.width : stored.height, frames: max(Int(header.pages), 1),
            needsProfile: header.needs_profile != 0)
    }

    /// Decodes the first frame, not larger than asked.
    ///
    /// - Throws: `damaged-image`.
    func pixels(of file: [UInt8], header: Header, edge: Int) throws(MonikerError) -> Pixels {
        let longest = max(header.width, header.height)
        // A sixteenth less than asked is as good, and what cameras make (4000, 4032 pixels) then
        // needs no further scaling: half the time.
        let shrink = [8, 4, 2].first { longest / $0 >= edge - edge / 16 } ?? 1
        var buffer: UnsafeMutablePointer<UInt8>?
        var width: Int32 = 0
        var height: Int32 = 0
        var bands: Int32 = 0
        // SAFETY: the bytes outlive the call; on success `buffer` holds width × height × bands bytes.
        guard
            unsafe CVips_thumbnail(
                file, file.count, Int32(edge), header.format == .jpeg ? Int32(shrink) : 0,
                header.needsProfile ? 1 : 0, &buffer, &width, &height, &bands) == 0,
            let buffer = unsafe buffer
        else { throw Self.damaged }
        defer { unsafe CVips_free(buffer) }
        let count = Int(width) * Int(height) * Int(bands)
        let values = unsafe Array(UnsafeBufferPointer(start: buffer, count: count))
        return Pixels(values: values, width: Int(width), height: Int(height), bands: Int(bands))
    }

    /// A JPEG of three bands; what it is made of holds no metadata.
    ///
    /// - Throws: `damaged-image`.
    func jpeg(of pixels: Pixels, quality: Int) throws(MonikerError) -> [UInt8] {
        var buffer: UnsafeMutablePointer<UInt8>?
        var count = 0
        // SAFETY: the pixels outlive the call; on success `buffer` holds `count` bytes.
        guard
            unsafe CVips_jpeg(
                pixels.values, Int32(pixels.width), Int32(pixels.height), Int32(pixels.bands),
                Int32(quality), &buffer, &count) == 0, let buffer = unsafe buffer
        else { throw Self.damaged }
        defer { unsafe CVips_free(buffer) }
        return unsafe Array(UnsafeBufferPointer(start: buffer, count: count))
    }

    /// The failure of a call, with the library's words.
    private static var damaged: MonikerError {
        // SAFETY: the text is the library's own buffer, copied at once; there is one thread.
        let reason =
            unsafe String(cString: CVips_error())
            .split(whereSeparator: \.isNewline).first ?? "no reason given"
        return MonikerError(
            .damagedImage, "it is cut off or damaged (\(reason)); upload it again")
    }
}
