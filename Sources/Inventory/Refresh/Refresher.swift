import GRDB
import Model
import Rewriting
import WordPress

/// One refresh, inside one transaction of the store.
final class Refresher {
    let site: InventorySite
    let database: Database
    let path: String
    let settling: Int64
    let census: PathCensus
    let report: (RefreshProgress) -> Void
    var outcome = RefreshReport()

    /// The hashes of paths that attachments have gained or lost: whoever names them is read again.
    var changedHashes: Set<Int64> = []
    /// The folders in which an attachment is new, changed or gone.
    var changedFolders: Set<[UInt8]> = []
    /// The posts that are new or changed.
    var changedPosts: Set<Int64> = []
    /// The greatest ids of values of meta data that were there at the last refresh.
    var lastMetadata: Int64 = 0

    init(
        site: InventorySite, database: Database, path: String, settling: Int64, isFull: Bool,
        progress: @escaping (RefreshProgress) -> Void
    ) throws {
        self.site = site
        self.database = database
        self.path = path
        self.settling = settling
        report = progress
        census = try PathCensus(location: site.location)
        outcome.isFull = isFull
    }

    /// Runs `body` with failures of SQLite as failures of the inventory: for the inside of the site
    /// database's own calls.
    func storing<Value>(_ body: () throws -> Value) throws(MonikerError) -> Value {
        do { return try body() } catch { throw InventoryStore.failure(error, path: path) }
    }

    func step(_ step: RefreshProgress.Step, _ done: Int, of total: Int? = nil) {
        report(RefreshProgress(step: step, done: done, total: total))
    }

    // MARK: Steps

    func run(hashing: Inventory.Hashing) throws -> RefreshReport {
        let identity =
            [
                "1", census.fingerprint, site.prefix, displayText(site.uploads.directory),
            ] + site.location.hosts.sorted()
        let known = identity.joined(separator: " ")
        let greatest = try greatestMetadata()
        lastMetadata = try number("metadata")
        if try state("identity") != known { outcome.isFull = true }
        if outcome.isFull { try forget() }

        try readAttachments()
        try readFolders()
        try readPosts()
        try readContents()
        try readMetadata(through: greatest)
        try readOptions()
        try readLanguages()
        try derive()
        try hashFiles(hashing)

        try set("identity", known)
        try set("metadata", String(greatest))
        outcome.attachments = try count("attachment")
        outcome.posts = try count("post")
        return outcome
    }

    /// Forgets everything but the hashes of files, which their versions vouch for.
    private func forget() throws {
        try database.execute(
            sql: """
                DELETE FROM folder; DELETE FROM file; DELETE FROM post; DELETE FROM name;
                DELETE FROM value; DELETE FROM field; DELETE FROM use; DELETE FROM language;
                DELETE FROM state; UPDATE attachment SET fingerprint = 0
                """)
        lastMetadata = 0
    }

    private func greatestMetadata() throws -> Int64 {
        let name = site.prefix + "postmeta"
        guard
            let table = try site.database.tables(withPrefix: name).first(where: {
                $0.name == name
            })
        else { return 0 }
        return try site.database.keyRange(of: table)?.upperBound ?? 0
    }

    // MARK: State

    func state(_ name: String) throws -> String {
        try String.fetchOne(
            database, sql: "SELECT value FROM state WHERE name = ?", arguments: [name]) ?? ""
    }

    func number(_ name: String) throws -> Int64 { Int64(try state(name)) ?? 0 }

    func set(_ name: String, _ value: String) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)",
            arguments: [name, value])
    }

    func count(_ table: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM \(table)") ?? 0
    }

    /// The stored fingerprints of a table's rows, by id.
    func fingerprints(of table: String) throws -> [Int64: Int64] {
        var known: [Int64: Int64] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT id, fingerprint FROM \(table)")
        while let row = try rows.next() { known[row[0]] = row[1] }
        return known
    }

    // MARK: Pages

    /// Ids in one condition.
    static let pageSize = 300

    /// Rows of a table whose integer column is one of some ids, page by page, ordered by it.
    func forEachRow(
        of table: String, _ columns: [String], where column: String, in ids: [Int64],
        and filter: RowFilter = .all,
        _ body: ([SQLValue]) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        var start = 0
        while start < ids.count {
            let page = ids[start..<min(ids.count, start + Self.pageSize)]
            start += page.count
            guard let first = page.first, let last = page.last else { return }
            // A range reads faster than a list, where there is little between.
            let isDense = last &- first < Int64(page.count) * 2
            let wanted = isDense ? Set(page) : []
            let condition: RowFilter =
                isDense
                ? .within(column: column, after: first - 1, through: last)
                : .isAny(column: column, page.map(SQLValue.integer))
            try site.database.forEachRow(
                of: RowQuery(
                    table: site.prefix + table, columns: [column] + columns,
                    filter: filter == .all ? condition : .and([condition, filter]),
                    order: [column])
            ) { (row) throws(MonikerError) in
                if !isDense || row[0].integer.map(wanted.contains) == true { try body(row) }
                return true
            }
        }
    }
}
