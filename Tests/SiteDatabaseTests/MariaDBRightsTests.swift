import Model
import Testing

@testable import SiteDatabase

/// Users with few rights, and a server that only reads; one at a time, since the server has one
/// `read_only`.
@Suite(.serialized, .enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
struct MariaDBRightsTests {
    private let id = JournalID(milliseconds: 3, random: 3)
    private let key = RowKey.primary("id", .integer(1))

    /// A site with an options table, and a user who may do only what is granted.
    private func site(granting rights: String) throws -> (Fixture, MariaDBOptions) {
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            CREATE TABLE wp_options (option_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
            option_name VARCHAR(191) NOT NULL DEFAULT '', option_value LONGTEXT NOT NULL,
            autoload VARCHAR(20) NOT NULL DEFAULT 'yes', UNIQUE KEY option_name (option_name));
            INSERT INTO wp_options (option_name, option_value) VALUES ('moniker-tx-no', 'kept');
            CREATE TABLE wp_t (id INT PRIMARY KEY, v TEXT); INSERT INTO wp_t VALUES (1, 'old');
            CREATE USER \(site.name) IDENTIFIED BY 'p%40ss:/?';
            GRANT \(rights) ON \(site.name).* TO \(site.name);
            """)
        var options = site.options()
        options.user = site.name
        options.password = Secret("p%40ss:/?")
        return (site, options)
    }

    @Test("a user with one connection works with that one")
    func oneConnection() throws {
        let (site, options) = try site(granting: "SELECT, INSERT, UPDATE, DELETE")
        #expect(try MariaDBDatabase(options).makeConnection() != nil)
        try site.sql("ALTER USER \(site.name) WITH MAX_USER_CONNECTIONS 1")
        let database = try MariaDBDatabase(options)
        #expect(try database.makeConnection() == nil)
        #expect(try database.tables(withPrefix: "wp_t").count == 1)
    }

    @Test("without CREATE, markers are rows of the options table")
    func markersWithoutCreate() throws {
        let (site, options) = try site(granting: "SELECT, INSERT, UPDATE, DELETE")
        let database = try MariaDBDatabase(options)
        #expect(try !database.describe().canCreateTables)
        #expect(try database.marker(id, prefix: "wp_") == nil)
        #expect(try database.incarnation(prefix: "wp_") == nil)
        try database.prepareMarkers(prefix: "wp_")
        #expect(try database.establishIncarnation("one", prefix: "wp_") == "one")
        #expect(try MariaDBDatabase(options).establishIncarnation("two", prefix: "wp_") == "one")
        try database.transaction { (transaction) throws(MonikerError) in
            try transaction.writeMarker(.commit, after: nil, of: id, prefix: "wp_")
            let recovery = try MariaDBDatabase(options)
            #expect(code { _ = try recovery.settleMarker(id, prefix: "wp_") } == .databaseLocked)
        }
        #expect(
            try site.sql(
                "SELECT option_name, option_value, autoload FROM wp_options ORDER BY option_id")
                    == """
                    moniker-tx-no\tkept\tyes
                    moniker_tx_incarnation\tone\tno
                    moniker_tx_\(id)\tcommit\tno
                    """)
        // A right that is granted later must not hide the decisions made before.
        try site.sql("GRANT CREATE, DROP ON \(site.name).* TO \(site.name)")
        let later = try MariaDBDatabase(options)
        try later.prepareMarkers(prefix: "wp_")
        #expect(try later.settleMarker(id, prefix: "wp_") == .commit)
        let aborted = JournalID(milliseconds: 4, random: 4)
        #expect(try later.settleMarker(aborted, prefix: "wp_") == .abort)
        let fenced = code {
            try database.transaction { (transaction) throws(MonikerError) in
                try transaction.writeMarker(.commit, after: nil, of: aborted, prefix: "wp_")
            }
        }
        #expect(fenced == .duplicateKey)
        #expect(try later.markers(prefix: "wp_") == [id: .commit, aborted: .abort])
        #expect(try later.committedTally(prefix: "wp_") == CommitTally(count: 1, newest: id))
        try later.removeMarkers([id], prefix: "wp_")
        #expect(try later.marker(id, prefix: "wp_") == nil)
        try later.removeTraces(prefix: "wp_")
        #expect(try site.sql("SELECT option_name FROM wp_options") == "moniker-tx-no")
        #expect(try later.incarnation(prefix: "wp_") == nil)
    }

    @Test("UPDATE denied: permission-denied, nothing changed")
    func deniedUpdate() throws {
        let (site, options) = try site(granting: "SELECT, CREATE, INSERT")
        let database = try MariaDBDatabase(options)
        #expect(try database.describe().canCreateTables)
        let table = try database.table("wp_t")
        let thrown = code {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new"))
        }
        #expect(thrown == .permissionDenied)
        #expect(try site.sql("SELECT v FROM wp_t") == "old")
    }

    @Test("read_only: reads work, writes are database-read-only")
    func readOnly() throws {
        let (site, options) = try site(granting: "ALL PRIVILEGES")
        let database = try MariaDBDatabase(options)
        try database.prepareMarkers(prefix: "wp_")
        try site.sql("SET GLOBAL read_only = 1")
        defer { _ = try? site.sql("SET GLOBAL read_only = 0") }
        #expect(try database.describe().isReadOnly)
        #expect(try !site.open().describe().isReadOnly, "root may write all the same")
        let table = try database.table("wp_t")
        let thrown = code {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new"))
        }
        #expect(thrown == .databaseReadOnly)
        #expect(code { _ = try database.settleMarker(id, prefix: "wp_") } == .databaseReadOnly)
        #expect(try database.rows(RowQuery(table: "wp_t", columns: ["v"])) == [[.string("old")]])
        try site.sql("SET GLOBAL read_only = 0")
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
    }

    @Test("a wrong password is access-denied and is not in the message")
    func wrongPassword() throws {
        var (_, options) = try site(granting: "SELECT")
        options.password = Secret("not the password")
        let thrown = failure { _ = try MariaDBDatabase(options) }
        #expect(thrown?.code == .accessDenied)
        #expect(thrown?.message.contains(options.user) == true)
        #expect(thrown?.message.contains("not the password") == false)
    }
}
