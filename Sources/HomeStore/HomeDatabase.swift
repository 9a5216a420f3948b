public import GRDB
public import Model

/// A SQLite file of a home that is no cache: what is in it cannot be made anew.
///
/// The file, its log and its shared memory are their owner's alone (0600). Every writing call is one
/// transaction that is on disk when the call returns (WAL with `synchronous = FULL`). Any number of
/// processes, threads and values may have the same file open; calls wait for the disk, and at most
/// ten seconds for each other.
public struct HomeDatabase: Sendable {
    /// Where the file is.
    public let path: String
    private let queue: DatabaseQueue
    private let description: HomeDatabaseDescription

    /// Opens the file in a home folder, or begins one, and leads it to its newest version.
    ///
    /// - Parameters:
    ///   - home: the folder, which is there.
    ///   - description: which of the home's files, and how to speak of it.
    /// - Throws: the description's code where the file is damaged, a symbolic link or no file, was
    ///   written by a newer version, or cannot be opened; `disk-full`; `busy` when another process
    ///   has been writing for ten seconds.
    public init(home: String, _ description: HomeDatabaseDescription) throws(MonikerError) {
        self.description = description
        let path = "\(home)/\(description.name).sqlite"
        self.path = path
        do {
            try OwnersFile.prepare(path, description)
            var configuration = Configuration()
            configuration.label = description.name
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.useWriteAheadLog(patience: .seconds(10))
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.write { try Self.update($0, at: path, description) }
        } catch {
            throw Self.failure(error, at: path, description)
        }
    }

    private static func update(
        _ database: Database, at path: String, _ description: HomeDatabaseDescription
    ) throws {
        let newest = description.versions.count
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= newest else {
            throw MonikerError(
                description.unusable,
                "\(path) was written by a newer version of moniker: use that version")
        }
        guard found < newest else { return }
        for version in description.versions[max(0, found)...] {
            try database.execute(sql: version)
        }
        try database.execute(sql: "PRAGMA user_version = \(newest)")
    }

    /// Reads in one transaction, which sees one state of the file.
    ///
    /// - Throws: as `init`, and what the body throws, if that is a `MonikerError`.
    public func read<Value>(
        _ body: (Database) throws -> Value
    ) throws(MonikerError) -> Value {
        do {
            return try queue.inDatabase { try $0.readingOneState(body) }
        } catch {
            throw Self.failure(error, at: path, description)
        }
    }

    /// Writes in one transaction, which has the write lock from its first statement, so that what it
    /// reads is what it changes.
    ///
    /// Nothing is written where the body throws.
    ///
    /// - Throws: as `init`, and what the body throws, if that is a `MonikerError`.
    public func write<Value>(
        _ body: (Database) throws -> Value
    ) throws(MonikerError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw Self.failure(error, at: path, description)
        }
    }

    private static func failure(
        _ error: any Error, at path: String, _ description: HomeDatabaseDescription
    ) -> MonikerError {
        switch error {
        case let error as MonikerError: error
        case DatabaseError.SQLITE_FULL:
            MonikerError(
                .diskFull, "no space is left for \(path): free some and try again", cause: error)
        case DatabaseError.SQLITE_BUSY, DatabaseError.SQLITE_LOCKED:
            MonikerError(.busy, "another process is writing \(path): try again", cause: error)
        default:
            MonikerError(
                description.unusable,
                "\(description.subject(path)) cannot be used (\(error)): \(description.remedy)",
                details: ["path": path], cause: error)
        }
    }
}
