/// What a model file system and a model database refuse, as real ones do.
public struct WorldLimits: Hashable, Sendable {
    /// Whether a file can have two names.
    public var linksFiles = true
    /// Whether there are files without names (O_TMPFILE).
    public var hasUnnamedFiles = true
    /// Whether renaming can refuse to replace.
    public var movesWithoutReplacing = true
    /// Whether two files can share their content (FICLONE).
    public var sharesContent = false

    /// Whether the database refuses every transaction at its end.
    public var refusesCommits = false

    /// Everything works.
    public init() {}
}
