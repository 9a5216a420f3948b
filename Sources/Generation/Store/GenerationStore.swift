import GRDB
import Glibc
public import Model

/// generation.sqlite: answers that were paid for, the review list, batches on their way.
///
/// No cache: what is in it has cost money or a person's time, so a file that is damaged is never made
/// anew by itself. Every writing call is one transaction that is on disk when the call returns. A
/// value may be used from any thread.
public final class GenerationStore: Sendable {
    let queue: DatabaseQueue
    /// The folder that it is in.
    let home: String

    private var path: String { home + "/generation.sqlite" }

    /// Opens the store in a home folder, or begins one.
    ///
    /// - Throws: `generation-unusable`, also for a file of a newer version.
    public init(home: String) throws(MonikerError) {
        self.home = home
        do {
            var configuration = Configuration()
            configuration.label = "generation"
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(
                    sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            }
            let path = home + "/generation.sqlite"
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { database in
                let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                guard found <= Self.version else {
                    throw MonikerError(
                        .generationUnusable,
                        "\(path) was written by a newer version of moniker: use that version")
                }
                guard found == 0 else { return }
                try database.execute(sql: Self.schema)
                try database.execute(sql: "PRAGMA user_version = \(Self.version)")
            }
        } catch {
            throw Self.failure(error, home + "/generation.sqlite")
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do { return try queue.read(body) } catch { throw Self.failure(error, path) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do { return try queue.write(body) } catch { throw Self.failure(error, path) }
    }

    private static func failure(_ error: any Error, _ path: String) -> MonikerError {
        switch error {
        case let error as MonikerError: error
        case DatabaseError.SQLITE_FULL:
            MonikerError(
                .diskFull, "no space is left for \(path): free some and try again", cause: error)
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED:
            MonikerError(
                .busy, "another process is writing \(path): try again", cause: error)
        default:
            MonikerError(
                .generationUnusable,
                "\(path), which holds answers that were paid for, cannot be used (\(error)): check the space and rights of its folder, or restore it from a backup",
                details: ["path": path], cause: error)
        }
    }

    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }

    // MARK: Schema

    private static let version = 1

    private static let schema = """
        CREATE TABLE run (
            id INTEGER PRIMARY KEY, digest BLOB NOT NULL, started INTEGER NOT NULL,
            finished INTEGER, microdollars INTEGER NOT NULL DEFAULT 0,
            uncertain INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX run_by_digest ON run (digest);
        CREATE TABLE answer (
            key BLOB PRIMARY KEY NOT NULL, run INTEGER NOT NULL, attachment INTEGER NOT NULL,
            provider TEXT NOT NULL, model TEXT NOT NULL, answered_by TEXT NOT NULL,
            description BLOB, code TEXT, message TEXT, picture BLOB NOT NULL,
            requests INTEGER NOT NULL, input_tokens INTEGER NOT NULL,
            output_tokens INTEGER NOT NULL, microdollars INTEGER NOT NULL,
            stored INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE attempt (
            key BLOB PRIMARY KEY NOT NULL, run INTEGER NOT NULL, attachment INTEGER NOT NULL,
            started INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE review (
            attachment INTEGER PRIMARY KEY, key BLOB NOT NULL, rejected INTEGER NOT NULL,
            code TEXT NOT NULL, item BLOB NOT NULL, stored INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX review_by_state ON review (rejected, attachment);
        CREATE TABLE batch (
            id INTEGER PRIMARY KEY, handle TEXT, provider TEXT NOT NULL, model TEXT NOT NULL,
            run INTEGER NOT NULL, created INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE batch_item (
            key BLOB PRIMARY KEY NOT NULL, batch INTEGER NOT NULL, attachment INTEGER NOT NULL,
            fields TEXT NOT NULL, picture BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX batch_item_by_batch ON batch_item (batch);
        """
}
