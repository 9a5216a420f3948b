internal import CGExiv2
internal import Glibc
internal import Model

/// Reads what files say of themselves, by gexiv2; inside the worker only.
///
/// Sources: IPTC Photo Metadata Standard 2023.2 (which property is which in XMP and IIM), PLUS LDF
/// 2.0.1 (data mining).
struct EmbeddedTextReader {
    /// More than anybody writes; the rest is cut.
    private static let longestText = 4000
    private static let mostKeywords = 50

    /// Whether the library was found; nil before it was looked for.
    private var isAvailable: Bool?

    /// The texts of a file, and why they could not be read; a file without any is no failure.
    mutating func texts(of file: [UInt8]) -> (texts: EmbeddedTexts, note: String?) {
        let isAvailable = isAvailable ?? (CGExiv2_start() == 0)
        self.isAvailable = isAvailable
        guard isAvailable else {
            return (
                EmbeddedTexts(),
                "the file's own texts were not read: apt-get install libgexiv2-2"
            )
        }
        guard let metadata = FileMetadata(file) else {
            return (EmbeddedTexts(), "the file's own texts could not be read")
        }
        let texts = Self.texts(of: metadata)
        guard texts == EmbeddedTexts(), let packet = Self.packet(in: file),
            let separate = FileMetadata(packet)
        else { return (texts, nil) }
        return (Self.texts(of: separate), nil)
    }

    /// The XMP packet of a HEIC or AVIF file, found by its marks: exiv2 0.27 does not see one that was
    /// added after the picture. (XMP specification part 3, packet scanning.)
    private static func packet(in file: [UInt8]) -> [UInt8]? {
        guard PictureFormat(file) == .heif else { return nil }
        let start = Array("<x:xmpmeta".utf8)
        let end = Array("</x:xmpmeta>".utf8)
        guard let first = position(of: start, in: file, from: 0),
            let last = position(of: end, in: file, from: first)
        else { return nil }
        return Array(file[first..<last + end.count])
    }

    private static func position(of term: [UInt8], in file: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + term.count <= file.count {
            if file[index] == term[0], file[index..<index + term.count].elementsEqual(term) {
                return index
            }
            index += 1
        }
        return nil
    }

    private static func texts(of metadata: FileMetadata) -> EmbeddedTexts {
        func first(_ tags: String...) -> String? {
            for tag in tags {
                if let text = value(of: tag, in: metadata) { return text }
            }
            return nil
        }
        let keywords = ["Xmp.dc.subject", "Iptc.Application2.Keywords"].lazy
            .map { values(of: $0, in: metadata) }.first { !$0.isEmpty }
        let mining = first("Xmp.plus.DataMining") ?? ""
        return EmbeddedTexts(
            alt: first("Xmp.iptc.AltTextAccessibility"),
            title: first("Xmp.dc.title", "Iptc.Application2.ObjectName"),
            headline: first("Xmp.photoshop.Headline", "Iptc.Application2.Headline"),
            description: first("Xmp.dc.description", "Iptc.Application2.Caption")
                ?? first("Exif.Image.ImageDescription").flatMap {
                    CameraDefault.isOne($0) ? nil : $0
                },
            keywords: Array((keywords ?? []).prefix(mostKeywords)),
            // Every prohibition of the vocabulary, also one with exceptions: when in doubt, no.
            forbidsAI: mining.uppercased().contains("PROHIBITED"))
    }

    /// The value of a tag without blanks around it; nil where it is absent or empty.
    private static func value(of tag: String, in metadata: FileMetadata) -> String? {
        guard let value = metadata.value(of: tag) else { return nil }
        let text = LanguageAlternative.text(of: value).trimmed
        return text.isEmpty ? nil : String(text.prefix(longestText))
    }

    /// The values of a tag that holds several, without blanks around them and empty ones.
    private static func values(of tag: String, in metadata: FileMetadata) -> [String] {
        metadata.values(of: tag).map(\.trimmed).filter { !$0.isEmpty }
            .map { String($0.prefix(longestText)) }
    }
}

/// What gexiv2 found in a file.
@safe
private final class FileMetadata {
    private let metadata: OpaquePointer

    /// Reads a file; nil where that cannot be.
    init?(_ file: [UInt8]) {
        // SAFETY: the bytes outlive the call, which copies them.
        guard let metadata = unsafe CGExiv2_open(file, file.count) else { return nil }
        unsafe self.metadata = metadata
    }

    deinit { unsafe CGExiv2_close(metadata) }

    /// The value of a tag in one piece.
    func value(of tag: String) -> String? {
        // SAFETY: the text is copied before it is freed.
        guard let value = unsafe CGExiv2_value(metadata, tag) else { return nil }
        defer { unsafe CGExiv2_free(value) }
        return unsafe Self.text(value)
    }

    /// The values of a tag that holds several.
    func values(of tag: String) -> [String] {
        // SAFETY: the list ends with NULL and is copied before it is freed.
        guard let values = unsafe CGExiv2_values(metadata, tag) else { return [] }
        defer { unsafe CGExiv2_free_values(values) }
        var texts: [String] = []
        var next = unsafe values
        while let value = unsafe next.pointee {
            texts.append(unsafe Self.text(value))
            unsafe next += 1
        }
        return texts
    }

    /// The text of bytes: UTF-8 if they can be, else ISO 8859-1, as old programs wrote into IPTC.
    private static func text(_ value: UnsafePointer<CChar>) -> String {
        // SAFETY: the text ends with NUL.
        let characters = unsafe UnsafeBufferPointer(start: value, count: strlen(value))
        let bytes = unsafe characters.map { UInt8(bitPattern: $0) }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        text.unicodeScalars.append(contentsOf: bytes.map { Unicode.Scalar($0) })
        return text
    }
}

/// A text of XMP in several languages, as exiv2 writes it: `lang="x-default" One, lang="de" Eins`.
enum LanguageAlternative {
    /// The text of the default language, which comes first.
    static func text(of value: String) -> String {
        guard value.hasPrefix("lang=\""), let end = value.firstIndex(of: " ") else { return value }
        let text = value[value.index(after: end)...]
        guard let next = text.firstRange(of: ", lang=\"") else { return String(text) }
        return String(text[..<next.lowerBound])
    }
}

/// What cameras write where a description belongs.
enum CameraDefault {
    /// Seen in files of cameras and phones.
    private static let known: Set<String> = [
        "default", "exif_jpeg_picture", "sony dsc", "minolta dsc", "my beautiful picture", "untitled",
        "jpeg", "picture", "image", "photo", "screenshot", "cof", "cofs", "dav", "davs", "edf", "edfs",
        "fbt", "hdr", "hdrpl", "mde", "oznor", "oznorhdr", "cofsoznor", "ozedf", "ptr", "rhdr", "sdr",
        "vrh", "burst", "nor", "norhdr", "dig", "maker:0x4c,date:",
    ]

    /// Whether a description is nobody's.
    static func isOne(_ text: String) -> Bool {
        let text = text.lowercased()
        return known.contains(text) || text.contains("digital camera") || text.hasPrefix("dcim\\")
            || text.hasPrefix("<kenox")
    }
}

extension StringProtocol {
    /// Without white space and controls at its ends.
    var trimmed: String {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}
