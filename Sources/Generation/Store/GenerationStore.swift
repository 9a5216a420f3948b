import GRDB
import Glibc
import HomeStore
public import Model

/// generation.sqlite: answers that were paid for, the review list, batches on their way.
///
/// No cache: what is in it has cost money or a person's time, so a file that is damaged is never made
/// anew by itself. Every writing call is one transaction that is on disk when the call returns. A
/// value may be used from any thread.
public final class GenerationStore: Sendable {
    private let database: HomeDatabase
    /// The folder that it is in.
    let home: String

    /// Opens the store in a home folder, or begins one.
    ///
    /// - Throws: `generation-unusable`, also for a file of a newer version.
    public init(home: String) throws(MonikerError) {
        self.home = home
        database = try HomeDatabase(home: home, Self.file)
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.read(body)
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.write(body)
    }

    /// Seconds since 1970.
    static func now() -> Int64 { Int64(time(nil)) }

    // MARK: Schema

    private static let file = HomeDatabaseDescription(
        name: "generation", versions: [schema], unusable: .generationUnusable,
        subject: { "\($0), which holds answers that were paid for," },
        remedy: "check the space and rights of its folder, or restore it from a backup")

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
