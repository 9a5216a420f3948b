import GRDB
import Model

extension Refresher {
    /// Types of posts that nobody sees as a page: what they name is not used by it.
    static let uncountedTypes: Set<String> = [
        "attachment", "revision", "nav_menu_item", "customize_changeset", "oembed_cache",
        "user_request", "acf-field", "acf-field-group", "shop_order", "shop_order_refund",
        "shop_order_placehold", "scheduled-action",
    ]
    /// Statuses that do not count: what is drafted, planned or private is used, what was thrown away
    /// is not.
    static let uncountedStatuses: Set<String> = ["trash", "auto-draft", "inherit"]

    /// Reads the rows of all posts without their contents, and notes which have changed.
    func readPosts() throws {
        var known = try fingerprints(of: "post")
        var done = 0
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "posts",
                columns: ["ID", "post_type", "post_status", "post_modified_gmt", "post_title"])
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer, !Self.uncountedTypes.contains(text(row[1])),
                !Self.uncountedStatuses.contains(text(row[2]))
            else { return true }
            var fingerprint = Fingerprint()
            for value in row { fingerprint.add(value) }
            done += 1
            if done % 1000 == 0 { step(.posts, done) }
            guard known.removeValue(forKey: id) != fingerprint.value else { return true }
            changedPosts.insert(id)
            try storing {
                try database.cachedStatement(
                    sql: """
                        INSERT OR REPLACE INTO post (id, fingerprint, type, title)
                        VALUES (?, ?, ?, ?)
                        """
                ).execute(arguments: [id, fingerprint.value, text(row[1]), text(row[4])])
            }
            return true
        }
        for id in known.keys {
            try database.execute(sql: "DELETE FROM post WHERE id = ?", arguments: [id])
            try forget(Holder.content(of: id))
            try forgetValues(of: id)
        }
        step(.posts, done, of: done)
    }

    /// Reads the contents that have changed, and those that name a path whose owner has.
    func readContents() throws {
        var ids = changedPosts
        for holder in try holdersOfChangedPaths() where holder > 0 && holder & 1 == 0 {
            ids.insert(holder / 2)
        }
        var page = TextPage(self)
        let total = ids.count
        try forEachRow(
            of: "posts", ["post_content", "post_excerpt"], where: "ID", in: ids.sorted()
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer else { return }
            // The short description of a product is an excerpt with HTML.
            let excerpt = row[2].bytes ?? []
            let content = (row[1].bytes ?? []) + (excerpt.isEmpty ? [] : [0x0A] + excerpt)
            outcome.contentsRead += 1
            step(.contents, outcome.contentsRead, of: total)
            try storing {
                try page.add(
                    HeldText(
                        holder: Holder.content(of: id), post: id, title: "", bytes: content,
                        kind: nil))
            }
        }
        try page.finish()
    }

    /// What names a path that an attachment has gained or lost.
    func holdersOfChangedPaths() throws -> Set<Int64> {
        var holders: Set<Int64> = []
        for hash in changedHashes {
            holders.formUnion(
                try Int64.fetchAll(
                    database.cachedStatement(sql: "SELECT holder FROM name WHERE hash = ?"),
                    arguments: [hash]))
        }
        return holders
    }

    /// Forgets what a holder names.
    func forget(_ holder: Int64) throws {
        try database.cachedStatement(sql: "DELETE FROM name WHERE holder = ?")
            .execute(arguments: [holder])
        try database.cachedStatement(sql: "DELETE FROM use WHERE holder = ?")
            .execute(arguments: [holder])
    }

    func addUse(
        holder: Int64, post: Int64?, attachment: Int64, kind: ImageUse.Kind, title: String = "",
        heading: String = "", link: String? = nil
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO use (holder, post, attachment, kind, title, heading, link)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [holder, post, attachment, kind.rawValue, title, heading, link])
    }
}
