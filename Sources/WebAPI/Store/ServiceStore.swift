import GRDB
import Glibc
import Model

/// service.sqlite in the home: answers to keys of repeated requests, and who asked for which change.
///
/// Every writing call is one transaction that is on disk when the call returns. Calls wait for the
/// disk.
final class ServiceStore: Sendable {
    private let queue: DatabaseQueue
    private let path: String

    /// Opens the store in a home folder, or begins one, and forgets what is older than a week.
    ///
    /// - Throws: `service-unusable`, also for a file of a newer version.
    init(home: String) throws(MonikerError) {
        path = home + "/service.sqlite"
        do {
            var configuration = Configuration()
            configuration.label = "service"
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(
                    sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let path = path
            try queue.write { database in
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard found <= Self.version else {
                    throw MonikerError(
                        .serviceUnusable,
                        "\(path) was written by a newer version of moniker: use that version")
                }
                if found == 0 {
                    try database.execute(sql: Self.schema)
                    try database.execute(sql: "PRAGMA user_version = \(Self.version)")
                }
                try database.execute(
                    sql: "CREATE INDEX IF NOT EXISTS audit_by_target ON audit (target)")
                try database.execute(
                    sql: "DELETE FROM answer WHERE created < ?",
                    arguments: [Self.now() - Self.retention])
                // Of a process that has ended: whether it changed something is not known here.
                try database.execute(
                    sql: "UPDATE answer SET state = 'lost' WHERE state = 'running'")
            }
        } catch {
            throw Self.failure(error, home + "/service.sqlite")
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do { return try queue.read(body) } catch { throw Self.failure(error, path) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do { return try queue.write(body) } catch { throw Self.failure(error, path) }
    }

    static func failure(_ error: any Error, _ path: String) -> MonikerError {
        switch error {
        case let error as MonikerError: error
        case DatabaseError.SQLITE_FULL:
            MonikerError(
                .diskFull, "no space is left for \(path): free some and try again", cause: error)
        default:
            MonikerError(
                .serviceUnusable,
                "\(path) cannot be used (\(error)): check the space and rights of its folder, or move it away",
                details: ["path": path], cause: error)
        }
    }

    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }

    // MARK: Schema

    private static let version = 1
    private static let retention: Int64 = 7 * 86_400

    private static let schema = """
        CREATE TABLE answer (
            caller TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL,
            status INTEGER, type TEXT, location TEXT, body BLOB, created INTEGER NOT NULL,
            PRIMARY KEY (caller, key)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, caller TEXT NOT NULL, name TEXT NOT NULL,
            request TEXT NOT NULL, operation TEXT NOT NULL, target TEXT NOT NULL,
            journal TEXT, outcome TEXT
        ) STRICT;
        CREATE INDEX audit_by_journal ON audit (journal);
        """
}
