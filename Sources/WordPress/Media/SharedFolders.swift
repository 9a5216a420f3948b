public import Model

/// The folders of attachments' files, also of every other attachment that has the same file: in the
/// metadata of all of them names stand without a folder.
public struct SharedFolders {
    /// The folder of each; nil for the uploads folder itself.
    public let folders: [AttachmentID: MediaPath?]

    /// Looks attachments up.
    ///
    /// Those without a file below uploads are left out.
    ///
    /// - Complexity: one pass over the attached files of all attachments, which are in memory.
    public init(
        of attachments: Set<AttachmentID>, database: any SiteDatabase, prefix: String,
        uploads: UploadsFolder
    ) throws(MonikerError) {
        let reader = AttachmentReader(
            database: database, prefix: prefix, spellings: uploads.spellings)
        let files = try reader.attachedFiles()
        let wanted = Set(attachments.compactMap { files[$0] })
        folders = files.filter { wanted.contains($0.value) }.mapValues(\.directory)
    }
}
