public import Model

/// Everything outside that the engine touches, and nothing else.
public struct EnginePorts {
    /// The site's database.
    public var database: any SiteDatabase
    /// The uploads folder, its trash and the originals.
    public var files: any MediaFiles
    /// The journal.
    public var journal: any ChangeJournal
    /// What knows which rows name a path, so that plans need no full scan; nil for none.
    public var index: (any ReferenceLookup)?
    /// What time it is.
    public var clock: any Clock
    /// Where journal ids get their randomness.
    public var random: any RandomSource

    /// Collects the ports.
    public init(
        database: any SiteDatabase, files: any MediaFiles, journal: any ChangeJournal,
        clock: any Clock, random: any RandomSource, index: (any ReferenceLookup)? = nil
    ) {
        self.database = database
        self.files = files
        self.journal = journal
        self.clock = clock
        self.random = random
        self.index = index
    }
}
