import Hashing
import Model
import SiteDatabase
import Testing

/// Rows that are added and deleted, on every engine.
@Suite struct RowTests {
    private static let meta = """
        CREATE TABLE wp_postmeta (meta_id INTEGER PRIMARY KEY \(autoincrement), post_id INTEGER,
            meta_key VARCHAR(255), meta_value LONGTEXT);
        INSERT INTO wp_postmeta VALUES (4, 7, '_other', NULL), (9, 8, '_alt', 'x');
        """

    private static let autoincrement = "AUTO_INCREMENT"

    private func site(_ engine: Engine) throws -> Fixture {
        let site = try Fixture(engine)
        try site.sql(
            engine == .mariadb
                ? Self.meta : Self.meta.replacing(Self.autoincrement, with: "AUTOINCREMENT"))
        return site
    }

    private func row(_ parts: [(String, SQLValue)]) -> RowKey {
        RowKey(parts: parts.map { RowKey.Part(column: $0.0, value: $0.1) }, isPrimary: false)
    }

    private let all = "SELECT meta_id, post_id, meta_key, meta_value FROM wp_postmeta ORDER BY 1"

    @Test("a row that is added gets the next number, and its bytes", arguments: Engine.available)
    func inserts(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        let table = try database.table("wp_postmeta")
        let text = Array("Grüße 日本 😀 \\'\"%_".utf8)
        var keys: [RowKey] = []
        try database.transaction { (transaction) throws(MonikerError) in
            for value in [SQLValue.text(text), .null, .string("")] {
                keys.append(
                    try transaction.insertRow(
                        table: table,
                        row([
                            ("post_id", .integer(7)), ("meta_key", .string("_alt")),
                            ("meta_value", value),
                        ])))
            }
            keys.append(
                try transaction.insertRow(
                    table: table, row([("meta_id", .integer(2)), ("meta_value", .string("own"))])))
        }
        #expect(keys == [10, 11, 12, 2].map { .primary("meta_id", .integer($0)) })
        #expect(
            try site.sql(
                "SELECT hex(meta_value) FROM wp_postmeta WHERE meta_id = 10") == text.hexadecimal)
        #expect(
            try site.sql(all).split(separator: "\n").map(String.init).filter {
                !$0.hasPrefix("10")
            } == [
                "2\tNULL\tNULL\town", "4\t7\t_other\tNULL", "9\t8\t_alt\tx", "11\t7\t_alt\tNULL",
                "12\t7\t_alt\t",
            ])
    }

    @Test("what a transaction added is gone when it rolls back", arguments: Engine.available)
    func rollsBack(engine: Engine) throws {
        let site = try site(engine)
        let before = try site.sql(all)
        let database = try site.open()
        let table = try database.table("wp_postmeta")
        let thrown = code {
            try database.transaction { (transaction) throws(MonikerError) in
                _ = try transaction.insertRow(table: table, row([("meta_value", .string("new"))]))
                _ = try transaction.deleteRow(
                    table: table,
                    row([
                        ("meta_id", .integer(4)), ("post_id", .integer(7)),
                        ("meta_key", .string("_other")), ("meta_value", .null),
                    ]))
                throw MonikerError(.cancelled, "no")
            }
        }
        #expect(thrown == .cancelled)
        #expect(try site.sql(all) == before)
    }

    @Test(
        "a row goes only while it equals what is known of it, byte for byte",
        arguments: Engine.available)
    func deletes(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        let table = try database.table("wp_postmeta")
        func delete(_ value: SQLValue, key: String = "_alt") throws -> Bool {
            var isDeleted = false
            try database.transaction { (transaction) throws(MonikerError) in
                isDeleted = try transaction.deleteRow(
                    table: table,
                    row([
                        ("meta_id", .integer(9)), ("post_id", .integer(8)),
                        ("meta_key", .string(key)), ("meta_value", value),
                    ]))
            }
            return isDeleted
        }
        for other in [SQLValue.string("X"), .string("x "), .string(""), .null] {
            #expect(try !delete(other))
        }
        #expect(try !delete(.string("x"), key: "_ALT"))
        #expect(try site.sql("SELECT count(*) FROM wp_postmeta") == "2")
        #expect(try delete(.string("x")))
        #expect(try !delete(.string("x")))
        #expect(try site.sql("SELECT meta_id FROM wp_postmeta") == "4")
    }

    @Test("a key that is taken is a duplicate", arguments: Engine.available)
    func duplicates(engine: Engine) throws {
        let site = try site(engine)
        let database = try site.open()
        let table = try database.table("wp_postmeta")
        let thrown = code {
            try database.transaction { (transaction) throws(MonikerError) in
                _ = try transaction.insertRow(
                    table: table, row([("meta_id", .integer(9)), ("meta_value", .string("n"))]))
            }
        }
        #expect(thrown == .duplicateKey)
    }

    @Test("characters that a column has not are refused and not changed")
    func refusesCharacters() throws {
        guard Engine.available.contains(.mariadb) else { return }
        let site = try Fixture(.mariadb)
        try site.sql(
            """
            CREATE TABLE wp_old (id INTEGER PRIMARY KEY AUTO_INCREMENT,
                v VARCHAR(5) CHARACTER SET utf8mb3);
            """)
        let database = try site.open()
        let table = try database.table("wp_old")
        for text in ["a 😀", "too long"] {
            let thrown = code {
                try database.transaction { (transaction) throws(MonikerError) in
                    _ = try transaction.insertRow(table: table, row([("v", .string(text))]))
                }
            }
            #expect(thrown == .notStorable, "\(text)")
        }
        #expect(try site.sql("SELECT count(*) FROM wp_old") == "0")
    }
}
