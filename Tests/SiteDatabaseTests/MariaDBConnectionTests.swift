import Foundation
import Model
import Synchronization
import Testing

@testable import SiteDatabase

/// Connections to MariaDB: how they begin, how they end, and what they wait for.
@Suite(.enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
struct MariaDBConnectionTests {
    private let key = RowKey.primary("id", .integer(1))

    @Test("a connection that was killed is lost for good")
    func killedBefore() throws {
        let site = try Fixture(.mariadb)
        try site.sql("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'old')")
        let database = try MariaDBDatabase(site.options())
        let table = try database.table("t")
        try site.sql("KILL \(database.connection.identifier)")
        let thrown = code {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new"))
        }
        #expect(thrown == .connectionLost)
        #expect(code { _ = try database.describe() } == .connectionLost, "it stays lost")
    }

    @Test("the session is set up as the rewriting needs it, whatever the server's defaults are")
    func settings() throws {
        let site = try Fixture(.mariadb)
        let database = try MariaDBDatabase(site.options(lockWaitSeconds: 7))
        let rows = try database.query(
            "Asking",
            """
            SELECT @@character_set_client, @@character_set_connection, @@character_set_results, \
            @@tx_isolation, @@tx_read_only, @@autocommit, @@max_statement_time + 0, @@time_zone, \
            @@innodb_lock_wait_timeout, @@lock_wait_timeout, @@wait_timeout, @@sql_mode
            """)
        #expect(
            rows[0].map(\.plainText) == [
                "binary", "binary", SQLValue.null.plainText, "READ-COMMITTED", "0", "1", "0.0",
                "+00:00", "7", "7", "28800",
                "STRICT_ALL_TABLES,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION",
            ])
    }

    @Test("a connection killed inside a transaction leaves nothing")
    func killedInside() throws {
        let site = try Fixture(.mariadb)
        try site.sql("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'old')")
        let database = try MariaDBDatabase(site.options())
        let table = try database.table("t")
        let thrown = code {
            try database.transaction { (transaction) throws(MonikerError) in
                let swapped = try transaction.compareAndSwap(
                    table: table, key: key, column: "v", expected: .of([UInt8]("old")),
                    value: .string("new"))
                #expect(swapped)
                #expect(throws: Never.self) {
                    try site.sql("KILL \(database.connection.identifier)")
                }
                _ = try transaction.lockRow(table: table, key: key, columns: ["v"])
            }
        }
        #expect(thrown == .connectionLost)
        #expect(try site.sql("SELECT v FROM t") == "old")
    }

    @Test("a connection lost at COMMIT: commit-unknown; recovery decides by the marker")
    func killedAtCommit() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            "CREATE TABLE wp_t (id INT PRIMARY KEY, v TEXT); INSERT INTO wp_t VALUES (1, 'old')")
        let database = try MariaDBDatabase(site.options())
        let table = try database.table("wp_t")
        let id = JournalID(milliseconds: 7, random: 7)
        try database.prepareMarkers(prefix: "wp_")
        let thrown = code {
            try database.transaction { (transaction) throws(MonikerError) in
                try transaction.writeMarker(.commit, after: nil, of: id, prefix: "wp_")
                _ = try transaction.compareAndSwap(
                    table: table, key: key, column: "v", expected: .of([UInt8]("old")),
                    value: .string("new"))
                #expect(throws: Never.self) {
                    try site.sql("KILL \(database.connection.identifier)")
                }
            }
        }
        #expect(thrown == .commitUnknown)
        #expect(try site.open(lockWaitSeconds: 10).settleMarker(id, prefix: "wp_") == .abort)
        #expect(try site.sql("SELECT v FROM wp_t") == "old")
    }

    @Test("settling waits for a live transaction and reads its decision", arguments: [true, false])
    func settleWaits(commits: Bool) throws {
        let site = try Fixture(.mariadb)
        let writer = try MariaDBDatabase(site.options())
        let id = JournalID(milliseconds: 8, random: 8)
        try writer.prepareMarkers(prefix: "wp_")
        let options = site.options(lockWaitSeconds: 30)
        let decision = Mutex<MarkerDecision?>(nil)
        let settled = DispatchSemaphore(value: 0)
        let thrown = code {
            try writer.transaction { (transaction) throws(MonikerError) in
                try transaction.writeMarker(.commit, after: nil, of: id, prefix: "wp_")
                Thread.detachNewThread {
                    do {
                        let found = try MariaDBDatabase(options).settleMarker(id, prefix: "wp_")
                        decision.withLock { $0 = found }
                    } catch { Issue.record(error) }
                    settled.signal()
                }
                // A statement that has run for this long can only be waiting for the row.
                let waiting = """
                    SELECT COUNT(*) FROM information_schema.PROCESSLIST
                    WHERE DB = DATABASE() AND COMMAND = 'Execute' AND TIME_MS > 200
                    """
                let deadline = ContinuousClock.now + .seconds(20)
                do {
                    while try site.sql(waiting) != "1", ContinuousClock.now < deadline {}
                } catch { Issue.record(error) }
                #expect(ContinuousClock.now < deadline, "nobody waits")
                #expect(decision.withLock { $0 } == nil)
                if !commits { throw MonikerError(.busy, "the writer gives up") }
            }
        }
        #expect(thrown == (commits ? nil : .busy))
        #expect(settled.wait(timeout: .now() + 60) == .success)
        #expect(decision.withLock { $0 } == (commits ? .commit : .abort))
    }

    @Test("wrong password, unknown database, no server, and TLS that is not there")
    func connecting() throws {
        let site = try Fixture(.mariadb)
        var options = site.options()
        options.password = Secret("wrong secret")
        options.user = "nobody"
        let refused = failure { _ = try MariaDBDatabase(options) }
        #expect(refused?.code == .accessDenied)
        #expect(refused?.message.contains("wrong secret") == false)
        options = site.options()
        options.database = "no such database"
        #expect(code { _ = try MariaDBDatabase(options) } == .databaseUnreachable)
        options = site.options()
        options.socket = "/nonexistent/socket"
        #expect(code { _ = try MariaDBDatabase(options) } == .databaseUnreachable)
        options = site.options()
        options.socket = nil
        options.host = "127.0.0.1"
        options.port = try #require(MariaDBServer.shared).port
        #expect(try MariaDBDatabase(options).describe().engine == "mariadb", "TLS if there is any")
        options.tls = .required
        #expect(code { _ = try MariaDBDatabase(options) } == .databaseUnreachable)
        #expect("\(options)".contains("***"))
    }

    @Test("TLS: required, with the server's identity verified, and a CA that did not sign it")
    func encrypted() throws {
        let folder = "/tmp/moniker-tls-\(ProcessInfo.processInfo.processIdentifier)"
        defer { _ = try? run("bash", [MariaDBServer.script, "stop", folder]) }
        let started = try run(
            "bash",
            [
                MariaDBServer.script, "start", folder, "--tls", "--watch",
                String(ProcessInfo.processInfo.processIdentifier),
            ])
        try #require(started.code == 0, "\(started.errors)")
        let port = try String(contentsOfFile: folder + "/port", encoding: .utf8)
        var options = MariaDBOptions(
            host: "127.0.0.1", port: try #require(UInt16(port.dropLast())), user: "root",
            database: "mysql")
        func cipher() throws -> String {
            let rows = try MariaDBDatabase(options).query(
                "Asking", "SHOW SESSION STATUS LIKE 'Ssl_cipher'")
            return rows[0][1].plainText
        }
        #expect(try !cipher().isEmpty, "preferred")
        options.tls = .disabled
        #expect(try cipher().isEmpty)
        options.tls = .required
        #expect(try !cipher().isEmpty)
        options.tls = .verifyIdentity
        options.caFile = folder + "/ca.pem"
        #expect(try !cipher().isEmpty)
        options.caFile = folder + "/other-ca.pem"
        #expect(code { _ = try cipher() } == .databaseUnreachable)
    }

    @Test("the advisory lock belongs to one connection and one database")
    func advisoryLock() throws {
        let (site, other) = (try Fixture(.mariadb), try Fixture(.mariadb))
        let first = try site.open()
        #expect(try first.acquireAdvisoryLock("moniker"))
        #expect(try first.acquireAdvisoryLock("moniker"))
        #expect(try !site.open().acquireAdvisoryLock("moniker"))
        #expect(try site.open().acquireAdvisoryLock("another"))
        #expect(try other.open().acquireAdvisoryLock("moniker"))
    }
}
