import GRDB
import Glibc
import HomeStore
import Model

/// inventory.sqlite: what the inventory knows.
///
/// A cache: one that is damaged or of another version is made anew, and the next refresh is a full
/// one. A refresh is one transaction, so a killed one leaves what was there before.
final class InventoryStore {
    let queue: DatabaseQueue
    let path: String

    init(path: String) throws(MonikerError) {
        self.path = path
        do {
            do {
                queue = try Self.open(path)
            } catch let error as DatabaseError where Self.isDamage(error) {
                try Self.remove(path)
                queue = try Self.open(path)
            }
        } catch {
            throw Self.failure(error, path: path)
        }
    }

    // MARK: Failures

    static func failure(_ error: any Error, path: String) -> MonikerError {
        if let error = error as? MonikerError { return error }
        if let error = error as? DatabaseError,
            [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
        {
            return MonikerError(
                .busy,
                "another moniker process is writing \(path): wait for it to end and try again",
                details: ["path": path], cause: error)
        }
        return MonikerError(
            .inventoryUnusable,
            "the inventory \(path) cannot be used (\(error)): check the space and the rights of its folder; the file can be removed, the next scan makes it anew",
            details: ["path": path], cause: error)
    }

    /// Reads one state of the inventory.
    func read<Value>(_ body: (Database) throws -> Value) throws(MonikerError) -> Value {
        try translating { try queue.inDatabase { try $0.readingOneState(body) } }
    }

    /// Runs `body` with failures of SQLite as failures of the inventory.
    func translating<Value>(_ body: () throws -> Value) throws(MonikerError) -> Value {
        do { return try body() } catch { throw Self.failure(error, path: path) }
    }

    private static func isDamage(_ error: DatabaseError) -> Bool {
        [.SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_SCHEMA, .SQLITE_FORMAT].contains(
            error.resultCode)
    }

    private static func remove(_ path: String) throws {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // SAFETY: the C string lives through the call, which only reads it.
            guard unsafe unlink(path + suffix) != 0, errno != ENOENT else { continue }
            throw DatabaseError(
                resultCode: .SQLITE_IOERR_DELETE, message: "\(path + suffix): error \(errno)")
        }
    }

    // MARK: Schema

    private static let version = 3

    private static func open(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "inventory"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.useWriteAheadLog(patience: .seconds(5))
            try database.execute(
                sql: """
                    PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE;
                    PRAGMA cache_size = -32768
                    """)
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let found = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard found == 0 || found == version else {
            throw DatabaseError(resultCode: .SQLITE_FORMAT, message: "version \(found)")
        }
        if found == 0 {
            try queue.write { database in
                // Several may begin it at the same time; who comes later finds it made.
                guard try Int.fetchOne(database, sql: "PRAGMA user_version") == 0 else { return }
                try database.execute(sql: schema)
                try database.execute(sql: "PRAGMA user_version = \(version)")
            }
        }
        return queue
    }

    /// `holder` is what holds a reference: the content of a post (its id times two), a value of meta
    /// data (its id times two and one), or one of the groups in `Holder`.
    private static let schema = """
        CREATE TABLE state (
            name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE attachment (
            id INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL,
            path BLOB, directory BLOB, shown_path TEXT NOT NULL, mime TEXT NOT NULL,
            parent INTEGER NOT NULL, modified TEXT NOT NULL,
            title TEXT NOT NULL, alt TEXT, caption TEXT NOT NULL, description TEXT NOT NULL,
            alt_state INTEGER NOT NULL, title_missing INTEGER NOT NULL,
            caption_missing INTEGER NOT NULL, description_missing INTEGER NOT NULL,
            incomplete INTEGER NOT NULL, camera_name INTEGER NOT NULL,
            file_title INTEGER NOT NULL,
            width INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0,
            bytes INTEGER, version TEXT, sha256 BLOB,
            uses INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0, language TEXT
        ) STRICT;
        CREATE INDEX attachment_by_directory ON attachment (directory);
        CREATE INDEX attachment_by_alt_text ON attachment (TRIM(alt) COLLATE NOCASE);
        CREATE INDEX attachment_by_parent ON attachment (parent);
        CREATE INDEX attachment_by_alt ON attachment (alt_state, used);
        CREATE INDEX attachment_by_title ON attachment (title_missing, used);
        CREATE INDEX attachment_by_caption ON attachment (caption_missing, used);
        CREATE INDEX attachment_by_description ON attachment (description_missing, used);
        CREATE INDEX attachment_by_completeness ON attachment (incomplete, used);
        CREATE INDEX attachment_by_use ON attachment (used);
        CREATE INDEX attachment_by_name ON attachment (camera_name, used);
        CREATE INDEX attachment_by_bytes ON attachment (bytes);
        CREATE INDEX attachment_by_sha256 ON attachment (sha256);
        CREATE VIRTUAL TABLE attachment_text USING fts5 (
            text, tokenize = 'trigram'
        );
        CREATE TABLE folder (
            path BLOB PRIMARY KEY NOT NULL, version TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE file (
            hash INTEGER NOT NULL, attachment INTEGER NOT NULL, path BLOB NOT NULL,
            on_disk INTEGER NOT NULL, PRIMARY KEY (hash, attachment, path)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX file_by_attachment ON file (attachment);
        CREATE TABLE post (
            id INTEGER PRIMARY KEY, fingerprint INTEGER NOT NULL, type TEXT NOT NULL,
            title TEXT NOT NULL
        ) STRICT;
        CREATE TABLE name (
            hash INTEGER NOT NULL, holder INTEGER NOT NULL, PRIMARY KEY (hash, holder)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX name_by_holder ON name (holder);
        CREATE TABLE value (
            id INTEGER PRIMARY KEY, post INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX value_by_post ON value (post);
        CREATE TABLE field (name TEXT PRIMARY KEY NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE use (
            id INTEGER PRIMARY KEY, holder INTEGER NOT NULL, post INTEGER,
            attachment INTEGER NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
            heading TEXT NOT NULL, link TEXT
        ) STRICT;
        CREATE INDEX use_by_holder ON use (holder);
        CREATE INDEX use_by_attachment ON use (attachment, post);
        CREATE INDEX use_by_post ON use (post);
        CREATE TABLE language (id INTEGER PRIMARY KEY, tag TEXT NOT NULL) STRICT;
        CREATE VIEW effective_use AS
            SELECT use.id, use.attachment AS target, use.post,
                CASE WHEN use.kind = 'featured'
                        AND post.type IN ('product', 'product_variation')
                    THEN 'product' ELSE use.kind END AS kind,
                COALESCE(post.title, use.title) AS title, COALESCE(post.type, '') AS type,
                use.heading, use.link
            FROM use LEFT JOIN post ON post.id = use.post
            WHERE use.attachment > 0 AND (use.post IS NULL OR post.id IS NOT NULL)
            UNION ALL
            SELECT use.id, attachment.id, use.post, use.kind, post.title, post.type, use.heading,
                use.link
            FROM attachment JOIN use ON use.post = attachment.parent AND use.attachment = 0
            JOIN post ON post.id = use.post
            WHERE attachment.parent > 0;
        """
}

/// What holds references, as a number.
enum Holder {
    /// All ids in values of meta data.
    static let metadata: Int64 = -1
    /// All options and terms.
    static let options: Int64 = -2

    /// The content of a post.
    static func content(of post: Int64) -> Int64 { post &* 2 }
    /// A long value of meta data.
    static func value(_ meta: Int64) -> Int64 { meta &* 2 &+ 1 }
}
