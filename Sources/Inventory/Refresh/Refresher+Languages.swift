import GRDB
import Model
import WordPress

extension Refresher {
    /// Reads the language of the site, and those of posts and attachments where WPML or Polylang
    /// keep them.
    func readLanguages() throws {
        var site = "en-US"
        try self.site.database.forEachRow(
            of: RowQuery(
                table: self.site.prefix + "options", columns: ["option_value"],
                filter: .equals(column: "option_name", .string("WPLANG")))
        ) { (row) throws(MonikerError) in
            let tag = LanguageTag.of(text(row[0]))
            if !tag.isEmpty { site = tag }
            return true
        }
        try set("language", site)

        let tables = Set(
            try self.site.database.tables(withPrefix: self.site.prefix).map(\.name))
        var languages: [Int64: String] = [:]
        if tables.contains(self.site.prefix + "term_taxonomy") {
            try readPolylang(into: &languages)
        }
        if tables.contains(self.site.prefix + "icl_translations") {
            try readWPML(into: &languages)
        }
        var known: [Int64: String] = [:]
        let rows = try Row.fetchCursor(database, sql: "SELECT id, tag FROM language")
        while let row = try rows.next() { known[row[0]] = row[1] }
        for (id, tag) in languages where known.removeValue(forKey: id) != tag {
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO language (id, tag) VALUES (?, ?)"
            ).execute(arguments: [id, tag])
        }
        for id in known.keys {
            try database.execute(sql: "DELETE FROM language WHERE id = ?", arguments: [id])
        }
    }

    /// Polylang: terms of the taxonomy `language`, whose description holds the locale.
    private func readPolylang(into languages: inout [Int64: String]) throws {
        var tags: [Int64: String] = [:]
        var terms: [Int64: Int64] = [:]
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "term_taxonomy",
                columns: ["term_taxonomy_id", "term_id", "description"],
                filter: .equals(column: "taxonomy", .string("language")))
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer, let term = row[1].integer else { return true }
            let locale = row[2].bytes.flatMap(SerializedValue.parse)?["locale"]?.text
            tags[id] = locale.map { LanguageTag.of(String(decoding: $0, as: UTF8.self)) }
            if tags[id] == nil || tags[id] == "" { terms[term] = id }
            return true
        }
        try forEachRow(of: "terms", ["slug"], where: "term_id", in: terms.keys.sorted()) {
            (row) throws(MonikerError) in
            if let id = row[0].integer.flatMap({ terms[$0] }) {
                tags[id] = LanguageTag.of(text(row[1]))
            }
        }
        guard !tags.isEmpty else { return }
        try forEachRow(
            of: "term_relationships", ["object_id"], where: "term_taxonomy_id",
            in: tags.keys.sorted()
        ) { (row) throws(MonikerError) in
            if let object = row[1].integer, let tag = row[0].integer.flatMap({ tags[$0] }),
                !tag.isEmpty
            {
                languages[object] = tag
            }
        }
    }

    /// WPML: its own table, which names every post, attachments too.
    private func readWPML(into languages: inout [Int64: String]) throws {
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "icl_translations", columns: ["element_id", "language_code"],
                filter: .hasPrefix(column: "element_type", Array("post_".utf8)))
        ) { (row) throws(MonikerError) in
            let tag = LanguageTag.of(text(row[1]))
            if let id = row[0].integer, !tag.isEmpty { languages[id] = tag }
            return true
        }
    }

    // MARK: What follows from all that

    /// Counts the uses of each attachment and settles its language: its own, else that of the first
    /// post that uses it, else the site's.
    func derive() throws {
        try database.execute(
            sql: """
                CREATE TEMP TABLE derived (
                    id INTEGER PRIMARY KEY, uses INTEGER NOT NULL, post INTEGER
                );
                INSERT INTO derived
                    SELECT target, COUNT(*), MIN(post) FROM effective_use GROUP BY target;
                UPDATE attachment SET uses = derived.uses, used = 1 FROM derived
                    WHERE derived.id = attachment.id AND attachment.uses IS NOT derived.uses;
                UPDATE attachment SET uses = 0, used = 0
                    WHERE used = 1 AND id NOT IN (SELECT id FROM derived);
                """)
        let site = try state("language")
        try database.execute(
            sql: """
                UPDATE attachment SET language = new.tag FROM (
                    SELECT attachment.id AS id, COALESCE(own.tag, user.tag, ?) AS tag
                    FROM attachment LEFT JOIN language own ON own.id = attachment.id
                    LEFT JOIN derived ON derived.id = attachment.id
                    LEFT JOIN language user ON user.id = derived.post
                ) AS new WHERE new.id = attachment.id AND attachment.language IS NOT new.tag
                """, arguments: [site])
        try database.execute(sql: "DROP TABLE derived")
    }
}
