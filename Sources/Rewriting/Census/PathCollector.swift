import Model
import Synchronization

/// Stands in for the paths of a map: writes down the hash of everything that is looked up and finds
/// none of it.
final class PathCollector: Sendable {
    /// What one value came to.
    struct Collected {
        var hashes: Set<UInt64> = []
        var isOpaque = false
    }

    private let collected = Mutex(Collected())

    /// The longest path that is collected, in bytes.
    static let longest = 512

    /// Notes a path that was looked up.
    func note(_ hash: UInt64) { collected.withLock { _ = $0.hashes.insert(hash) } }

    /// Notes a part that is no path's alone: it can name any.
    func noteOpaque() { collected.withLock { $0.isOpaque = true } }

    /// Hands out what was collected and begins anew.
    func take() -> Collected {
        collected.withLock { collected in
            defer { collected = Collected() }
            return collected
        }
    }

    // MARK: What can be a path

    /// Which bytes may occur in a collected path: none that ends a name in every text.
    static let alphabet: [Bool] = {
        let excluded = Set("\"<>|?#\\*\u{7F}".utf8)
        return (0..<256).map { (byte: Int) -> Bool in
            byte >= 0x20 && !excluded.contains(UInt8(byte))
        }
    }()

    /// The extensions, in lower case, that a collected path may have: those of WordPress's own list
    /// of uploads and what plugins make of images.
    private static let extensions: Set<UInt64> = {
        let names = """
            jpg jpeg jpe jfif gif png bmp tiff tif webp avif avifs heic heif heics heifs jxl ico \
            svg svgz psd xcf pdf eps ai mp3 m4a m4b aac ra ram ogg oga opus wav wma mka mid midi flac \
            mp4 m4v mov qt avi mpg mpeg mpe webm ogv wmv wmx wm asf asx divx flv mkv 3gp 3gpp 3g2 \
            doc docx docm dotx xls xlsx xlsm xlsb ppt pptx pptm pps ppsx odt odp ods odg rtf txt csv \
            tsv ics vtt srt css js json xml htm html zip tar gz gzip rar 7z epub woff woff2 ttf otf
            """
        return Set(names.split(separator: " ").compactMap { PathTable.packed(Array($0.utf8)[...]) })
    }()

    /// Whether a path with this extension, as up to eight bytes in one number, is collected.
    static func collects(extension packed: UInt64) -> Bool {
        var lower: UInt64 = 0
        for shift in stride(from: 56, through: 0, by: -8) {
            let byte = UInt8(truncatingIfNeeded: packed >> UInt64(shift))
            lower = lower << 8 | UInt64((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
        }
        return extensions.contains(lower)
    }
}
