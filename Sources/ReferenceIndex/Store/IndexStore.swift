import Foundation
import GRDB
import Glibc
import HomeStore
import Model
import Rewriting
import Synchronization

/// index.sqlite: which rows can name which paths.
///
/// A cache. A commit that a power cut loses is noticed, because the epoch in the site's database has
/// gone on; a file that is damaged is made again.
final class IndexStore: Sendable {
    private let queue: DatabaseQueue
    let path: String
    /// The text files as they were last read, and the version of the file then: SQLite gives it
    /// another one when somebody else has written to it.
    let keptTexts = Mutex<(version: Int, texts: KnownTexts)?>(nil)

    /// The key of rows that can name any path.
    static let anyPath: Int64 = 0

    /// Opens the file, or makes it; one that is damaged or of another version is made anew.
    init(path: String) throws {
        self.path = path
        do {
            queue = try Self.open(path)
        } catch let error as DatabaseError where Self.isDamage(error) {
            try Self.remove(path: path)
            queue = try Self.open(path)
        }
    }

    /// Whether there is such a file.
    static func exists(path: String) -> Bool {
        // SAFETY: the C string lives through the call, which only reads it.
        unsafe access(path, F_OK) == 0
    }

    /// Removes the file and what SQLite keeps beside it; none is no error.
    static func remove(path: String) throws {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // SAFETY: the C string lives through the call, which only reads it.
            guard unsafe unlink(path + suffix) != 0, errno != ENOENT else { continue }
            throw DatabaseError(
                resultCode: .SQLITE_IOERR_DELETE, message: "\(path + suffix): error \(errno)")
        }
    }

    /// Whether SQLite says that the file is not, or no more, a database of ours.
    static func isDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA, .SQLITE_FORMAT].contains(
            error.resultCode)
    }

    private static let version = 2

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "index"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.useWriteAheadLog(patience: .seconds(5))
            try database.execute(sql: "PRAGMA synchronous = NORMAL")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let found = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard found == 0 || found == version else {
            throw DatabaseError(resultCode: .SQLITE_FORMAT, message: "version \(found)")
        }
        if found == 0 {
            try queue.inTransaction(.immediate) { database in
                // Another thread or process may have made it since.
                guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 0 else {
                    return .commit
                }
                try database.execute(
                    sql: """
                        CREATE TABLE state (
                            name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE source (
                            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
                            fingerprint TEXT NOT NULL, last_key INTEGER NOT NULL,
                            sampled INTEGER NOT NULL
                        ) STRICT;
                        CREATE TABLE known_row (
                            id INTEGER PRIMARY KEY, source INTEGER NOT NULL,
                            row_key BLOB NOT NULL, UNIQUE (source, row_key)
                        ) STRICT;
                        CREATE TABLE name (
                            key INTEGER NOT NULL, known_row INTEGER NOT NULL,
                            PRIMARY KEY (key, known_row)
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE folder (
                            path BLOB PRIMARY KEY NOT NULL, version TEXT NOT NULL,
                            folders BLOB NOT NULL, texts BLOB NOT NULL
                        ) STRICT, WITHOUT ROWID;
                        CREATE TABLE text_file (
                            id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE,
                            version TEXT NOT NULL
                        ) STRICT;
                        CREATE TABLE text_name (
                            key INTEGER NOT NULL, text_file INTEGER NOT NULL,
                            PRIMARY KEY (key, text_file)
                        ) STRICT, WITHOUT ROWID;
                        CREATE INDEX text_name_by_file ON text_name (text_file);
                        CREATE INDEX name_by_row ON name (known_row);
                        PRAGMA user_version = \(version);
                        """)
                return .commit
            }
        }
        return queue
    }

    /// Whether another file, or none, is where this one was opened.
    var hasMoved: Bool { queue.inDatabase(\.hasMoved) }

    /// Closes the file, so that it can be removed.
    func close() throws { try queue.close() }

    func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try queue.read(body)
    }

    func write<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try queue.write(body)
    }

    // MARK: State

    /// A value that belongs to the whole index; empty where there is none.
    func state(_ name: String) throws -> String {
        try read {
            try String.fetchOne(
                $0, sql: "SELECT value FROM state WHERE name = ?", arguments: [name]) ?? ""
        }
    }

    /// Sets a value that belongs to the whole index.
    func setState(_ name: String, _ value: String) throws {
        try write { try Self.setState(name, value, in: $0) }
    }

    static func setState(_ name: String, _ value: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)",
            arguments: [name, value])
    }

    // MARK: Sources

    /// A table that is in the index.
    struct Source {
        var id: Int64
        var name: String
        /// What the table and its triggers were when it was read.
        var fingerprint: String
        /// The greatest value of a key that is one number; 0 where there is none.
        var lastKey: Int64
        /// Up to where rows were last sampled.
        var sampled: Int64
    }

    /// The tables in the index, by name.
    func sources() throws -> [String: Source] {
        try read { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, name, fingerprint, last_key, sampled FROM source")
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    let source = Source(
                        id: row[0], name: row[1], fingerprint: row[2], lastKey: row[3],
                        sampled: row[4])
                    return (source.name, source)
                })
        }
    }

    /// How much there is.
    func counts() throws -> (rows: Int, names: Int, always: Int) {
        try read { database in
            (
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM known_row") ?? 0,
                try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM name") ?? 0,
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM name WHERE key = ?",
                    arguments: [Self.anyPath]) ?? 0
            )
        }
    }

    /// How many bytes the file has.
    func size() throws -> Int64 {
        try read { database in
            let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            let size = try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0
            return pages * size
        }
    }

    /// Forgets everything.
    func clear(fingerprint: String, epoch: String) throws {
        try write { database in
            try database.execute(
                sql: """
                    DELETE FROM name; DELETE FROM known_row; DELETE FROM source;
                    DELETE FROM text_name; DELETE FROM text_file; DELETE FROM folder
                    """)
            try Self.setState("census", fingerprint, in: database)
            try Self.setState("epoch", epoch, in: database)
        }
        keptTexts.withLock { $0 = nil }
    }

    // MARK: Rows

    /// The keys of rows under any of some numbers, by the name of their table.
    func rows(under keys: Set<Int64>) throws -> [String: [[UInt8]]] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT source.name, known_row.row_key FROM name
                    JOIN known_row ON known_row.id = name.known_row
                    JOIN source ON source.id = known_row.source WHERE name.key = ?
                    """)
            var found: [String: Set<[UInt8]>] = [:]
            for key in keys {
                let rows = try Row.fetchCursor(statement, arguments: [key])
                while let row = try rows.next() {
                    found[row[0], default: []].insert(row.bytes(1))
                }
            }
            return found.mapValues { Array($0) }
        }
    }

    /// The numbers of each of some rows; none of one that is not known.
    func names(of keys: [[UInt8]], in source: Int64) throws -> [Set<Int64>] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT name.key FROM name JOIN known_row ON known_row.id = name.known_row
                    WHERE known_row.source = ? AND known_row.row_key = ?
                    """)
            return try keys.map {
                try Set(Int64.fetchAll(statement, arguments: [source, Data($0)]))
            }
        }
    }
}

extension PathCensus.Names {
    /// The numbers under which a row is stored.
    var stored: Set<Int64> {
        var numbers = Set(keys.map { Int64(bitPattern: $0) })
        if canBeAny { numbers.insert(IndexStore.anyPath) }
        return numbers
    }
}

extension Row {
    /// The bytes of a column that is not NULL.
    func bytes(_ index: Int) -> [UInt8] { Array(self[index] as Data) }
}
