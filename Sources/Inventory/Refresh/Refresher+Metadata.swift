import GRDB
import Model
import Rewriting
import WordPress

extension Refresher {
    /// Keys of page builders: what their values name is in the content of the page.
    private static let builderKeys: Set<String> = [
        "_elementor_data", "_fl_builder_data", "_bricks_page_content_2", "_bricks_page_header_2",
        "_bricks_page_footer_2", "panels_data", "ct_builder_json", "_oxygen_data", "mfn-page-items",
        "_breakdance_data", "_themify_builder_settings_json", "_et_pb_old_content",
    ]

    /// Keys whose values are made by programs from other values.
    private static let derivedKeys: Set<String> = [
        "_wp_attached_file", "_wp_attachment_metadata", "_wp_attachment_backup_sizes",
        "_elementor_css", "_elementor_page_assets", "_edit_lock", "_fl_builder_draft",
    ]

    /// Reads which posts name attachments by id, and the long values that name them by address.
    func readMetadata(through greatest: Int64) throws {
        try readNewFields(through: greatest)
        try readIDs()
        try readValues(through: greatest)
        step(.metadata, outcome.valuesRead, of: outcome.valuesRead)
    }

    // MARK: Ids

    /// Finds fields of Advanced Custom Fields and its like: a value `_name` that begins with
    /// `field_` stands beside the value `name`.
    private func readNewFields(through greatest: Int64) throws {
        try forEachNewValue(
            matching: .hasPrefix(column: "meta_value", Array("field_".utf8)), through: greatest
        ) { (row) throws(MonikerError) in
            let key = text(row[2])
            guard key.hasPrefix("_"), key.utf8.count > 1 else { return }
            try storing {
                try database.cachedStatement(sql: "INSERT OR IGNORE INTO field (name) VALUES (?)")
                    .execute(arguments: [String(key.dropFirst())])
            }
        }
    }

    /// Values that are new, or belong to posts that have changed; on a full refresh all.
    ///
    /// The row is id, post, key and value.
    private func forEachNewValue(
        matching filter: RowFilter, through greatest: Int64,
        _ body: ([SQLValue]) throws(MonikerError) -> Void
    ) throws {
        let columns = ["meta_id", "post_id", "meta_key", "meta_value"]
        let isWhole = outcome.isFull || greatest == 0
        if isWhole || greatest > lastMetadata {
            let scope: RowFilter =
                isWhole
                ? filter
                : .and([.within(column: "meta_id", after: lastMetadata, through: greatest), filter])
            try site.database.forEachRow(
                of: RowQuery(table: site.prefix + "postmeta", columns: columns, filter: scope)
            ) { (row) throws(MonikerError) in
                try body(row)
                return true
            }
        }
        guard !isWhole else { return }
        try forEachRow(
            of: "postmeta", ["meta_id", "meta_key", "meta_value"], where: "post_id",
            in: changedPosts.sorted(), and: filter
        ) { (row) throws(MonikerError) in
            try body([row[1], row[0], row[2], row[3]])
        }
    }

    private struct FieldName: Hashable {
        var post: Int64
        var name: String
    }

    /// Reads all values that are ids: they are short and have no time of change.
    private func readIDs() throws {
        let fields = try String.fetchAll(database, sql: "SELECT name FROM field ORDER BY name")
        var keys = ["_product_image_gallery", "_thumbnail_id"]
        for field in fields { keys += [field, "_" + field] }
        keys = Set(keys).sorted()
        let names = Set(fields)
        var fingerprint = Fingerprint()
        var uses: [(post: Int64, attachment: Int64, kind: ImageUse.Kind)] = []
        var values: [FieldName: [Int64]] = [:]
        var references: Set<FieldName> = []
        var start = 0
        while start < keys.count {
            let page = keys[start..<min(start + 40, keys.count)]
            start += page.count
            try site.database.forEachRow(
                of: RowQuery(
                    table: site.prefix + "postmeta",
                    columns: ["post_id", "meta_key", "meta_value"],
                    filter: .isAny(column: "meta_key", page.map(SQLValue.string)),
                    order: ["meta_id"])
            ) { (row) throws(MonikerError) in
                guard let post = row[0].integer, let value = row[2].bytes else { return true }
                let key = text(row[1])
                let ids = Self.ids(in: value)
                let isReference = key.hasPrefix("_") && value.starts(with: "field_".utf8)
                guard !ids.isEmpty || isReference else { return true }
                fingerprint.add(post)
                fingerprint.add(row[1])
                fingerprint.add(value)
                if isReference {
                    references.insert(FieldName(post: post, name: String(key.dropFirst())))
                } else if key == "_thumbnail_id" {
                    uses.append((post, ids[0], .featured))
                } else if key == "_product_image_gallery" {
                    uses += ids.map { (post, $0, .productGallery) }
                } else if names.contains(key) {
                    values[FieldName(post: post, name: key), default: []] += ids
                }
                return true
            }
        }
        let state = String(fingerprint.value)
        guard try self.state("ids") != state else { return }
        try set("ids", state)
        for (field, ids) in values where references.contains(field) {
            uses += ids.map { (field.post, $0, .field) }
        }
        try forget(Holder.metadata)
        var seen: Set<[Int64]> = []
        for use in uses.sorted(by: { ($0.post, $0.attachment) < ($1.post, $1.attachment) }) {
            let kind = ImageUse.Kind.allCases.firstIndex(of: use.kind) ?? 0
            guard seen.insert([use.post, use.attachment, Int64(kind)]).inserted else { continue }
            try addUse(
                holder: Holder.metadata, post: use.post, attachment: use.attachment, kind: use.kind)
        }
    }

    /// The ids that a value consists of: one number, numbers with commas, or a serialized list;
    /// none where anything else is in it.
    static func ids(in value: [UInt8]) -> [Int64] {
        guard let first = value.first, value.count <= 65_536 else { return [] }
        if first == UInt8(ascii: "a") {
            let elements = SerializedValue.parse(value)?.elements ?? []
            let ids = elements.compactMap { $0.value.number }.filter { $0 > 0 }
            return ids.count == elements.count ? ids : []
        }
        guard (0x30...0x39).contains(first) else { return [] }
        let parts = value.split(separator: UInt8(ascii: ","))
        let ids = parts.compactMap { part in
            Int64(String(decoding: part.filter { $0 > 0x20 }, as: UTF8.self))
        }.filter { $0 > 0 }
        return ids.count == parts.count ? ids : []
    }

    // MARK: Addresses

    /// Reads values that name files by address: those of posts that have changed, new ones, and
    /// those that name a path whose owner has changed.
    private func readValues(through greatest: Int64) throws {
        for post in changedPosts { try forgetValues(of: post) }
        try forgetVanishedValues()
        var page = TextPage(self)
        var seen: Set<Int64> = []
        func read(_ row: [SQLValue]) throws(MonikerError) {
            let key = text(row[2])
            guard let id = row[0].integer, let post = row[1].integer, let value = row[3].bytes,
                !Self.derivedKeys.contains(key), seen.insert(id).inserted
            else { return }
            try storing {
                guard try isCounted(post) else { return }
                outcome.valuesRead += 1
                try database.cachedStatement(
                    sql: "INSERT OR REPLACE INTO value (id, post) VALUES (?, ?)"
                ).execute(arguments: [id, post])
                try page.add(
                    HeldText(
                        holder: Holder.value(id), post: post, title: "", bytes: value,
                        kind: Self.builderKeys.contains(key) ? .content : .field))
            }
        }
        let terms = uploadsTerms
        let filter = RowFilter.containsAny(columns: ["meta_value"], terms: terms)
        try forEachNewValue(matching: filter, through: greatest, read)
        let affected = try holdersOfChangedPaths().filter { $0 > 0 && $0 & 1 == 1 }
        try forEachRow(
            of: "postmeta", ["post_id", "meta_key", "meta_value"], where: "meta_id",
            in: affected.map { $0 / 2 }.sorted()
        ) { (row) throws(MonikerError) in try read(row) }
        try page.finish()
    }

    private func isCounted(_ post: Int64) throws -> Bool {
        try Int64.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM post WHERE id = ?"), arguments: [post])
            != nil
    }

    /// Forgets the values of a post.
    func forgetValues(of post: Int64) throws {
        let ids = try Int64.fetchAll(
            database.cachedStatement(sql: "SELECT id FROM value WHERE post = ?"), arguments: [post])
        for id in ids { try forgetValue(id) }
    }

    private func forgetValue(_ id: Int64) throws {
        try forget(Holder.value(id))
        try database.cachedStatement(sql: "DELETE FROM value WHERE id = ?").execute(arguments: [id])
    }

    private func forgetVanishedValues() throws {
        let known = try Int64.fetchAll(database, sql: "SELECT id FROM value ORDER BY id")
        var present: Set<Int64> = []
        try forEachRow(of: "postmeta", [], where: "meta_id", in: known) {
            (row) throws(MonikerError) in
            if let id = row[0].integer { present.insert(id) }
        }
        for id in known where !present.contains(id) { try forgetValue(id) }
    }

    /// What every address and path of an upload contains in plain spelling: the last segment of the
    /// folder, or the host where uploads have one of their own.
    var uploadsTerms: [[UInt8]] {
        var terms: Set<[UInt8]> = []
        for path in site.location.urlPaths {
            if let last = path.split(separator: "/").last {
                terms.insert(Array(last.utf8))
            } else {
                for host in site.location.hosts { terms.insert(Array(host.utf8)) }
            }
        }
        for directory in site.location.directories {
            if let last = directory.split(separator: UInt8(ascii: "/")).last {
                terms.insert(Array(last))
            }
        }
        return terms.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
