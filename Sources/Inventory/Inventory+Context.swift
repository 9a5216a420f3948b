public import Model
import WordPress

extension Inventory {
    /// The most uses that a context tells of.
    private static let mostUses = 20

    /// What is known of an image beside its pixels; nil where the inventory has none of this id.
    ///
    /// Everything but the categories is from the inventory. The texts are data from people and
    /// pages, never instructions.
    ///
    /// - Parameters:
    ///   - site: asked for the categories of the posts that use the image.
    ///   - website: what the owner says of the whole site.
    ///   - embedded: what the file says of itself.
    /// - Throws: what reading the site throws; `inventory-unusable`.
    /// - Complexity: three queries by index; at most 20 uses.
    public func context(
        for id: AttachmentID, in site: InventorySite, website: String = "",
        embedded: EmbeddedTexts = EmbeddedTexts()
    ) throws(MonikerError) -> ImageContext? {
        guard let item = try item(id) else { return nil }
        var uses = try uses(of: id, limit: Self.mostUses)
        let categories = try Self.categories(of: Set(uses.compactMap(\.post)), in: site)
        for index in uses.indices {
            uses[index].categories = uses[index].post.flatMap { categories[$0] } ?? []
        }
        return ImageContext(
            fileName: item.path.split(separator: "/").last.map(String.init) ?? "",
            language: item.language, uses: uses, website: website,
            current: item.texts.filter { !$0.value.isEmpty }, embedded: embedded,
            width: item.width, height: item.height)
    }

    /// The names of the categories of some posts, by post.
    private static func categories(
        of posts: Set<Int64>, in site: InventorySite
    ) throws(MonikerError) -> [Int64: [String]] {
        guard !posts.isEmpty,
            try site.database.tables(withPrefix: site.prefix + "term_relationships").count > 0
        else { return [:] }
        var links: [(post: Int64, taxonomy: Int64)] = []
        try rows(
            site, "term_relationships", ["object_id", "term_taxonomy_id"], "object_id", posts
        ) { first, second in
            if let second = second.integer { links.append((first, second)) }
        }
        var terms: [Int64: Int64] = [:]
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "term_taxonomy", columns: ["term_taxonomy_id", "term_id"],
                filter: .and([
                    .isAny(
                        column: "term_taxonomy_id",
                        Set(links.map(\.taxonomy)).sorted().map(SQLValue.integer)),
                    .isAny(
                        column: "taxonomy", ["category", "product_cat"].map(SQLValue.string)),
                ]))
        ) { (row) throws(MonikerError) in
            if let id = row[0].integer, let term = row[1].integer { terms[id] = term }
            return true
        }
        var names: [Int64: String] = [:]
        try rows(site, "terms", ["term_id", "name"], "term_id", Set(terms.values)) { id, name in
            names[id] = PlainText.decodingEntities(text(name))
        }
        var categories: [Int64: [String]] = [:]
        for link in links.sorted(by: { $0 < $1 }) {
            guard let name = terms[link.taxonomy].flatMap({ names[$0] }) else { continue }
            categories[link.post, default: []].append(name)
        }
        return categories
    }

    private static func rows(
        _ site: InventorySite, _ table: String, _ columns: [String], _ key: String,
        _ ids: Set<Int64>, _ body: (Int64, SQLValue) -> Void
    ) throws(MonikerError) {
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + table, columns: columns,
                filter: .isAny(column: key, ids.sorted().map(SQLValue.integer)))
        ) { (row) throws(MonikerError) in
            if let id = row[0].integer { body(id, row[1]) }
            return true
        }
    }
}
