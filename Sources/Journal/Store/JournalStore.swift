import GRDB
import Glibc
import HomeStore
public import Model
import Synchronization

/// The journal of a home: what was changed, and what takes it back.
///
/// Every writing call is one transaction that is on disk when the call returns (WAL with
/// `synchronous = FULL`). Calls block; a value may be used from any thread.
public final class JournalStore: ChangeJournal, Sendable {
    let pool: DatabasePool
    /// What the journal would be rebuilt from.
    let manifests: ManifestFolder
    private let schemaVersion: Int
    /// When the folder of manifests was last changed, if they were complete then.
    private let manifestsComplete = Mutex<Int64?>(nil)

    /// Opens, or creates, the journal at a path.
    ///
    /// - Throws: `journal-unusable` when the file is damaged, is no journal, or was written by a
    ///   newer version; `journal-lost` when it is missing, damaged or older than its manifests;
    ///   `database-locked` when another process migrates it right now.
    public init(path: String) throws(MonikerError) {
        manifests = ManifestFolder(journal: path)
        // Listed before the journal is read, so that another process's new change set is in both.
        let written = try manifests.names()
        if unsafe access(path, F_OK) != 0 {
            try Self.requireWhole(path, manifests: written, known: nil)
        }
        do {
            var configuration = Configuration()
            configuration.label = "journal"
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { database in
                guard !database.configuration.readonly else { return }
                try database.useWriteAheadLog(patience: .seconds(5))
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            // DatabasePool sets NORMAL after `prepareDatabase` has run: a commit could be lost
            // with the power.
            let synchronous = try pool.writeWithoutTransaction { database in
                // A bulk rename adds to several tables and indexes in turn: with SQLite's own 2 MB
                // their pages would be read again, and written again with each of the checkpoints
                // that SQLite makes every 4 MB of the log; a commit is durable in the log.
                try database.execute(
                    sql: """
                        PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;
                        PRAGMA wal_autocheckpoint = 8000
                        """)
                return try Int.fetchOne(database, sql: "PRAGMA synchronous")
            }
            guard synchronous == 2 else {
                throw MonikerError(
                    .journalUnusable, "the journal at \(path) cannot be opened durably")
            }
            let migrator = JournalSchema.migrator
            guard try !pool.read(migrator.hasBeenSuperseded) else {
                throw MonikerError(
                    .journalUnusable,
                    "the journal at \(path) was written by a newer version of moniker: use that version"
                )
            }
            try Self.migrate(pool, by: migrator)
            schemaVersion = try pool.read(Self.schemaVersion)
            let known = try pool.read { database in
                Set(
                    try String.fetchAll(database, sql: "SELECT id FROM change_set")
                        .compactMap { JournalID($0) })
            }
            if written.contains(where: { !known.contains($0.key) && $0.value.count > 1 }) {
                // Another process may have forgotten a change set since they were listed.
                let standing = try manifests.names()
                try Self.requireWhole(
                    path, manifests: written.filter { standing[$0.key] != nil }, known: known)
            }
        } catch let error as MonikerError {
            throw error
        } catch {
            let failure = Self.failure(error, at: path)
            if failure.code == .journalUnusable {
                try Self.requireWhole(path, manifests: written, known: nil)
            }
            throw failure
        }
    }

    /// Leads the file to its newest version, beside others that do the same at this moment.
    ///
    /// Each migration is a transaction, but which of them are to be done is asked before it: one that
    /// somebody else has just done fails. What was done by then is not tried again.
    private static func migrate(_ pool: DatabasePool, by migrator: DatabaseMigrator) throws {
        while true {
            let done = try pool.read(migrator.appliedIdentifiers)
            do {
                return try migrator.migrate(pool)
            } catch {
                guard try pool.read(migrator.appliedIdentifiers) != done else { throw error }
            }
        }
    }

    /// Checks the journal file's own structure (`PRAGMA quick_check`) and that every row belongs to
    /// a change set (`PRAGMA foreign_key_check`); nil when it is sound.
    public func damage() throws(MonikerError) -> String? {
        do throws(MonikerError) {
            return try read { database in
                let lines = try String.fetchAll(database, sql: "PRAGMA quick_check")
                guard lines == ["ok"] else { return lines.joined(separator: "; ") }
                let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check")
                guard let first = orphans.first else { return nil }
                return
                    "\(orphans.count) rows belong to no change set, the first in \(first[0] as String)"
            }
        } catch {
            guard let cause = error.cause as? DatabaseError,
                [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(cause.resultCode)
            else { throw error }
            return cause.message ?? "it cannot be read"
        }
    }

    /// Where the journal is.
    public var path: String { pool.path }

    /// Whether the file at the path is still the one that was opened, and of the same version.
    ///
    /// A process that keeps a value asks before it goes on with it: another one may have rebuilt the
    /// journal, or may be a newer program.
    ///
    /// - Throws: `busy`; `journal-unusable` when the file cannot be read any more.
    public func isAsOpened() throws(MonikerError) -> Bool {
        do {
            return try pool.writeWithoutTransaction { database in
                try !database.hasMoved && Self.schemaVersion(database) == schemaVersion
            }
        } catch {
            throw Self.failure(error, at: path)
        }
    }

    /// What SQLite counts up with each change of a table's definition.
    private static func schemaVersion(_ database: Database) throws -> Int {
        try Int.fetchOne(try database.cachedStatement(sql: "PRAGMA schema_version")) ?? 0
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            return try pool.read(body)
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.failure(error, at: pool.path)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        do {
            let areComplete = areManifestsComplete
            let value = try pool.write(body)
            // Otherwise a manifest may be there without its rows.
            if areComplete { noteCompleteManifests() }
            return value
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.failure(error, at: pool.path)
        }
    }

    /// Whether the manifests were complete when this value last wrote, and nobody has added one or
    /// removed one since.
    var areManifestsComplete: Bool {
        guard let time = manifests.modified() else { return false }
        return manifestsComplete.withLock { $0 } == time
    }

    /// Remembers that the manifests are complete.
    func noteCompleteManifests() {
        let time = manifests.modified()
        manifestsComplete.withLock { $0 = time }
    }

    static func failure(_ error: any Error, at path: String) -> MonikerError {
        switch error {
        // PROTOCOL: somebody has held the lock of the shared index for as long as SQLite tries.
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED, DatabaseError.SQLITE_PROTOCOL:
            MonikerError(
                .busy, "another process is writing the journal at \(path): try again", cause: error)
        case DatabaseError.SQLITE_FULL:
            MonikerError(
                .diskFull, "no space is left for the journal at \(path): free some and try again",
                cause: error)
        case DatabaseError.SQLITE_READONLY, DatabaseError.SQLITE_CANTOPEN,
            DatabaseError.SQLITE_PERM:
            MonikerError(
                .permissionDenied,
                "the journal at \(path) cannot be written: check the owner and rights of the home folder, or name another with --home",
                cause: error)
        default:
            MonikerError(
                .journalUnusable,
                "the journal at \(path) cannot be used (\(error)): run `moniker recover --rebuild-journal`, or restore the home from a backup",
                cause: error)
        }
    }
}
