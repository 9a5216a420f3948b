internal import CGExiv2
internal import Glibc

/// What gexiv2 found in a file.
@safe
final class FileMetadata {
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
