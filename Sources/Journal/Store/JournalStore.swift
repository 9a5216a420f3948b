import GRDB
public import Model

/// The journal of a home: what was changed, and what takes it back.
///
/// Every writing call is one transaction that is on disk when the call returns (WAL with
/// `synchronous = FULL`). Calls block; a value may be used from any thread.
public final class JournalStore: ChangeJournal, Sendable {
    let pool: DatabasePool

    /// Opens, or creates, the journal at a path.
    ///
    /// - Throws: `journal-unusable` when the file is damaged, is no journal, or was written by a
    ///   newer version; `database-locked` when another process migrates it right now.
    public init(path: String) throws(MonikerError) {
        do {
            var configuration = Configuration()
            configuration.label = "journal"
            configuration.busyMode = .timeout(5)
            pool = try DatabasePool(path: path, configuration: configuration)
            // DatabasePool sets NORMAL after `prepareDatabase` has run: a commit could be lost
            // with the power.
            let synchronous = try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
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
            do {
                try migrator.migrate(pool)
            } catch {
                // Another process may have made the tables at the same moment.
                guard try pool.read(migrator.hasCompletedMigrations) else { throw error }
            }
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.failure(error, at: path)
        }
    }

    /// Checks the journal file's own structure (`PRAGMA quick_check`); nil when it is sound.
    public func damage() throws(MonikerError) -> String? {
        try read { database in
            let lines = try String.fetchAll(database, sql: "PRAGMA quick_check")
            return lines == ["ok"] ? nil : lines.joined(separator: "; ")
        }
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
            return try pool.write(body)
        } catch let error as MonikerError {
            throw error
        } catch {
            throw Self.failure(error, at: pool.path)
        }
    }

    private static func failure(_ error: any Error, at path: String) -> MonikerError {
        switch error {
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED:
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
                "the journal at \(path) cannot be used (\(error)): restore it from a backup, or name another home with --home",
                cause: error)
        }
    }
}
