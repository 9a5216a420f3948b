internal import CGExiv2
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
