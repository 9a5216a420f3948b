public import Model
public import Rewriting

/// The reference index of a site: which rows can name which paths, kept true by notes of changed
/// rows that triggers make in the site's database.
///
/// An answer is never trusted blindly: a row that it names is read again by whoever asked, tables
/// whose triggers or columns are not those that the index was made with are scanned, and a sample of
/// rows is compared whenever changes are taken in. Whatever goes wrong with the index itself means a
/// full scan and a new index, never an error.
///
/// A value belongs to one thread, and its caller holds the lock of the home where it says so.
public final class ReferenceIndex: ReferenceLookup {
    let database: any SiteDatabase
    let tracking: any ChangeTracking
    let policy: any CellPolicy
    let census: PathCensus
    let file: IndexFile
    let tablePrefix: String
    let notesPrefix: String
    let random: any RandomSource
    let groups: (any RowGroups)?
    /// What the last question found out about the tables and their triggers, for the next one.
    var examined: Examined?
    /// When what has changed is taken in.
    public var upkeep = Upkeep.none
    /// What a person should know: why the index was not used, what was made again.
    public private(set) var notes: [String] = []
    /// Whether something was found that `repair` has to put right.
    public internal(set) var needsRepair = false
    /// Whether what the index holds was found to be wrong, so that all of it has to be made again.
    var isWrong = false
    /// What became of the last question.
    public internal(set) var use = Use.scanned
    /// What became of a question.
    public enum Use: String, Hashable, Sendable {
        /// The index answered it.
        case used
        /// Every table had to be scanned.
        case scanned
        /// Every table had to be scanned, and the index has been made again since.
        case renewed
    }

    /// When what has changed since the last question is taken in.
    public enum Upkeep: Hashable, Sendable {
        /// Never: the caller only reads, and does not hold the lock of the home.
        case none
        /// With every question, which also compares a sample of rows.
        case withQuestions
        /// By `keepUp()`, which the caller asks for when nobody waits; with a question only where
        /// more has changed than it should read again.
        case between
    }

    /// So many rows a question reads again rather than take their notes in, which costs several times
    /// as much a row.
    static let patience = 64
    /// Notes that are taken in at once.
    static let batch = 20_000
    /// Rows that are read again in one query.
    static let rowsInQuery = 200

    /// Prepares an index; nil where the database cannot note changes.
    ///
    /// Nothing is opened or asked yet.
    ///
    /// - Parameters:
    ///   - file: where index.sqlite is, or is to be.
    ///   - policy: which cells are read, and how, when nothing is renamed.
    ///   - notesPrefix: the prefix of the table of notes.
    ///   - groups: which rows are asked for together; nil for none.
    /// - Throws: `invalid-argument` when nothing is known of the uploads folder.
    public init?(
        file: IndexFile, database: any SiteDatabase, policy: any CellPolicy,
        location: UploadsLocation, tablePrefix: String, notesPrefix: String,
        random: any RandomSource, groups: (any RowGroups)? = nil
    ) throws(MonikerError) {
        guard let tracking = database.changeTracking else { return nil }
        self.database = database
        self.tracking = tracking
        self.policy = policy
        census = try PathCensus(location: location)
        self.file = file
        self.tablePrefix = tablePrefix
        self.notesPrefix = notesPrefix
        self.random = random
        self.groups = groups
    }

    /// Whether there is an index in the home.
    public var isOn: Bool { file.exists }

    /// Whether the site's database notes changes for an index.
    public func hasTraces() throws(MonikerError) -> Bool {
        try tracking.hasTrackingTraces(prefix: notesPrefix)
    }

    // MARK: On and off

    /// Makes the triggers and the index, from nothing.
    ///
    /// The caller holds the lock of the home.
    ///
    /// - Throws: `triggers-denied`, with nothing left behind; `index-unusable` when index.sqlite
    ///   cannot be written; what the database throws.
    /// - Complexity: one scan of every table.
    public func turnOn(progress: (Int, Int) -> Void = { _, _ in }) throws(MonikerError) {
        try discard()
        examined = nil
        let layouts = try self.layouts()
        let epoch = newEpoch()
        _ = try tracking.installTracking(
            of: layouts.map(\.tracked), epoch: epoch, prefix: notesPrefix)
        do throws(MonikerError) {
            try inStore { try $0.clear(fingerprint: fingerprint, epoch: epoch) }
            try readAgain(layouts, progress: progress)
        } catch {
            try discard()
            try tracking.removeTracking(prefix: notesPrefix)
            throw error
        }
    }

    /// Removes the index and everything of it in the site's database; none is no error.
    ///
    /// The caller holds the lock of the home.
    public func turnOff() throws(MonikerError) {
        if try tracking.hasTrackingTraces(prefix: notesPrefix) {
            try tracking.removeTracking(prefix: notesPrefix)
        }
        try discard()
    }

    /// Removes index.sqlite.
    public func discard() throws(MonikerError) {
        do {
            try file.remove()
        } catch {
            throw unusable(error)
        }
    }

    // MARK: Parts

    /// A table that is scanned, with what of it is watched.
    struct Watched {
        var layout: RowLayout
        var name: String { layout.table.name }
        var tracked: TrackedTable {
            TrackedTable(table: layout.table, watchedColumns: layout.watchedColumns)
        }
    }

    func layouts() throws(MonikerError) -> [Watched] {
        layouts(of: policy.scannedTables(of: try database.tables(withPrefix: tablePrefix)))
    }

    func layouts(of tables: [TableSchema]) -> [Watched] {
        tables.compactMap { RowLayout($0, policy: policy).map { Watched(layout: $0) } }
    }

    func newEpoch() -> String {
        String(random.next(), radix: 36) + String(random.next(), radix: 36)
    }

    /// What an index of another version, or of another uploads folder, cannot be compared with.
    var fingerprint: String {
        census.fingerprint + (groups.map { " " + $0.fingerprint } ?? "")
    }

    func note(_ text: String) {
        if !notes.contains(text) { notes.append(text) }
    }

    /// Opens the store, where it is not open, and works with it.
    ///
    /// - Throws: `index-unusable` for whatever the store throws.
    func inStore<Value>(_ body: (IndexStore) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try body(try file.store())
        } catch let error as MonikerError {
            throw error
        } catch {
            file.close()
            throw unusable(error)
        }
    }

    private func unusable(_ error: any Error) -> MonikerError {
        MonikerError(
            .indexUnusable,
            "the reference index at \(file.path) cannot be used (\(error)): check the owner and rights of the home folder, or run `moniker index off`",
            details: ["path": file.path], cause: error)
    }

    /// What a row can name.
    func names(of row: [SQLValue], _ layout: RowLayout) -> Set<Int64> {
        var names: Set<Int64> = []
        for cell in layout.cells(of: row) {
            names.formUnion(census.read(cell.bytes, role: cell.role).stored)
        }
        if let group = groups?.group(of: row, in: layout) {
            names.insert(Int64(bitPattern: PathCensus.key(of: group)))
        }
        return names
    }
}
