/// A format that pictures are prepared from, known by the first bytes of the file and never by its
/// name.
enum PictureFormat: CaseIterable {
    case jpeg, png, gif, webp, heif

    /// The format of a file; nil for any other, SVG and PDF among them.
    init?(_ bytes: [UInt8]) {
        func has(_ text: StaticString, at position: Int) -> Bool {
            bytes.count >= position + text.utf8CodeUnitCount
                && text.withUTF8Buffer {
                    unsafe $0.elementsEqual(bytes[position..<position + $0.count])
                }
        }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if has("GIF87a", at: 0) || has("GIF89a", at: 0) {
            self = .gif
        } else if has("RIFF", at: 0), has("WEBP", at: 8) {
            self = .webp
        } else if has("ftyp", at: 4),
            ["avif", "avis", "heic", "heix", "hevc", "mif1", "msf1"].contains(where: { brand in
                bytes.count >= 12 && brand.utf8.elementsEqual(bytes[8..<12])
            })
        {
            self = .heif
        } else {
            return nil
        }
    }

    /// The class of libvips that may decode it, whatever it reads from.
    var loader: String {
        switch self {
        case .jpeg: "VipsForeignLoadJpeg"
        case .png: "VipsForeignLoadPng"
        case .gif: "VipsForeignLoadNsgif"
        case .webp: "VipsForeignLoadWebp"
        case .heif: "VipsForeignLoadHeif"
        }
    }
}
