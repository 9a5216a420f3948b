public import Model

/// Lets calls through until a number of them has been made and fails every one after that, as if the
/// process had been killed there: nothing that would clean up gets through either.
public final class Interruption {
    /// How many calls were made.
    public private(set) var calls = 0
    private let limit: Int

    /// Creates an interruption.
    ///
    /// - Parameter limit: how many calls get through.
    public init(after limit: Int) { self.limit = limit }

    /// Whether an error is an interruption, or follows from one.
    public static func caused(_ error: MonikerError) -> Bool {
        error.code.rawValue == "killed"
            || (error.cause as? MonikerError).map(caused) ?? false
    }

    /// Counts a call.
    public func pass() throws(MonikerError) {
        guard calls < limit else {
            throw MonikerError(ErrorCode("killed"), "killed at call \(calls + 1)")
        }
        calls += 1
    }
}

/// Files behind an interruption.
public final class InterruptedFiles: MediaFiles {
    private let files: any MediaFiles
    private let interruption: Interruption

    /// Wraps files.
    public init(_ files: any MediaFiles, _ interruption: Interruption) {
        self.files = files
        self.interruption = interruption
    }

    /// None: interruptions count the calls of one thread.
    public func makeWorker() throws(MonikerError) -> (any MediaFiles)? { nil }

    /// As the port says.
    public func versions(
        of names: [[UInt8]], in directory: MediaPath?
    ) throws(MonikerError) -> FolderVersions? { try files.versions(of: names, in: directory) }

    /// As the port says, if the interruption lets it through.
    public func entries(of directory: MediaPath?) throws(MonikerError) -> [DirectoryEntry] {
        try files.entries(of: directory)
    }

    /// As the port says, if the interruption lets it through.
    public func status(of path: MediaPath) throws(MonikerError) -> FileStatus? {
        try files.status(of: path)
    }

    /// As the port says, if the interruption lets it through.
    public func digest(of path: MediaPath) throws(MonikerError) -> ContentDigest {
        try files.digest(of: path)
    }

    /// As the port says.
    public func content(of path: MediaPath) throws(MonikerError) -> FileContent? {
        try files.content(of: path)
    }

    /// As the port says, if the interruption lets it through.
    public func contents(of path: MediaPath, limit: Int) throws(MonikerError) -> [UInt8] {
        try files.contents(of: path, limit: limit)
    }

    /// As the port says, if the interruption lets it through.
    public func modified(directory: MediaPath?) throws(MonikerError) -> Int64 {
        try files.modified(directory: directory)
    }

    /// As the port says, if the interruption lets it through.
    public func setModified(directory: MediaPath?, to time: Int64) throws(MonikerError) {
        try interruption.pass()
        try files.setModified(directory: directory, to: time)
    }

    /// As the port says, if the interruption lets it through.
    public func link(
        _ existing: MediaPath, as new: MediaPath, identity: FileIdentity?
    ) throws(MonikerError) {
        try interruption.pass()
        try files.link(existing, as: new, identity: identity)
    }

    /// As the port says, if the interruption lets it through.
    public func retire(
        _ path: MediaPath, identity: FileIdentity, into journal: JournalID, as sequence: Int
    ) throws(MonikerError) -> Bool {
        try interruption.pass()
        return try files.retire(path, identity: identity, into: journal, as: sequence)
    }

    /// As the port says, if the interruption lets it through.
    public func unretire(
        _ path: MediaPath, from journal: JournalID, as sequence: Int
    ) throws(MonikerError) -> Bool {
        try interruption.pass()
        return try files.unretire(path, from: journal, as: sequence)
    }

    /// As the port says.
    public func trash() throws(MonikerError) -> [JournalID: Int] { try files.trash() }

    /// As the port says, if the interruption lets it through.
    public func emptyTrash(of journal: JournalID) throws(MonikerError) {
        try interruption.pass()
        try files.emptyTrash(of: journal)
    }

    /// As the port says, if the interruption lets it through.
    public func replaceContents(
        of path: MediaPath, expected: ContentDigest, with bytes: [UInt8], modified: Int64?
    ) throws(MonikerError) -> Bool {
        try interruption.pass()
        return try files.replaceContents(
            of: path, expected: expected, with: bytes, modified: modified)
    }

    /// As the port says, if the interruption lets it through.
    public func removeTemporaries(in directories: Set<MediaPath?>) throws(MonikerError) {
        try interruption.pass()
        try files.removeTemporaries(in: directories)
    }

    /// As the port says, if the interruption lets it through.
    public func synchronize(directories: Set<MediaPath?>) throws(MonikerError) {
        try interruption.pass()
        try files.synchronize(directories: directories)
    }

    /// As the port says, if the interruption lets it through.
    public func storeOriginal(
        _ path: MediaPath, as storage: OriginalStorage
    ) throws(MonikerError) -> ContentDigest {
        try interruption.pass()
        return try files.storeOriginal(path, as: storage)
    }

    /// As the port says, if the interruption lets it through.
    public func packOriginal(_ path: MediaPath) throws(MonikerError) -> ContentDigest? {
        try interruption.pass()
        return try files.packOriginal(path)
    }

    /// As the port says, if the interruption lets it through.
    public func synchronizeOriginals() throws(MonikerError) {
        try interruption.pass()
        try files.synchronizeOriginals()
    }

    /// As the port says, if the interruption lets it through.
    public func hasOriginal(
        _ digest: ContentDigest, readingData: Bool
    ) throws(MonikerError) -> Bool {
        try files.hasOriginal(digest, readingData: readingData)
    }

    /// As the port says.
    public func originalSize(_ digest: ContentDigest) throws(MonikerError) -> Int64? {
        try files.originalSize(digest)
    }

    /// As the port says, if the interruption lets it through.
    public func restoreOriginal(
        _ digest: ContentDigest, as path: MediaPath, status: FileStatus
    ) throws(MonikerError) {
        try interruption.pass()
        try files.restoreOriginal(digest, as: path, status: status)
    }

    /// As the port says, one after the other, as far as the interruption lets them through.
    public func removeOriginals(_ digests: Set<ContentDigest>) throws(MonikerError) -> Int {
        var removed = 0
        for digest in digests.sorted() {
            try interruption.pass()
            removed += try files.removeOriginals([digest])
        }
        return removed
    }

    /// As the port says, if the interruption lets it through.
    public func originals() throws(MonikerError) -> [ContentDigest] { try files.originals() }
}

/// A database behind an interruption.
///
/// A transaction that is interrupted inside rolls back, as the database does with one whose client
/// is gone; one that is interrupted at its end is committed, and the client never hears of it.
public final class InterruptedDatabase: SiteDatabase {
    private let database: any SiteDatabase
    private let interruption: Interruption

    /// Wraps a database.
    public init(_ database: any SiteDatabase, _ interruption: Interruption) {
        self.database = database
        self.interruption = interruption
    }

    /// None: an interrupted run does one thing after the other.
    public func makeConnection() throws(MonikerError) -> (any SiteDatabase)? { nil }

    /// As the port says.
    public var matchesPatterns: Bool { database.matchesPatterns }

    /// As the port says.
    public func keyRange(of table: TableSchema) throws(MonikerError) -> ClosedRange<Int64>? {
        try database.keyRange(of: table)
    }

    /// As the port says.
    public func describe() throws(MonikerError) -> DatabaseDescription {
        try database.describe()
    }

    /// As the port says.
    public func tables(withPrefix prefix: String) throws(MonikerError) -> [TableSchema] {
        try database.tables(withPrefix: prefix)
    }

    /// As the port says.
    public func forEachRow(
        of query: RowQuery, _ body: ([SQLValue]) throws(MonikerError) -> Bool
    ) throws(MonikerError) {
        try database.forEachRow(of: query, body)
    }

    /// As the port says, if the interruption lets it through, before and after.
    public func transaction(
        _ body: (any SiteTransaction) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        try interruption.pass()
        try database.transaction { (transaction) throws(MonikerError) in
            try body(transaction)
            try interruption.pass()
        }
        try interruption.pass()
    }

    /// As the port says, if the interruption lets it through.
    public func prepareMarkers(prefix: String) throws(MonikerError) {
        try interruption.pass()
        try database.prepareMarkers(prefix: prefix)
    }

    /// As the port says.
    public func marker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision? {
        try database.marker(id, prefix: prefix)
    }

    /// As the port says.
    public func markers(prefix: String) throws(MonikerError) -> [JournalID: MarkerDecision] {
        try database.markers(prefix: prefix)
    }

    /// As the port says.
    public func committedTally(prefix: String) throws(MonikerError) -> CommitTally {
        try database.committedTally(prefix: prefix)
    }

    /// As the port says, if the interruption lets it through.
    public func settleMarker(
        _ id: JournalID, prefix: String
    ) throws(MonikerError) -> MarkerDecision {
        try interruption.pass()
        return try database.settleMarker(id, prefix: prefix)
    }

    /// As the port says, if the interruption lets it through.
    public func removeMarkers(_ ids: [JournalID], prefix: String) throws(MonikerError) {
        try interruption.pass()
        try database.removeMarkers(ids, prefix: prefix)
    }

    /// As the port says.
    public func incarnation(prefix: String) throws(MonikerError) -> String? {
        try database.incarnation(prefix: prefix)
    }

    /// As the port says, if the interruption lets it through.
    public func establishIncarnation(
        _ candidate: String, prefix: String
    ) throws(MonikerError) -> String {
        try interruption.pass()
        return try database.establishIncarnation(candidate, prefix: prefix)
    }

    /// As the port says, if the interruption lets it through.
    public func removeTraces(prefix: String) throws(MonikerError) {
        try interruption.pass()
        try database.removeTraces(prefix: prefix)
    }

    /// As the port says.
    public func acquireAdvisoryLock(_ name: String) throws(MonikerError) -> Bool {
        try database.acquireAdvisoryLock(name)
    }
}
