import GRDB
import Glibc
import HomeStore
import Model

/// service.sqlite in the home: answers to keys of repeated requests, who asked for which change, and
/// the settings.
///
/// Every writing call is one transaction that is on disk when the call returns. Calls wait for the
/// disk.
final class ServiceStore: Sendable {
    private let database: HomeDatabase

    /// Opens the store in a home folder, or begins one, and forgets what is older than a week.
    ///
    /// - Throws: `service-unusable`, also for a file of a newer version.
    init(home: String) throws(MonikerError) {
        database = try HomeDatabase(home: home, Self.file)
        try database.write { database in
            try database.execute(
                sql: "DELETE FROM answer WHERE created < ?",
                arguments: [Self.now() - Self.retention])
            // Of a process that has ended: whether it changed something is not known here.
            try database.execute(
                sql: "UPDATE answer SET state = 'lost' WHERE state = 'running'")
        }
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

    static let file = HomeDatabaseDescription(
        name: "service", versions: [schema, targets, settings], unusable: .serviceUnusable,
        subject: { $0 },
        remedy: "check the space and rights of its folder, or move it away")

    private static let retention: Int64 = 7 * 86_400

    /// Jobs are looked up by their id.
    private static let targets = "CREATE INDEX audit_by_target ON audit (target);"

    /// What the owner has chosen.
    private static let settings = """
        CREATE TABLE settings (
            id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL, changed INTEGER NOT NULL
        ) STRICT;
        """

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
