/// How the text of a cell is to be read when references are looked for.
public enum ValueRole: Hashable, Sendable {
    /// Any stored value: a bare uploads-relative path counts when it is the whole string.
    case ordinary
    /// Text that people wrote (a title, an alt text): only paths with the uploads folder count.
    case prose
    /// An attachment's own metadata: file names without a folder count too and belong to this
    /// folder (nil: directly below uploads).
    case attachmentMetadata(directory: MediaPath?)
    /// A text file below uploads (generated CSS or JSON) in this folder (nil: directly below
    /// uploads): `../` paths are resolved against it.
    case uploadedFile(directory: MediaPath?)
}
