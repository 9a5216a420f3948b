import Model
import Testing

@testable import SiteDatabase

/// What only MariaDB and MySQL can do to us.
@Suite(.enabled(if: MariaDBServer.isInstalled, "MariaDB is not installed"))
struct MariaDBTests {
    private let key = RowKey.primary("id", .integer(1))

    @Test("bytes 0 to 255 round-trip in latin1 and binary; character sets by their rules (D05)")
    func characterSets() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY,
            latin VARCHAR(400) CHARACTER SET latin1, three VARCHAR(400) CHARACTER SET utf8mb3,
            four LONGTEXT CHARACTER SET utf8mb4, doc JSON, bin VARBINARY(400),
            wide VARCHAR(40) CHARACTER SET utf16, e ENUM('a','b'), n DECIMAL(10,2), d DATETIME);
            INSERT INTO t VALUES (1, '', '', '', '{}', '', 'w', 'a', 1.50, '2020-01-02 03:04:05');
            """)
        let database = try site.open()
        let table = try database.table("t")
        #expect(
            table.columns.map(\.kind) == [
                .other, .text, .text, .text, .text, .blob, .other, .other, .other, .other,
            ])
        #expect(
            table.columns.map(\.characterSet)
                == [nil, "latin1", "utf8mb3", "utf8mb4", "utf8mb4", nil, nil, nil, nil, nil])
        #expect(table.column(named: "latin")?.maximumCharacters == 400)
        #expect(table.column(named: "three")?.maximumBytes == 1200)
        #expect(table.column(named: "four")?.maximumCharacters == nil)
        #expect(table.column(named: "four")?.maximumBytes == 4_294_967_295)
        let every = Array(0...255) as [UInt8]
        let three = [UInt8]("Grüße 日本"), four = [UInt8]("😀 é"),
            doc = [UInt8]("{\"a\":\"\\u00e9é\"}")
        #expect(try database.swap(table, key, "latin", from: [], to: .text(every)))
        #expect(try database.swap(table, key, "bin", from: [], to: .blob(every)))
        #expect(try database.swap(table, key, "three", from: [], to: .text(three)))
        #expect(try database.swap(table, key, "four", from: [], to: .text(four)))
        #expect(try database.swap(table, key, "doc", from: [UInt8]("{}"), to: .text(doc)))
        let rows = try database.rows(
            RowQuery(
                table: "t", columns: ["latin", "bin", "three", "four", "doc", "e", "n", "d"]))
        #expect(
            rows == [
                [
                    .text(every), .blob(every), .text(three), .text(four), .text(doc),
                    .string("a"), .string("1.50"), .string("2020-01-02 03:04:05"),
                ]
            ])
        #expect(
            try site.sql("SELECT HEX(latin), HEX(bin), HEX(three), HEX(four), HEX(doc) FROM t")
                == [every, every, three, four, doc].map(\.hexadecimal).joined(separator: "\t"))
        for (column, old, bad) in [
            ("four", four, [0xFF, 0x41] as [UInt8]), ("three", three, [UInt8]("😀")),
            ("doc", doc, [UInt8]("{broken")),
        ] {
            let thrown = failure {
                _ = try database.swap(table, key, column, from: old, to: .text(bad))
            }
            #expect(thrown?.code == .notStorable, "\(column): \(thrown?.message ?? "accepted")")
            #expect(
                try database.swap(table, key, column, from: old, to: .text(old)),
                "\(column) is unchanged")
        }
    }

    /// The pages of a scan are one prepared statement.
    @Test("pages of a scan have their own range and limit, whatever happened to the last one")
    func pages() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT, w LONGTEXT);
            INSERT INTO t SELECT seq, IF(seq % 3 = 0, CONCAT('x', seq, REPEAT('-', 5000)), 'y'), 'x'
            FROM seq_1_to_300;
            CREATE TABLE u (id INT PRIMARY KEY, v LONGTEXT); INSERT INTO u VALUES (5, 'x');
            """)
        let database = try site.open()
        func query(_ after: Int64, _ limit: Int, _ term: String, of table: String) -> RowQuery {
            RowQuery(
                table: table, columns: ["id", "v"],
                filter: .and([
                    .within(column: "id", after: after, through: 290),
                    .containsAny(columns: ["v"], terms: [[UInt8](term)]),
                ]), order: ["id"], limit: limit)
        }
        func ids(
            _ after: Int64, _ limit: Int, _ term: String = "x", of table: String = "t"
        ) throws -> [Int64] {
            try database.rows(query(after, limit, term, of: table)).compactMap { $0[0].integer }
        }
        #expect(try ids(0, 3) == [3, 6, 9])
        #expect(try ids(9, 2) == [12, 15])
        #expect(try ids(280, 100) == [282, 285, 288])
        #expect(try ids(0, 2, "y") == [1, 2])
        #expect(try ids(0, 2, "x", of: "u") == [5])
        #expect(try ids(15, 1) == [18])
        // Left early, with rows on their way.
        var count = 0
        try database.forEachRow(of: query(18, 100, "x", of: "t")) { (_) throws(MonikerError) in
            count += 1
            return count < 2
        }
        #expect(try ids(24, 2) == [27, 30])
        let thrown = failure {
            try database.forEachRow(of: query(30, 100, "x", of: "t")) {
                (_) throws(MonikerError) -> Bool in throw MonikerError(.cancelled, "enough")
            }
        }
        #expect(thrown?.code == .cancelled)
        #expect(try ids(30, 2) == [33, 36])
        // Another connection gives the table other columns.
        try site.sql("ALTER TABLE t MODIFY v LONGBLOB FIRST, MODIFY id BIGINT UNSIGNED")
        let rows = try database.rows(query(36, 1, "x", of: "t"))
        #expect(
            rows == [[.integer(39), .blob([UInt8]("x39" + String(repeating: "-", count: 5000)))]])
        #expect(try ids(39, 1) == [42])
    }

    @Test("a column is written again and again, also after a refusal")
    func writingAgain() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20) UNIQUE);
            INSERT INTO t SELECT seq, CONCAT('a', seq) FROM seq_1_to_9;
            """)
        let database = try site.open()
        let table = try database.table("t")
        func swap(_ ids: ClosedRange<Int>, from old: String, to new: String) throws -> Bool {
            var isDone = false
            try database.transaction { (transaction) throws(MonikerError) in
                isDone = try transaction.compareAndSwap(
                    table: table, column: "v",
                    ids.map { id in
                        CellSwap(
                            key: .primary("id", .integer(Int64(id))),
                            expected: .of([UInt8]("\(old)\(id)")), value: .string("\(new)\(id)"))
                    })
            }
            return isDone
        }
        #expect(try swap(1...9, from: "a", to: "b"))
        #expect(try swap(2...3, from: "b", to: "c"))
        #expect(try !swap(1...2, from: "b", to: "d"), "2 has another value by now")
        try site.sql("UPDATE t SET v = 'e6' WHERE id = 9")
        #expect(failure { _ = try swap(5...6, from: "b", to: "e") }?.code == .duplicateKey)
        #expect(try swap(5...5, from: "b", to: "f"))
        #expect(
            try site.sql("SELECT GROUP_CONCAT(v ORDER BY id) FROM t")
                == "d1,c2,c3,b4,f5,b6,b7,b8,e6")
    }

    @Test("too long for the column: refused, not cut (strict mode)")
    func strictMode() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(5)); INSERT INTO t VALUES (1, 'old');")
        let database = try site.open()
        let table = try database.table("t")
        for (long, reason) in [("123456", "too long"), ("12345 ", "truncated")] {
            let thrown = failure {
                _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string(long))
            }
            #expect(thrown?.code == .notStorable, "'\(long)'")
            #expect(
                thrown?.message.contains(reason) == true, "\(thrown?.message ?? "nothing thrown")")
            #expect(try site.sql("SELECT v FROM t") == "old")
        }
    }

    @Test("ON UPDATE columns keep their value; zero dates stay writable (W38, D08)")
    func pinnedColumns() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            SET sql_mode = '';
            CREATE TABLE t (id INT PRIMARY KEY, v TEXT, z DATETIME NOT NULL,
            ts TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
            `d t` DATETIME(3) NULL ON UPDATE CURRENT_TIMESTAMP(3));
            INSERT INTO t VALUES (1, 'old', '0000-00-00 00:00:00', '2001-02-03 04:05:06', NULL);
            """)
        let database = try site.open()
        let table = try database.table("t")
        #expect(table.columns.filter(\.updatesItself).map(\.name) == ["ts", "d t"])
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
        #expect(
            try site.sql("SELECT * FROM t")
                == "1\tnew\t0000-00-00 00:00:00\t2001-02-03 04:05:06\tNULL")
        #expect(
            try database.rows(RowQuery(table: "t", columns: ["z"]))
                == [[.string("0000-00-00 00:00:00")]])
    }

    @Test(
        "keys of every type find their row (W38)",
        arguments: [
            ("BIGINT UNSIGNED", "18446744073709551615", "18446744073709551614"),
            ("BIGINT", "-9223372036854775808", "-9223372036854775807"),
            ("BIGINT", "9007199254740993", "9007199254740992"),
            ("DECIMAL(30,0)", "123456789012345678901234567890", "123456789012345678901234567891"),
            ("DECIMAL(10,3)", "1.500", "1.501"), ("FLOAT", "0.1", "0.2"),
            ("DOUBLE", "0.1", "0.10000000000000002"), ("DATE", "'2020-02-29'", "'2020-02-28'"),
            ("DATETIME(6)", "'2020-01-01 00:00:00.000001'", "'2020-01-01 00:00:00'"),
            ("TIMESTAMP", "'2020-10-25 01:30:00'", "'2020-10-25 02:30:00'"),
            ("TIME", "'-838:59:59'", "'00:00:01'"), ("YEAR", "2020", "1999"),
            ("BIT(20)", "b'11111111110000000001'", "b'1'"), ("ENUM('a','B')", "'a'", "'B'"),
            ("SET('a','b')", "'a,b'", "'a'"), ("UUID", "UUID()", "UUID()"),
            ("INET6", "'::1'", "'::2'"), ("BINARY(4)", "x'00FF'", "x'00FE'"),
            ("VARBINARY(9)", "x'00FF20'", "x'00FF'"), ("CHAR(9)", "'a b'", "'c'"),
            ("VARCHAR(9) CHARACTER SET latin1", "x'E9FF'", "x'41FF'"),
            ("VARCHAR(9) CHARACTER SET utf16", "'é'", "'f'"),
            ("VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "'é'", "'É'"),
        ])
    func keyTypes(type: String, value: String, other: String) throws {
        for isPrimary in [true, false] {
            let site = try Fixture(.mariadb)
            try site.sql(
                """
                CREATE TABLE t (k \(type) NOT NULL, v TEXT\(isPrimary ? ", PRIMARY KEY (k)" : ""));
                INSERT INTO t VALUES (\(value), 'mine'), (\(other), 'other');
                """)
            let database = try site.open()
            let table = try database.table("t")
            let rows = try database.rows(RowQuery(table: "t", columns: ["v", "k"]))
            let keys = try database.keys(of: table)
            let index = try #require(rows.firstIndex { $0[0] == .string("mine") })
            let mine = [UInt8]("mine")
            #expect(try database.swap(table, keys[index], "v", from: mine, to: .string("new")))
            #expect(try site.sql("SELECT v FROM t ORDER BY v") == "new\nother")
            let filter = RowFilter.equals(column: "k", rows[index][1])
            #expect(
                try database.rows(RowQuery(table: "t", columns: ["v"], filter: filter))
                    == [[.string("new")]])
        }
    }

    @Test("a text key is looked up by its index")
    func textKeysUseTheIndex() throws {
        let site = try Fixture(.mariadb)
        let values = (1...500).map { "('k\($0)é', 'v')" }.joined(separator: ",")
        for characterSet in ["utf8mb4", "utf8mb3", "latin1"] {
            try site.sql(
                """
                CREATE OR REPLACE TABLE t (k VARCHAR(150) CHARACTER SET \(characterSet) PRIMARY KEY,
                v TEXT); INSERT INTO t VALUES \(values);
                """)
            let database = try MariaDBDatabase(site.options())
            let stored = try database.keys(of: try database.table("t"))[7]
            let condition = try database.conditions(on: "t").key(stored)
            let plan = try database.query(
                "Explaining", "EXPLAIN UPDATE t SET v = '' WHERE \(condition.sql)",
                condition.parameters)
            #expect(plan[0][3].plainText == "range" || plan[0][3].plainText == "const")
            #expect(plan[0][8].plainText == "1", "rows looked at in \(characterSet)")
        }
    }

    @Test("a MyISAM table is not transactional; the digest still guards it; markers stay InnoDB")
    func myISAM() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            CREATE TABLE wp_t (id INT PRIMARY KEY, v TEXT) ENGINE=MyISAM;
            INSERT INTO wp_t VALUES (1, 'old');
            """)
        let database = try site.open()
        let table = try database.table("wp_t")
        #expect(table.storageEngine == "MyISAM")
        #expect(!table.isTransactional)
        #expect(try !database.swap(table, key, "v", from: [UInt8]("OLD"), to: .string("new")))
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
        try site.sql("SET GLOBAL default_storage_engine = InnoDB")
        try database.prepareMarkers(prefix: "wp_")
        #expect(
            try site.sql(
                """
                SELECT ENGINE FROM information_schema.TABLES
                WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'wp_moniker_tx'
                """) == "InnoDB")
    }

    @Test("LOCK TABLES of another connection: database-locked")
    func lockedTable() throws {
        let site = try Fixture(.mariadb)
        try site.sql("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); INSERT INTO t VALUES (1, 'old')")
        let (holder, database) = (
            try MariaDBDatabase(site.options()), try MariaDBDatabase(site.options())
        )
        let table = try database.table("t")
        try holder.execute("Locking", "LOCK TABLES t WRITE")
        let thrown = code {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new"))
        }
        #expect(thrown == .databaseLocked)
        try holder.execute("Unlocking", "UNLOCK TABLES")
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
    }

    @Test("a value above max_allowed_packet is refused before it is sent (D06)")
    func packetTooLarge() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            "CREATE TABLE t (id INT PRIMARY KEY, v LONGTEXT); INSERT INTO t VALUES (1, 'old')")
        let database = try site.open()
        let table = try database.table("t")
        let huge = [UInt8](repeating: 0x61, count: 64 << 20)
        let thrown = code {
            _ = try database.swap(table, key, "v", from: [UInt8]("old"), to: .text(huge))
        }
        #expect(thrown == .packetTooLarge)
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
    }

    @Test("500 tables are described in four queries")
    func manyTables() throws {
        let site = try Fixture(.mariadb)
        try site.sql(
            (1...500).map { "CREATE TABLE wp_\($0) (id INT PRIMARY KEY, v TEXT) ENGINE=MEMORY" }
                .joined(separator: ";\n").replacing("v TEXT", with: "v VARCHAR(9)"))
        let database = try MariaDBDatabase(site.options())
        func questions() throws -> Int64 {
            let rows = try database.query("Counting", "SHOW SESSION STATUS LIKE 'Com_stmt_execute'")
            return rows[0][1].integer ?? 0
        }
        let before = try questions()
        let tables = try database.tables(withPrefix: "wp_")
        #expect(tables.count == 500)
        #expect(tables.allSatisfy { $0.primaryKey == ["id"] && $0.columns.count == 2 })
        #expect(try questions() - before <= 5)
    }
}
