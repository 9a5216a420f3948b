import GRDB
import HomeStore
import Model

/// remote.sqlite: what was written over REST, recorded before it was sent.
///
/// Every writing call is one transaction that is on disk when the call returns (WAL with
/// `synchronous = FULL`). Calls block; a value may be used from any thread.
final class RemoteHistoryStore: Sendable {
    private let database: HomeDatabase
    /// What tells the site from others in this home.
    let site: String

    init(home: String, site: String) throws(MonikerError) {
        self.site = site
        database = try HomeDatabase(home: home, Self.file)
    }

    private static let file = HomeDatabaseDescription(
        name: "remote", versions: [schema], unusable: .historyUnusable,
        subject: { "the history at \($0)" },
        remedy: "check the home folder and its rights, or restore the file from a backup")

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
        try database.read(body)
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try database.write(body)
    }
}
