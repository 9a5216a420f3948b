/// The stable codes of failures.
///
/// Scripts compare them; a released code never changes its meaning.
public struct ErrorCode: RawRepresentable, Hashable, Sendable {
    /// The code as it appears in JSON.
    public let rawValue: String

    /// Creates a code from its JSON spelling.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Creates a code from its JSON spelling.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    // MARK: Site

    /// The folder is not a WordPress site.
    public static let notASite = ErrorCode("not-a-site")
    /// wp-config.php computes a value that static parsing cannot know.
    public static let computedConfiguration = ErrorCode("computed-configuration")
    /// The server refused the user or the password.
    public static let accessDenied = ErrorCode("access-denied")
    /// The database server or file cannot be reached.
    public static let databaseUnreachable = ErrorCode("database-unreachable")
    /// The connection broke in the middle of work.
    public static let connectionLost = ErrorCode("connection-lost")
    /// The connection broke during COMMIT: whether it took effect is unknown until recovery asks.
    public static let commitUnknown = ErrorCode("commit-unknown")
    /// The database or table only takes reads.
    public static let databaseReadOnly = ErrorCode("database-read-only")
    /// Somebody else holds a lock on the rows or tables that are needed.
    public static let databaseLocked = ErrorCode("database-locked")
    /// Any other failure of the database.
    public static let databaseFailed = ErrorCode("database-failed")
    /// The value would violate a unique key.
    public static let duplicateKey = ErrorCode("duplicate-key")
    /// A column cannot hold the value: it is too long, or has characters that the column has not.
    public static let notStorable = ErrorCode("not-storable")
    /// A value or statement is larger than the server's max_allowed_packet.
    public static let packetTooLarge = ErrorCode("packet-too-large")
    /// The database user may not make triggers, which the reference index needs.
    public static let triggersDenied = ErrorCode("triggers-denied")
    /// The uploads folder cannot be read or listed.
    public static let uploadsUnreadable = ErrorCode("uploads-unreadable")

    // MARK: Names

    /// The name is not a single file name: slash, `..`, NUL or control characters.
    public static let invalidName = ErrorCode("invalid-name")
    /// Nothing is left of the name after cleaning.
    public static let emptyName = ErrorCode("empty-name")
    /// The name's extension is not that of the file.
    public static let extensionMismatch = ErrorCode("extension-mismatch")
    /// The name has a second or an executable extension.
    public static let doubleExtension = ErrorCode("double-extension")
    /// The name looks like one of WordPress's own suffixes (`-300x200`, `-scaled`, …).
    public static let reservedName = ErrorCode("reserved-name")
    /// The name, with its suffixes, is longer than a file system takes.
    public static let nameTooLong = ErrorCode("name-too-long")
    /// A file, or another attachment, has the name already.
    public static let nameTaken = ErrorCode("name-taken")
    /// The name is the one the attachment already has.
    public static let nameUnchanged = ErrorCode("name-unchanged")
    /// The attachment's file is another one's as well, which the same command renames.
    public static let fileShared = ErrorCode("file-shared")

    // MARK: Attachments and files

    /// No attachment has the id.
    public static let unknownAttachment = ErrorCode("unknown-attachment")
    /// The attachment's file lives elsewhere (an external URL, an offload bucket).
    public static let externalFile = ErrorCode("external-file")
    /// The attachment's file is not on disk.
    public static let fileMissing = ErrorCode("file-missing")
    /// A file is not what it was when it was planned or recorded.
    public static let fileChanged = ErrorCode("file-changed")
    /// The file system refused: permission.
    public static let permissionDenied = ErrorCode("permission-denied")
    /// The file system is mounted read-only.
    public static let fileSystemReadOnly = ErrorCode("file-system-read-only")
    /// No space or no quota is left.
    public static let diskFull = ErrorCode("disk-full")
    /// The path leaves the folder or passes a symbolic link.
    public static let unsafePath = ErrorCode("unsafe-path")
    /// Any other failure of the file system.
    public static let fileSystemFailed = ErrorCode("file-system-failed")

    // MARK: Journal and engine

    /// No change set has the journal id.
    public static let unknownJournal = ErrorCode("unknown-journal")
    /// The change set has been reverted or superseded already.
    public static let alreadyReverted = ErrorCode("already-reverted")
    /// The change set was never applied, so there is nothing to take back.
    public static let notApplied = ErrorCode("not-applied")
    /// The file is gone and its stored original was removed when its retention ended.
    public static let originalReleased = ErrorCode("original-released")
    /// Another process holds the site; try again.
    public static let busy = ErrorCode("busy")
    /// The journal is damaged or of a newer version.
    public static let journalUnusable = ErrorCode("journal-unusable")
    /// The journal is missing, damaged or older than its manifests: it has to be rebuilt first.
    public static let journalLost = ErrorCode("journal-lost")
    /// The journal belongs to another site, or the site's database was restored or cloned.
    public static let foreignJournal = ErrorCode("foreign-journal")
    /// The change took effect, but what follows its commit failed: `recover` finishes it.
    public static let unfinished = ErrorCode("unfinished")
    /// Somebody asked for the work to stop, and nothing was changed.
    public static let cancelled = ErrorCode("cancelled")
    /// index.sqlite, the reference index of the home, cannot be written.
    public static let indexUnusable = ErrorCode("index-unusable")
    /// inventory.sqlite, the inventory of the home, cannot be read or written.
    public static let inventoryUnusable = ErrorCode("inventory-unusable")
    /// A crash was found that a person has to look at.
    public static let needsAttention = ErrorCode("needs-attention")

    // MARK: Input

    /// A map file has a malformed line; the message names it.
    public static let malformedMap = ErrorCode("malformed-map")
    /// An option or argument cannot be used.
    public static let invalidArgument = ErrorCode("invalid-argument")
}
