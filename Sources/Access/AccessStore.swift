import CSodium
import GRDB
import Glibc
public import Model

/// access.sqlite in the home: who may ask the service for what.
///
/// Holds digests only: neither a token nor a session nor a password can be read out of it. The file
/// is its owner's alone (0600). Every writing call is one transaction that is on disk when the call
/// returns. A value may be used from any thread; calls wait for the disk.
public final class AccessStore: Sendable {
    private let queue: DatabaseQueue
    private let path: String
    private let clock: @Sendable () -> Int64

    /// Opens the store in a home folder, or begins one.
    ///
    /// - Parameters:
    ///   - home: the folder, which is there.
    ///   - clock: seconds since 1970; nil for the system's.
    /// - Throws: `access-unusable`, also for a file of a newer version.
    public init(
        home: String, clock: (@Sendable () -> Int64)? = nil
    ) throws(MonikerError) {
        self.clock = clock ?? { Int64(time(nil)) }
        path = home + "/access.sqlite"
        do {
            guard sodium_init() >= 0 else {
                throw MonikerError(
                    .accessUnusable, "libsodium cannot be started: check its installation")
            }
            try Self.reserve(path)
            var configuration = Configuration()
            configuration.label = "access"
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
                        .accessUnusable,
                        "\(path) was written by a newer version of moniker: use that version")
                }
                guard found == 0 else { return }
                try database.execute(sql: Self.schema)
                try database.execute(sql: "PRAGMA user_version = \(Self.version)")
            }
        } catch {
            throw Self.failure(error, home + "/access.sqlite")
        }
    }

    /// Makes the file before SQLite does, which would let others read it until a chmod.
    private static func reserve(_ path: String) throws {
        // SAFETY: the C string lives through the call.
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else {
            throw MonikerError(
                .accessUnusable,
                "\(path) cannot be opened: check the owner and the rights of its folder",
                details: ["path": path])
        }
        defer { close(file) }
        guard fchmod(file, 0o600) == 0 else {
            throw MonikerError(
                .accessUnusable,
                "\(path) belongs to another user: run moniker as its owner",
                details: ["path": path])
        }
    }

    func now() -> Int64 { clock() }

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
            MonikerError(.busy, "another process is writing \(path): try again", cause: error)
        default:
            MonikerError(
                .accessUnusable,
                "\(path), which holds tokens and sessions, cannot be used (\(error)): check the space and rights of its folder, or move it away and make new tokens",
                details: ["path": path], cause: error)
        }
    }

    // MARK: Schema

    private static let version = 1

    private static let schema = """
        CREATE TABLE token (
            id TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL,
            digest TEXT NOT NULL, created INTEGER NOT NULL, expires INTEGER, revoked INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE password (
            id INTEGER PRIMARY KEY CHECK (id = 1), hash TEXT NOT NULL, changed INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE session (
            digest TEXT PRIMARY KEY NOT NULL, created INTEGER NOT NULL, used INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
