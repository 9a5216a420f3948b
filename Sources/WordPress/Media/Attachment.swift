public import Model

/// An attachment: a row of the posts table with the metadata that names its files.
public struct Attachment: Hashable, Sendable {
    /// A file that the metadata names, and as what.
    public struct NamedFile: Hashable, Sendable {
        /// The file.
        public var path: MediaPath
        /// `original`, `size:thumbnail`, `source`, `backup:full-orig`, …
        /// .
        public var role: String
    }

    /// The id.
    public var id: AttachmentID
    /// The title.
    public var title = ""
    /// The caption.
    public var caption = ""
    /// The description.
    public var description = ""
    /// The alternative text.
    public var alt = ""
    /// The MIME type.
    public var mimeType = ""
    /// The width of the attached image in pixels; 0 where the metadata does not say.
    public var width = 0
    /// The height of the attached image in pixels; 0 where the metadata does not say.
    public var height = 0
    /// The post that the attachment was uploaded to; 0 for none.
    public var parent: Int64 = 0
    /// The attached file; nil where there is none below uploads.
    public var attachedFile: MediaPath?
    /// The attached file where it is not below uploads: an address, or another folder.
    public var externalFile: String?
    /// The files that the metadata and the backup sizes name, without the attached one.
    public var namedFiles: [NamedFile] = []

    init(id: AttachmentID) { self.id = id }

    /// All files that the attachment claims.
    public var claimedPaths: [MediaPath] {
        (attachedFile.map { [$0] } ?? []) + namedFiles.map(\.path)
    }

    /// The original of a scaled or rotated file.
    var original: MediaPath? { namedFiles.first { $0.role == "original" }?.path }

    /// What the file was before it was edited for the first time.
    var backedUpFull: MediaPath? { namedFiles.first { $0.role == "backup:full-orig" }?.path }

    /// Whether the file has been edited.
    var hasBackups: Bool { namedFiles.contains { $0.role.hasPrefix("backup:") } }

    // MARK: Metadata

    /// Takes `_wp_attached_file`: a path below uploads, absolute or not.
    mutating func setAttachedFile(_ bytes: [UInt8], spellings: [[UInt8]]) {
        var rest = bytes[...]
        for spelling in spellings where rest.starts(with: spelling + [UInt8(ascii: "/")]) {
            rest = rest.dropFirst(spelling.count + 1)
            break
        }
        guard !String(decoding: rest, as: UTF8.self).contains("://") else {
            externalFile = displayText(bytes)
            return
        }
        do {
            attachedFile = try MediaPath(validating: rest)
        } catch {
            // A path that leaves the uploads folder: the caller refuses it as external.
            externalFile = displayText(bytes)
        }
    }

    /// Takes `_wp_attachment_metadata`.
    ///
    /// File names in it stand beside the attached file.
    mutating func addMetadata(_ bytes: [UInt8], directory: MediaPath?) {
        guard let value = SerializedValue.parse(bytes) else { return }
        width = Self.pixels(value["width"])
        height = Self.pixels(value["height"])
        if let name = value["original_image"]?.text {
            addFile(name, role: "original", directory: directory)
        }
        if let name = value["thumb"]?.text { addFile(name, role: "thumb", directory: directory) }
        addSources(value["sources"], directory: directory)
        for size in value["sizes"]?.elements ?? [] {
            if let name = size.value["file"]?.text {
                addFile(
                    name, role: "size:\(String(decoding: size.key, as: UTF8.self))",
                    directory: directory)
            }
            addSources(size.value["sources"], directory: directory)
        }
    }

    /// Takes `_wp_attachment_backup_sizes`.
    mutating func addBackupSizes(_ bytes: [UInt8], directory: MediaPath?) {
        for size in SerializedValue.parse(bytes)?.elements ?? [] {
            guard let name = size.value["file"]?.text else { continue }
            addFile(
                name, role: "backup:\(String(decoding: size.key, as: UTF8.self))",
                directory: directory)
        }
    }

    private mutating func addSources(_ sources: SerializedValue?, directory: MediaPath?) {
        for source in sources?.elements ?? [] {
            guard let name = source.value["file"]?.text else { continue }
            addFile(name, role: "source", directory: directory)
        }
    }

    private static func pixels(_ value: SerializedValue?) -> Int {
        let number = value?.number ?? 0
        return (0...1_000_000).contains(number) ? Int(number) : 0
    }

    /// The path below uploads that `_wp_attached_file` names; nil for a file that lies elsewhere.
    ///
    /// - Parameter spellings: the absolute paths that the uploads folder may be stored with.
    public static func attachedFile(stored bytes: [UInt8], spellings: [[UInt8]]) -> MediaPath? {
        var attachment = Attachment(id: AttachmentID(0))
        attachment.setAttachedFile(bytes, spellings: spellings)
        return attachment.attachedFile
    }

    /// Adds a file by its name; one that is no plain name is nobody's file.
    private mutating func addFile(_ name: [UInt8], role: String, directory: MediaPath?) {
        guard !name.isEmpty, !name.contains(UInt8(ascii: "/")) else { return }
        do {
            let path = try MediaPath(
                validating: (directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? []) + name)
            let file = NamedFile(path: path, role: role)
            if !namedFiles.contains(file) { namedFiles.append(file) }
        } catch {
            // `..` or NUL: metadata that names no file below uploads names none of ours.
            return
        }
    }
}
