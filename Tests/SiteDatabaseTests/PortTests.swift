import Model
import SiteDatabase
import Testing

/// The port's conformance suite: the same behaviour on every engine.
@Suite struct PortTests {
    @Test("NULL, empty and any bytes round-trip (D07)", arguments: Engine.available)
    func valuesRoundTrip(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, body LONGTEXT, data LONGBLOB);
            INSERT INTO t VALUES (1, NULL, NULL), (2, '', ''), (3, 'x', 'x');
            """)
        let database = try site.open()
        let table = try database.table("t")
        let every = Array(0...255) as [UInt8]
        let text = Array("\u{0}Grüße 日本 😀\u{7F}\\'\"`%_ ".utf8)
        #expect(
            try database.swap(
                table, .primary("id", .integer(3)), "body", from: [UInt8]("x"),
                to: .text(text)))
        #expect(
            try database.swap(
                table, .primary("id", .integer(3)), "data", from: [UInt8]("x"),
                to: .blob(every)))
        #expect(
            try database.swap(table, .primary("id", .integer(2)), "body", from: [], to: .text([])),
            "writing the value that is there already is not a conflict")
        let query = RowQuery(table: "t", columns: ["id", "body", "data"], order: ["id"])
        let rows = try database.rows(query)
        #expect(rows[0] == [.integer(1), .null, .null])
        #expect(rows[1][1] == .text([]))
        #expect(rows[1][2].bytes == [])
        #expect(rows[2] == [.integer(3), .text(text), .blob(every)])
        #expect(
            try site.sql("SELECT hex(body), hex(data) FROM t WHERE id = 3")
                == text.hexadecimal + "\t" + every.hexadecimal)
        #expect(
            try !database.swap(
                table, .primary("id", .integer(1)), "body", from: [],
                to: .string("x")), "NULL is not the empty string")
    }

    @Test(
        "prefixes are literal; views and bookkeeping are no tables (W28)",
        arguments: Engine.available)
    func tablesByPrefix(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE wp_posts (id INTEGER PRIMARY KEY, body TEXT);
            CREATE TABLE wpxposts (id INTEGER PRIMARY KEY);
            CREATE TABLE "wp_%" (id INTEGER PRIMARY KEY);
            CREATE TABLE "wp_a`b ""c" (id INTEGER PRIMARY KEY);
            CREATE TABLE "wp_é" (id INTEGER PRIMARY KEY);
            CREATE VIEW wp_view AS SELECT * FROM wp_posts;
            """)
        let database = try site.open()
        try database.prepareMarkers(prefix: "wp_")
        #expect(
            try database.tables(withPrefix: "wp_").map(\.name)
                == ["wp_%", "wp_a`b \"c", "wp_posts", "wp_é"])
        #expect(try database.tables(withPrefix: "wp_%").map(\.name) == ["wp_%"])
        #expect(try database.tables(withPrefix: "WP_").isEmpty)
        #expect(try database.tables(withPrefix: "").count == 6, "another prefix's bookkeeping too")
        let posts = try database.table("wp_posts")
        #expect(posts.columns.map(\.kind) == [.other, .text])
        #expect(posts.primaryKey == ["id"])
        #expect(posts.isTransactional)
    }

    @Test("names that need quotes, in a composite key (W28, D02)", arguments: Engine.available)
    func quotedNames(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE "select `x"" é" ("from" INTEGER, "a`b ""c'd" VARCHAR(50), \
            "where ?" TEXT, PRIMARY KEY ("from", "a`b ""c'd"));
            INSERT INTO "select `x"" é" VALUES (1, 'k', 'old');
            """)
        let database = try site.open()
        let table = try database.table("select `x\" é")
        #expect(table.primaryKey == ["from", "a`b \"c'd"])
        let key = try database.keys(of: table)[0]
        #expect(
            try database.swap(table, key, "where ?", from: [UInt8]("old"), to: .string("new")))
        #expect(try site.sql("SELECT \"where ?\" FROM \"select `x\"\" é\"") == "new")
    }

    @Test("a text key finds its row only, byte for byte (D08)", arguments: Engine.available)
    func textKeys(engine: Engine) throws {
        let site = try Fixture(engine)
        let keys = ["a", "b\u{301}", "é", "quote'quote", "123.", "0", "", "日本", "%", "a\\b"]
        try site.sql("CREATE TABLE t (k VARCHAR(100) PRIMARY KEY, v TEXT);")
        for (index, key) in keys.enumerated() {
            let literal = key.utf8.isEmpty ? "''" : "x'\([UInt8](key).hexadecimal)'"
            let text = engine == .mariadb ? literal : "CAST(\(literal) AS TEXT)"
            try site.sql("INSERT INTO t VALUES (\(text), 'v\(index)');")
        }
        let database = try site.open()
        let table = try database.table("t")
        for (index, key) in keys.enumerated() {
            let swapped = try database.swap(
                table, .primary("k", .string(key)), "v", from: [UInt8]("v\(index)"),
                to: .string("new\(index)"))
            #expect(swapped, "key '\(key)'")
        }
        for other in ["A", "a ", "É", "e\u{301}", "123", "00", " "] {
            let swapped = try database.swap(
                table, .primary("k", .string(other)), "v", from: [UInt8]("new0"), to: .string("x"))
            #expect(!swapped, "no row has the key '\(other)'")
        }
        #expect(try site.sql("SELECT COUNT(*) FROM t WHERE v LIKE 'new%'") == "\(keys.count)")
    }

    @Test(
        "without a key one of equal rows changes (D03, where we do not skip)",
        arguments: Engine.available)
    func missingKey(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE t (a INTEGER, b VARCHAR(50), c LONGTEXT, d DOUBLE);
            INSERT INTO t VALUES
            (1, NULL, 'old', 0.1), (1, NULL, 'old', 0.1), (1, NULL, 'Old', 0.1),
            (1, 'x', 'old', 0.1), (2, NULL, 'old', 0.1), (1, NULL, 'old', 0.10000000000000002);
            """)
        let database = try site.open()
        let table = try database.table("t")
        #expect(table.primaryKey.isEmpty)
        let key = try database.keys(of: table)[0]
        try database.transaction { (transaction) throws(MonikerError) in
            let row = try transaction.lockRow(table: table, key: key, columns: ["c", "a"])
            #expect(row == [.string("old"), .integer(1)])
            let swapped = try transaction.compareAndSwap(
                table: table, key: key, column: "c", expected: .of([UInt8]("old")),
                value: .string("new"))
            #expect(swapped)
        }
        #expect(try site.sql("SELECT COUNT(*) FROM t WHERE c = 'new' AND a = 1") == "1")
        #expect(try site.sql("SELECT COUNT(*) FROM t WHERE c = 'new' AND d <> 0.1") == "0")
        #expect(try database.swap(table, key, "c", from: [UInt8]("old"), to: .string("new")))
        #expect(
            try !database.swap(table, key, "c", from: [UInt8]("old"), to: .string("new")),
            "the third equals neither in every column")
        #expect(try site.sql("SELECT COUNT(*) FROM t WHERE c = 'new'") == "2")
    }

    @Test(
        "a changed, other-case or padded value is not overwritten", arguments: Engine.available,
        ["Old", "old ", "old\u{0}", "öld", "ol"])
    func changedValue(engine: Engine, stored: String) throws {
        let site = try Fixture(engine)
        let literal = "x'\([UInt8](stored).hexadecimal)'"
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
            INSERT INTO t VALUES (1, \(engine == .mariadb ? literal : "CAST(\(literal) AS TEXT)"));
            """)
        let database = try site.open()
        let table = try database.table("t")
        let key = RowKey.primary("id", .integer(1))
        #expect(try !database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
        #expect(try database.swap(table, key, "v", from: [UInt8](stored), to: .string("new")))
        #expect(
            try !database.swap(
                table, .primary("id", .integer(2)), "v", from: [UInt8]("new"),
                to: .string("x")), "a row that is gone")
    }

    @Test(
        "generated columns are reported, and follow the column they are made of (D08)",
        arguments: Engine.available)
    func generatedColumns(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR(50),
            s VARCHAR(60) GENERATED ALWAYS AS (v) STORED,
            w VARCHAR(60) GENERATED ALWAYS AS (v) VIRTUAL);
            INSERT INTO t (id, v) VALUES (1, 'old');
            """)
        let database = try site.open()
        let table = try database.table("t")
        #expect(table.columns.filter(\.isGenerated).map(\.name) == ["s", "w"])
        let key = RowKey.primary("id", .integer(1))
        #expect(try database.swap(table, key, "v", from: [UInt8]("old"), to: .string("new")))
        #expect(try site.sql("SELECT v, s, w FROM t") == "new\tnew\tnew")
    }

    @Test("filters compare bytes; terms and prefixes are literal", arguments: Engine.available)
    func filters(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, k VARCHAR(100), v LONGTEXT);
            INSERT INTO t VALUES (1, '_wp_attached_file', 'a%b'), (2, '_WP_attached_file', 'axb'),
            (3, 'xwp_attached_file', 'a_b'), (4, NULL, NULL), (5, '', '5'), (6, 'z', 'back\\slash'),
            (7, '_wp_attached_file ', 'A%B');
            """)
        let database = try site.open()
        func ids(_ filter: RowFilter) throws -> [Int64] {
            try database.rows(
                RowQuery(table: "t", columns: ["id"], filter: filter, order: ["id"])
            ).compactMap { $0[0].integer }
        }
        #expect(try ids(.all) == [1, 2, 3, 4, 5, 6, 7])
        #expect(try ids(.equals(column: "k", .string("_wp_attached_file"))) == [1])
        #expect(try ids(.equals(column: "k", .null)) == [4])
        #expect(try ids(.equals(column: "k", .text([]))) == [5])
        #expect(try ids(.equals(column: "v", .integer(5))) == [5])
        #expect(try ids(.equals(column: "id", .integer(3))) == [3])
        #expect(try ids(.isAny(column: "id", [.integer(1), .integer(9), .integer(6)])) == [1, 6])
        #expect(try ids(.isAny(column: "k", [])) == [])
        #expect(try ids(.hasPrefix(column: "k", [UInt8]("_wp"))) == [1, 7])
        #expect(try ids(.hasPrefix(column: "k", [])) == [1, 2, 3, 5, 6, 7])
        #expect(
            try ids(.containsAny(columns: ["k", "v"], terms: [[UInt8]("a%b")])) == [1])
        #expect(try ids(.containsAny(columns: ["v"], terms: [[UInt8]("_")])) == [3])
        #expect(
            try ids(.containsAny(columns: ["v"], terms: [[UInt8]("x"), [UInt8]("k\\s")])) == [2, 6])
        #expect(
            try ids(.containsAny(columns: ["k", "v"], terms: [[UInt8]("5")])) == [5],
            "a NULL in one column does not hide the other")
        #expect(try ids(.isAtLeast(column: "v", bytes: 4)) == [6])
        #expect(try ids(.isAtLeast(column: "k", bytes: 0)) == [1, 2, 3, 5, 6, 7], "NULL has none")
        #expect(
            try ids(.and([.isAtLeast(column: "v", bytes: 3), .isAtLeast(column: "id", bytes: 1)]))
                == [1, 2, 3, 6, 7])
        #expect(
            try ids(
                .and([
                    .or([
                        .equals(column: "id", .integer(1)), .equals(column: "id", .integer(2)),
                    ]), .containsAny(columns: ["v"], terms: [[UInt8]("x")]),
                ])) == [2])
        #expect(try ids(.and([])).count == 7)
        #expect(try ids(.or([])).isEmpty)
    }

    @Test(
        "regular expressions look at bytes, in any text, over any length",
        arguments: Engine.available)
    func patterns(engine: Engine) throws {
        let site = try Fixture(engine)
        let hexadecimal: (String) -> String = {
            engine == .sqlite ? "CAST(X'\($0)' AS TEXT)" : "X'\($0)'"
        }
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, v LONGTEXT, b LONGBLOB, n INTEGER);
            INSERT INTO t VALUES (1, 'IMG_22', 'x', 7), (2, 'img_22', NULL, 22), (3, NULL, NULL, NULL),
            (4, \(hexadecimal("494d470a3232")), X'FF494D475F3232', 1), (5, 'IMG%5F22', '', 0),
            (6, '日本 IMG_22', X'00', 3);
            """)
        // What every byte begins and nothing ends.
        let long = String(repeating: "IMG_2", count: 500_000)
        try site.sql("INSERT INTO t VALUES (7, '\(long)', NULL, 1), (8, '\(long)2', NULL, 1);")
        let database = try site.open()
        #expect(database.matchesPatterns)
        func ids(_ column: String, _ pattern: String) throws -> [Int64] {
            try database.rows(
                RowQuery(
                    table: "t", columns: ["id"],
                    filter: .or([
                        .matches(column: column, pattern: pattern),
                        .containsAny(columns: [column], terms: [[UInt8]("nowhere")]),
                    ]), order: ["id"])
            ).compactMap { $0[0].integer }
        }
        #expect(try ids("v", #"IMG(?:\x5f22|\x25)"#) == [1, 5, 6, 8])
        #expect(try ids("v", #"22(?<=IMG\x5f22)"#) == [1, 6, 8])
        #expect(try ids("b", #"IMG\x5f22"#) == [4])
        #expect(try ids("n", "2(?:2|3)") == [2])
    }

    @Test(
        "long values are left out, and rows say so; the filter has seen them",
        arguments: Engine.available)
    func leavesOutLongValues(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            """
            CREATE TABLE t (id INTEGER PRIMARY KEY, k VARCHAR(40), v TEXT, w TEXT);
            INSERT INTO t VALUES (1, 'a long key', 'needle', 'x'), (2, 'k', 'a long needle', 'x'),
                (3, 'k', NULL, 'needle'), (4, 'k', 'needle', 'längs'), (5, 'k', 'lost', 'x');
            """)
        var query = RowQuery(
            table: "t", columns: ["id", "k", "v", "w"],
            filter: .containsAny(columns: ["v", "w"], terms: [[UInt8]("needle".utf8)]),
            order: ["id"])
        query.leavingOut = LongValues(columns: ["v", "w"], bytes: 6)
        let rows = try site.open().rows(query)
        #expect(
            rows == [
                [.integer(1), .string("a long key"), .string("needle"), .string("x"), .integer(0)],
                [.integer(2), .string("k"), .null, .string("x"), .integer(1)],
                [.integer(3), .string("k"), .null, .string("needle"), .integer(0)],
                // Bytes count, not characters: six here, and one more by one.
                [.integer(4), .string("k"), .string("needle"), .string("längs"), .integer(0)],
            ])
        query.leavingOut = LongValues(columns: ["w"], bytes: 5)
        #expect(try site.open().rows(query).map { $0.last } == [0, 0, 1, 1].map { .integer($0) })
    }

    @Test(
        "2,500 rows stream, and stopping leaves the connection usable",
        arguments: Engine.available)
    func streaming(engine: Engine) throws {
        let site = try Fixture(engine)
        let values = (1...2500).map { "(\($0), 'value \($0)')" }.joined(separator: ",")
        try site.sql(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES \(values);")
        let database = try site.open()
        let query = RowQuery(table: "t", columns: ["v", "id"], order: ["id"])
        let rows = try database.rows(query)
        #expect(rows.count == 2500)
        #expect(rows.last == [.string("value 2500"), .integer(2500)])
        var seen = 0
        try database.forEachRow(of: query) { (_) throws(MonikerError) in
            seen += 1
            return seen < 10
        }
        #expect(seen == 10)
        let thrown = code {
            try database.forEachRow(of: query) { (_) throws(MonikerError) in
                throw MonikerError(.busy, "enough")
            }
        }
        #expect(thrown == .busy)
        var limited = query
        limited.limit = 3
        #expect(try database.rows(limited).count == 3)
    }

    @Test("a value of 20 MB round-trips (D06)", arguments: Engine.available)
    func largeValue(engine: Engine) throws {
        let site = try Fixture(engine)
        try site.sql(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, v LONGTEXT); INSERT INTO t VALUES (1, 'x');")
        let database = try site.open()
        let table = try database.table("t")
        let large = (0..<20_000_000).map { UInt8(ascii: "a") + UInt8($0 % 23) }
        let key = RowKey.primary("id", .integer(1))
        #expect(try database.swap(table, key, "v", from: [UInt8]("x"), to: .text(large)))
        let rows = try database.rows(RowQuery(table: "t", columns: ["v"]))
        #expect(rows == [[.text(large)]])
        #expect(try database.swap(table, key, "v", from: large, to: .text(large.reversed())))
    }
}
