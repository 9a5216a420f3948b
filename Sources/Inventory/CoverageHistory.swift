import Foundation
import GRDB
public import Model

/// How many images had their texts at a point in time.
public struct CoverageSnapshot: Codable, Hashable, Sendable {
    /// When it was counted, in seconds since 1970.
    public var taken: Int64
    /// What was counted.
    public var coverage: InventoryCoverage
    /// The average quality of the texts, from 0 to 100; nil where nobody judged them.
    public var score: Int?

    /// Creates a snapshot.
    public init(taken: Int64, coverage: InventoryCoverage, score: Int? = nil) {
        self.taken = taken
        self.coverage = coverage
        self.score = score
    }
}

/// What a site's coverage was on earlier days: coverage.sqlite in the home.
///
/// Unlike the inventory this is no cache: what was before cannot be counted again. The first
/// snapshot and the first with a score stay forever, because progress is measured against them; of
/// the others the last one of each day is kept.
///
/// A value of this type belongs to one thread at a time.
public final class CoverageHistory {
    private let store: CoverageStore

    /// Opens the history in a home folder, or begins one.
    ///
    /// - Throws: `inventory-unusable`; a damaged file stays as it is.
    public init(home: String) throws(MonikerError) {
        store = try CoverageStore(path: home + "/coverage.sqlite")
    }

    /// Adds what was counted today, in place of what was counted earlier the same day.
    ///
    /// - Parameter site: what tells the site from others of the same home, such as a network's
    ///   blogs.
    /// - Throws: `inventory-unusable`; `busy`.
    public func record(_ snapshot: CoverageSnapshot, of site: String) throws(MonikerError) {
        try store.write { database in
            let text = String(
                decoding: try JSONEncoder().encode(snapshot.coverage), as: UTF8.self)
            try database.execute(
                sql: """
                    DELETE FROM snapshot WHERE site = ?1 AND taken / 86400 = ?2 / 86400
                        AND taken > (SELECT MIN(taken) FROM snapshot WHERE site = ?1)
                        AND (score IS NULL OR (?3 IS NOT NULL AND taken > (
                            SELECT MIN(taken) FROM snapshot
                            WHERE site = ?1 AND score IS NOT NULL)))
                    """, arguments: [site, snapshot.taken, snapshot.score])
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO snapshot (site, taken, coverage, score)
                    VALUES (?, ?, ?, ?)
                    """, arguments: [site, snapshot.taken, text, snapshot.score])
        }
    }

    /// The snapshots of a site, oldest first.
    ///
    /// - Throws: `inventory-unusable`.
    public func snapshots(of site: String) throws(MonikerError) -> [CoverageSnapshot] {
        try store.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT taken, coverage, score FROM snapshot WHERE site = ? ORDER BY taken",
                arguments: [site]
            ).map { row in
                CoverageSnapshot(
                    taken: row[0],
                    coverage: try JSONDecoder().decode(
                        InventoryCoverage.self, from: Data((row[1] as String).utf8)),
                    score: row[2])
            }
        }
    }
}

/// The file behind the history.
private struct CoverageStore {
    private let queue: DatabaseQueue
    private let path: String

    init(path: String) throws(MonikerError) {
        self.path = path
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS snapshot (
                            site TEXT NOT NULL, taken INTEGER NOT NULL, coverage TEXT NOT NULL,
                            score INTEGER, PRIMARY KEY (site, taken)
                        ) STRICT, WITHOUT ROWID
                        """)
            }
        } catch {
            throw Self.failure(error, path)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do { return try queue.read(body) } catch { throw Self.failure(error, path) }
    }

    func write(_ body: (Database) throws -> Void) throws(MonikerError) {
        do { try queue.write(body) } catch { throw Self.failure(error, path) }
    }

    private static func failure(_ error: any Error, _ path: String) -> MonikerError {
        if let error = error as? DatabaseError, error.resultCode == .SQLITE_BUSY {
            return MonikerError(
                .busy,
                "another moniker process is writing \(path): wait for it to end and try again",
                details: ["path": path], cause: error)
        }
        return MonikerError(
            .inventoryUnusable,
            "the history of coverage \(path) cannot be used (\(error)): check the space and the rights of its folder; it is needed only to show progress, so it can be moved away",
            details: ["path": path], cause: error)
    }
}
