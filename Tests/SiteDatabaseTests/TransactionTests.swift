import Model
import SiteDatabase
import Testing

/// Transactions, locks and markers: the same behaviour on every engine.
@Suite struct TransactionTests {
    private let first = JournalID(milliseconds: 1, random: 1)
    private let second = JournalID(milliseconds: 2, random: 2)
    private let key = RowKey.primary("id", .integer(1))

    private func site(_ engine: Engine) throws -> Fixture {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE wp_t (id INTEGER PRIMARY KEY, v VARCHAR(100) UNIQUE, w TEXT);
            INSERT INTO wp_t VALUES (1, 'old', 'w'), (2, 'other', 'w');
            """)
        return site
    }

    @Test("an error of the body rolls everything back", arguments: Engine.available)
    func rollsBack(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        let table = try database.table("wp_t")
        try database.prepareMarkers(prefix: "wp_")
        let thrown = code {
            try database.transaction { (transaction) throws(MonikerError) in
                try transaction.writeMarker(.commit, after: nil, of: first, prefix: "wp_")
                let swapped = try transaction.compareAndSwap(
                    table: table, key: key, column: "v", expected: .of([UInt8]("old")),
                    value: .string("new"))
                #expect(swapped)
                throw MonikerError(.busy, "no")
            }
        }
        #expect(thrown == .busy)
        #expect(try site.sql("SELECT v FROM wp_t WHERE id = 1") == "old")
        #expect(try database.marker(first, prefix: "wp_") == nil)
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
    }

    @Test("a failure that the body hides still rolls back", arguments: Engine.available)
    func hiddenFailure(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        let table = try database.table("wp_t")
        let thrown = code {
            try database.transaction { (transaction) throws(MonikerError) in
                _ = try transaction.compareAndSwap(
                    table: table, key: key, column: "w", expected: .of([UInt8]("w")),
                    value: .string("changed"))
                do throws(MonikerError) {
                    _ = try transaction.compareAndSwap(
                        table: table, key: key, column: "v", expected: .of([UInt8]("old")),
                        value: .string("other"))
                } catch { #expect(error.code == .duplicateKey) }
            }
        }
        #expect(thrown == .duplicateKey)
        #expect(try site.sql("SELECT v, w FROM wp_t WHERE id = 1") == "old\tw")
    }

    @Test(
        "a lock of another connection: database-locked, nothing changed (D06)",
        arguments: Engine.available)
    func lockConflict(engine: Engine) throws {
        let site = try site(engine)
        let (holder, waiter) = (try site.open(), try site.open())
        let table = try holder.table("wp_t")
        try holder.transaction { (transaction) throws(MonikerError) in
            let row = try transaction.lockRow(table: table, key: key, columns: ["v"])
            #expect(row == [.string("old")])
            let thrown = code {
                try waiter.transaction { (other) throws(MonikerError) in
                    if engine == .mariadb {
                        _ = try other.compareAndSwap(
                            table: table, key: .primary("id", .integer(2)), column: "w",
                            expected: .of([UInt8]("w")), value: .string("half"))
                    }
                    _ = try other.compareAndSwap(
                        table: table, key: key, column: "v", expected: .of([UInt8]("old")),
                        value: .string("waiter"))
                }
            }
            #expect(thrown == .databaseLocked)
        }
        #expect(try site.sql("SELECT v, w FROM wp_t ORDER BY id") == "old\tw\nother\tw")
        #expect(try waiter.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
    }

    @Test("lockRow finds the row, or says that it is gone", arguments: Engine.available)
    func lockRow(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        let table = try database.table("wp_t")
        try database.transaction { (transaction) throws(MonikerError) in
            let row = try transaction.lockRow(table: table, key: key, columns: ["w", "v"])
            #expect(row == [.string("w"), .string("old")])
            let none = try transaction.lockRow(table: table, key: key, columns: [])
            #expect(none == [])
            let gone = try transaction.lockRow(
                table: table, key: .primary("id", .integer(9)), columns: ["v"])
            #expect(gone == nil)
        }
    }

    @Test("markers and the incarnation id", arguments: Engine.available)
    func markers(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        #expect(try database.marker(first, prefix: "wp_") == nil)
        #expect(try database.incarnation(prefix: "wp_") == nil)
        #expect(try database.markers(prefix: "wp_").isEmpty)
        #expect(try database.committedTally(prefix: "wp_") == CommitTally())
        try database.removeMarkers([first], prefix: "wp_")
        try database.removeTraces(prefix: "wp_")
        try database.prepareMarkers(prefix: "wp_")
        try database.prepareMarkers(prefix: "wp_")
        #expect(try database.incarnation(prefix: "wp_") == nil)
        #expect(try database.establishIncarnation("one", prefix: "wp_") == "one")
        #expect(try site.open().establishIncarnation("two", prefix: "wp_") == "one")
        try database.transaction { (transaction) throws(MonikerError) in
            try transaction.writeMarker(.commit, after: nil, of: first, prefix: "wp_")
        }
        let other = try site.open()
        #expect(try other.marker(first, prefix: "wp_") == .commit)
        #expect(try other.settleMarker(first, prefix: "wp_") == .commit)
        #expect(try other.settleMarker(second, prefix: "wp_") == .abort)
        #expect(try other.settleMarker(second, prefix: "wp_") == .abort)
        #expect(try database.tables(withPrefix: "wp_").map(\.name) == ["wp_t"])
        let fenced = code {
            try database.transaction { (transaction) throws(MonikerError) in
                try transaction.writeMarker(.commit, after: nil, of: second, prefix: "wp_")
            }
        }
        #expect(fenced == .duplicateKey, "recovery decided first")
        #expect(try database.markers(prefix: "wp_") == [first: .commit, second: .abort])
        let tally = CommitTally(count: 1, newest: first)
        #expect(try database.committedTally(prefix: "wp_") == tally)
        #expect(try other.committedTally(prefix: "wp_") == tally)
        try database.removeMarkers([first, JournalID(milliseconds: 9, random: 9)], prefix: "wp_")
        #expect(try database.marker(first, prefix: "wp_") == nil)
        #expect(try database.marker(second, prefix: "wp_") == .abort)
        try database.removeTraces(prefix: "wp_")
        try other.prepareMarkers(prefix: "wp_")
        #expect(
            try site.open().tables(withPrefix: "").map(\.name).contains("wp_moniker_tx"),
            "made again, although this connection had seen them")
        try database.removeTraces(prefix: "wp_")
        #expect(try database.incarnation(prefix: "wp_") == nil)
        #expect(try other.committedTally(prefix: "wp_") == CommitTally())
        #expect(try other.markers(prefix: "wp_").isEmpty)
        #expect(try other.marker(second, prefix: "wp_") == nil)
        #expect(try site.open().tables(withPrefix: "").map(\.name) == ["wp_t"])
    }

    @Test("settling waits for a live transaction and gives up in time", arguments: Engine.available)
    func settleLive(engine: Engine) throws {
        let site = try site(engine)
        let (writer, recovery) = (try site.open(), try site.open())
        try writer.prepareMarkers(prefix: "wp_")
        try writer.transaction { (transaction) throws(MonikerError) in
            try transaction.writeMarker(.commit, after: nil, of: first, prefix: "wp_")
            #expect(code { _ = try recovery.settleMarker(first, prefix: "wp_") } == .databaseLocked)
            let seen = try recovery.marker(first, prefix: "wp_")
            #expect(seen == nil, "not committed yet")
        }
        #expect(try recovery.settleMarker(first, prefix: "wp_") == .commit)
    }

    @Test(
        "a trigger that refuses: the message names table and column (W50)",
        arguments: Engine.available)
    func refusingTrigger(engine: Engine) throws {
        let site = try site(engine)
        try site.sql(
            engine == .mariadb
                ? """
                DELIMITER //
                CREATE TRIGGER no BEFORE UPDATE ON wp_t FOR EACH ROW
                SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the trigger says no'//
                """
                : """
                CREATE TRIGGER no BEFORE UPDATE ON wp_t
                BEGIN SELECT RAISE(ABORT, 'the trigger says no'); END;
                """)
        let database = try site.open()
        let table = try database.table("wp_t")
        let thrown = failure {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new"))
        }
        #expect(thrown?.code == .databaseFailed)
        for part in ["'wp_t'", "'v'", "the trigger says no"] {
            #expect(
                thrown?.message.contains(part) == true, "\(thrown?.message ?? "nothing thrown")")
        }
        #expect(try site.sql("SELECT v FROM wp_t WHERE id = 1") == "old")
    }

    @Test("the database describes itself", arguments: Engine.available)
    func describes(engine: Engine) throws {
        let site = try site(engine)
        let description = try site.open().describe()
        #expect(description.engine == engine.rawValue)
        #expect(!description.version.isEmpty)
        #expect(description.name == site.name)
        #expect(description.canCreateTables)
        #expect(!description.isReadOnly)
        #expect(description.commitsAreDurable)
        #expect(description.maximumPacket == (engine == .mariadb ? 64 << 20 : nil))
        #expect(
            try site.open().tables(withPrefix: "").map(\.name) == ["wp_t"], "no probe is left over")
    }
}
