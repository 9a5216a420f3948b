/// One renamed file of a change set.
public struct FileMoveRecord: Hashable, Sendable {
    /// What has become of the old name.
    public enum OldName: String, Hashable, Sendable {
        /// It still works, beside the new one.
        case alive
        /// It was moved into the trash.
        case retired
    }

    /// Why an old name outlives its time.
    public enum KeepReason: String, Hashable, Sendable {
        /// Another attachment uses the same file.
        case shared
        /// A value that could not be rewritten still names it.
        case opaque
        /// The change set was stopped before all values were rewritten.
        case stopped
    }

    /// The position in the change set, from 0.
    public var sequence: Int
    /// The attachment the file belongs to.
    public var attachment: AttachmentID
    /// What the file is in its family (`attached`, `size`, …).
    public var role: String
    /// The path before.
    public var old: MediaPath
    /// The path after.
    public var new: MediaPath
    /// The file before, or nil where the name was listed but no file was there.
    public var status: FileStatus?
    /// The SHA-256 of the content before; nil where no file was there.
    public var digest: ContentDigest?
    /// Whether the new name was there before, as another name of the same file: then a rollback
    /// leaves it alone.
    public var newNameExisted: Bool
    /// What has become of the old name.
    public var oldName: OldName
    /// Why the old name stays; nil where it goes when its time is up.
    public var keepReason: KeepReason?
    /// The change set that took this move back.
    public var revertedBy: JournalID?

    /// Creates a record.
    public init(
        sequence: Int, attachment: AttachmentID, role: String, old: MediaPath, new: MediaPath,
        status: FileStatus?, digest: ContentDigest?, newNameExisted: Bool = false,
        oldName: OldName = .alive,
        keepReason: KeepReason? = nil, revertedBy: JournalID? = nil
    ) {
        self.sequence = sequence
        self.attachment = attachment
        self.role = role
        self.old = old
        self.new = new
        self.status = status
        self.digest = digest
        self.newNameExisted = newNameExisted
        self.oldName = oldName
        self.keepReason = keepReason
        self.revertedBy = revertedBy
    }
}
