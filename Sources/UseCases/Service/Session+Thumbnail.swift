import Files
public import Model
import WordPress

/// A small picture of an attachment, as it lies in the uploads folder.
public struct Thumbnail: Sendable {
    /// The MIME type, as the bytes show it.
    public var contentType: String
    /// The file.
    public var bytes: [UInt8]

    /// The MIME types of pictures by what their files begin with; SVG is none of them, because it is
    /// a document that may hold script.
    static func contentType(of bytes: [UInt8]) -> String? {
        func has(_ text: String, at offset: Int) -> Bool {
            bytes.dropFirst(offset).starts(with: text.utf8)
        }
        if bytes.starts(with: [0xFF, 0xD8, 0xFF]) { return "image/jpeg" }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            return "image/png"
        }
        if has("GIF87a", at: 0) || has("GIF89a", at: 0) { return "image/gif" }
        if has("RIFF", at: 0), has("WEBP", at: 8) { return "image/webp" }
        if has("ftypavif", at: 4) || has("ftypavis", at: 4) { return "image/avif" }
        return nil
    }
}

extension Session {
    /// The most bytes of a picture that is shown small.
    private static let mostBytes = 4 << 20

    /// The smallest usual size of an attachment's picture; nil where there is none that a browser can
    /// show, or only ones that are too large to be shown small.
    ///
    /// - Throws: `unknown-attachment`; what reading files throws.
    /// - Complexity: a few rows, and one file of at most 4 MiB.
    public func thumbnail(of id: AttachmentID) throws(MonikerError) -> Thumbnail? {
        var library = try library(.some([id]))
        guard library.attachment(id) != nil else {
            throw MonikerError(
                .unknownAttachment, "there is no attachment \(id) on this site",
                details: ["attachment": "\(id)"])
        }
        guard let family = try library.family(of: id) else { return nil }
        var candidates: [(rank: Int, bytes: Int64, path: MediaPath)] = []
        for member in family.members where member.isOnDisk {
            guard let size = try files.status(of: member.path)?.size, size <= Self.mostBytes
            else { continue }
            candidates.append((Self.rank(member.role), size, member.path))
        }
        for candidate in candidates.sorted(by: { ($0.rank, $0.bytes) < ($1.rank, $1.bytes) }) {
            let bytes = try files.contents(of: candidate.path, limit: Self.mostBytes)
            if let type = Thumbnail.contentType(of: bytes) {
                return Thumbnail(contentType: type, bytes: bytes)
            }
        }
        return nil
    }

    /// WordPress's own small sizes first: a theme's may be icons or wide strips.
    private static func rank(_ role: String) -> Int {
        switch role {
        case "size:thumbnail": 0
        case "size:medium": 1
        case let role where role.hasPrefix("size:"): 2
        case "attached": 3
        default: 4
        }
    }
}
