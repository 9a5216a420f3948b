import GRDB
import Glibc
import Model

/// remote.sqlite: what was written over REST, recorded before it was sent.
///
/// Every writing call is one transaction that is on disk when the call returns (WAL with
/// `synchronous = FULL`). Calls block; a value may be used from any thread.
final class RemoteHistoryStore: Sendable {
    let queue: DatabaseQueue
    /// What tells the site from others in this home.
    let site: String

    private static let version = 1

    init(home: String, site: String) throws(MonikerError) {
        self.site = site
        let path = home + "/remote.sqlite"
        do {
            queue = try Self.open(path)
        } catch {
            throw Self.failure(error, at: path)
        }
    }

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "remote"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON
                    """)
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        // The texts may be of pages that are not public yet.
        guard unsafe chmod(path, 0o600) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_PERM, message: "chmod: error \(errno)")
        }
        try queue.write { database in
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard found == 0 || found == version else {
                throw DatabaseError(
                    resultCode: .SQLITE_FORMAT, message: "it is of version \(found)")
            }
            if found == 0 {
                try database.execute(sql: schema)
                try database.execute(sql: "PRAGMA user_version = \(version)")
            }
        }
        return queue
    }

    /// Texts are blobs: SQLite ends a text at a NUL, WordPress does not.
    private static let schema = """
        CREATE TABLE change_set (
            id TEXT PRIMARY KEY NOT NULL, site TEXT NOT NULL, created INTEGER NOT NULL,
            reverts TEXT REFERENCES change_set(id)
        ) STRICT;
        CREATE INDEX change_set_by_site ON change_set (site, id);
        CREATE TABLE change (
            number INTEGER PRIMARY KEY,
            change_set TEXT NOT NULL REFERENCES change_set(id),
            attachment INTEGER NOT NULL, field TEXT NOT NULL,
            before BLOB NOT NULL, after BLOB NOT NULL,
            provider TEXT, model TEXT,
            state TEXT NOT NULL, stored BLOB, code TEXT, message TEXT,
            reverted_by TEXT REFERENCES change_set(id),
            UNIQUE (change_set, attachment, field)
        ) STRICT;
        CREATE INDEX change_pending ON change (change_set) WHERE state = 'pending';
        CREATE INDEX change_by_attachment ON change (attachment, field, number);
        """

    // MARK: Access

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try queue.read(body)
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.failure(error, at: queue.path)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try queue.write(body)
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.failure(error, at: queue.path)
        }
    }

    private static func failure(_ error: any Error, at path: String) -> MonikerError {
        switch error {
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED:
            MonikerError(
                .busy, "another process is writing \(path): try again", cause: error)
        case DatabaseError.SQLITE_FULL:
            MonikerError(
                .diskFull, "no space is left for \(path): free some and try again", cause: error)
        default:
            MonikerError(
                .historyUnusable,
                "the history at \(path) cannot be used (\(error)): check the home folder and its "
                    + "rights, or restore the file from a backup", cause: error)
        }
    }
}
