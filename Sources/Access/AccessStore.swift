import CSodium
import GRDB
import Glibc
import HomeStore
public import Model

/// access.sqlite in the home: who may ask the service for what.
///
/// Holds digests only: neither a token nor a session nor a password can be read out of it. The file
/// is its owner's alone (0600). Every writing call is one transaction that is on disk when the call
/// returns. A value may be used from any thread; calls wait for the disk.
public final class AccessStore: Sendable {
    private let database: HomeDatabase
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
        guard sodium_init() >= 0 else {
            throw MonikerError(
                .accessUnusable, "libsodium cannot be started: check its installation")
        }
        database = try HomeDatabase(home: home, Self.file)
    }

    func now() -> Int64 { clock() }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.read(body)
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.write(body)
    }

    // MARK: Schema

    private static let file = HomeDatabaseDescription(
        name: "access", versions: [schema], unusable: .accessUnusable,
        subject: { "\($0), which holds tokens and sessions," },
        remedy:
            "check the space and rights of its folder, or move it away and make new tokens")

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
