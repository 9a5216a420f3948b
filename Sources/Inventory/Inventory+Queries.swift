import Foundation
import GRDB
public import Model

extension Inventory {
    /// Whether it has ever been taken.
    ///
    /// - Throws: `inventory-unusable`.
    public func isTaken() throws(MonikerError) -> Bool {
        try store.read { database in
            try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT EXISTS (SELECT 1 FROM state WHERE name = 'identity')")) ?? false
        }
    }

    /// One image; nil where the inventory has none of this id.
    ///
    /// - Throws: `inventory-unusable`.
    public func item(_ id: AttachmentID) throws(MonikerError) -> InventoryItem? {
        try store.read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "\(Self.selection) WHERE id = ?"),
                arguments: [id.rawValue]
            ).map(Self.item)
        }
    }

    /// The images that a filter lets through, by id, a page at a time.
    ///
    /// - Parameters:
    ///   - cursor: the id after which the page begins; nil for the first page.
    ///   - limit: the most items of the page; at least one.
    /// - Throws: `inventory-unusable`.
    /// - Complexity: by index, for each condition alone and with `isUsed`; other combinations look at
    ///   the images that one of them lets through.
    public func items(
        _ filter: InventoryFilter = InventoryFilter(), after cursor: AttachmentID? = nil,
        limit: Int = 50
    ) throws(MonikerError) -> InventoryPage {
        let (condition, arguments) = Self.condition(filter)
        let limit = max(1, limit)
        return try store.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    \(Self.selection) WHERE id > ? AND \(condition)
                    ORDER BY id LIMIT \(limit + 1)
                    """, arguments: [cursor?.rawValue ?? 0] + arguments)
            let items = rows.prefix(limit).map(Self.item)
            let next = rows.count > limit ? items.last.map { AttachmentID($0.id) } : nil
            return InventoryPage(items: items, next: next)
        }
    }

    /// How many images a filter lets through.
    ///
    /// - Throws: `inventory-unusable`.
    public func count(_ filter: InventoryFilter = InventoryFilter()) throws(MonikerError) -> Int {
        let (condition, arguments) = Self.condition(filter)
        return try store.read { database in
            try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM attachment WHERE \(condition)",
                arguments: arguments) ?? 0
        }
    }

    /// How many images have their texts.
    ///
    /// - Throws: `inventory-unusable`.
    /// - Complexity: one pass over the inventory's images.
    public func coverage() throws(MonikerError) -> InventoryCoverage {
        try store.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*), SUM(alt_state = 0), SUM(alt_state = 2), SUM(title_missing),
                        SUM(caption_missing), SUM(description_missing), SUM(used),
                        SUM(camera_name), SUM(version IS NULL),
                        (SELECT SUM(size) FROM (SELECT MAX(bytes) AS size FROM attachment
                            GROUP BY COALESCE(path, id) HAVING MAX(used) = 0)),
                        (SELECT COUNT(*) FROM (
                            SELECT 1 FROM file WHERE on_disk = 1 AND hash <> 0 GROUP BY hash))
                        + (SELECT COUNT(DISTINCT path) FROM file WHERE on_disk = 1 AND hash = 0)
                    FROM attachment
                    """)
            guard let row else { return InventoryCoverage() }
            func number(_ column: Int) -> Int { row[column] ?? 0 }
            var coverage = InventoryCoverage()
            coverage.images = number(0)
            coverage.decorative = number(2)
            coverage.missing = [
                .alt: number(1), .title: number(3), .caption: number(4),
                .description: number(5),
            ]
            for (field, missing) in coverage.missing {
                coverage.present[field] =
                    coverage.images - missing - (field == .alt ? coverage.decorative : 0)
            }
            coverage.used = number(6)
            coverage.cameraNames = number(7)
            coverage.missingFiles = number(8)
            coverage.unusedBytes = row[9] ?? 0
            coverage.files = number(10)
            coverage.duplicates =
                try Int.fetchOne(
                    database,
                    sql: """
                        SELECT SUM(copies - 1) FROM (SELECT COUNT(DISTINCT path) AS copies
                            FROM attachment WHERE sha256 IS NOT NULL GROUP BY sha256)
                        """) ?? 0
            return coverage
        }
    }

    /// Images with the same content in different files, the largest files first.
    ///
    /// Rows of translations that share one file are no copies of each other.
    ///
    /// - Throws: `inventory-unusable`.
    public func duplicates() throws(MonikerError) -> [DuplicateGroup] {
        try store.read { database in
            let groups = try Row.fetchAll(
                database,
                sql: """
                    SELECT sha256, MAX(bytes) AS size FROM attachment WHERE sha256 IS NOT NULL
                    GROUP BY sha256 HAVING COUNT(DISTINCT path) > 1 ORDER BY size DESC, sha256
                    """)
            return try groups.map { group in
                let digest: Data = group[0]
                let ids = try Int64.fetchAll(
                    database, sql: "SELECT id FROM attachment WHERE sha256 = ? ORDER BY id",
                    arguments: [digest])
                return DuplicateGroup(
                    sha256: Self.hexadecimal(digest), attachments: ids, bytes: group[1] ?? 0)
            }
        }
    }

    /// The images with a text alternative, in letter case of ASCII or not, by id.
    ///
    /// - Throws: `inventory-unusable`.
    /// - Complexity: by index; the images that have it.
    public func items(withAlt alt: String, limit: Int = 100) throws(MonikerError) -> [InventoryItem]
    {
        try store.read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        \(Self.selection) WHERE TRIM(alt) = ? COLLATE NOCASE ORDER BY id LIMIT ?
                        """), arguments: [alt, limit]
            ).map(Self.item)
        }
    }

    /// The copies of an image's file, by id, itself not among them.
    ///
    /// - Throws: `inventory-unusable`.
    public func copies(of id: AttachmentID) throws(MonikerError) -> [AttachmentID] {
        try store.read { database in
            try Int64.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT other.id FROM attachment JOIN attachment AS other
                            ON other.sha256 = attachment.sha256 AND other.path <> attachment.path
                        WHERE attachment.id = ? ORDER BY other.id
                        """), arguments: [id.rawValue]
            ).map { AttachmentID($0) }
        }
    }

    /// The uses of an image that the inventory knows, without categories: posts by id first, then
    /// options.
    ///
    /// - Throws: `inventory-unusable`.
    public func uses(of id: AttachmentID, limit: Int = 100) throws(MonikerError) -> [ImageUse] {
        try store.read { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT kind, post, type, title, heading, link FROM effective_use
                        WHERE target = ? ORDER BY post IS NULL, post, kind, title LIMIT ?
                        """), arguments: [id.rawValue, limit])
            return rows.compactMap { row in
                ImageUse.Kind(rawValue: row[0]).map {
                    ImageUse(
                        kind: $0, post: row[1], postType: row[2], title: row[3],
                        heading: row[4], link: row[5])
                }
            }
        }
    }

    // MARK: Rows

    private static let selection = """
        SELECT id, shown_path, mime, width, height, bytes, title, alt, caption, description,
            alt_state, title_missing, caption_missing, description_missing, camera_name, file_title,
            uses, language, sha256
        FROM attachment
        """

    private static func item(_ row: Row) -> InventoryItem {
        var texts: [MetadataField: String] = [
            .title: row[6], .caption: row[8], .description: row[9],
        ]
        if let alt = row[7] as String? { texts[.alt] = alt }
        func state(_ column: Int) -> FieldState { row[column] as Bool ? .missing : .present }
        let alt = FieldState.allCases.first { $0.stored == row[10] as Int } ?? .missing
        return InventoryItem(
            id: row[0], path: row[1], mime: row[2], width: row[3], height: row[4], bytes: row[5],
            texts: texts,
            states: [
                .alt: alt, .title: state(11), .caption: state(12), .description: state(13),
            ], hasCameraName: row[14], hasFileNameAsTitle: row[15], uses: row[16],
            language: row[17] ?? "en", sha256: (row[18] as Data?).map(hexadecimal))
    }

    private static func hexadecimal(_ digest: Data) -> String {
        ContentDigest(bytes: Array(digest))?.description ?? ""
    }

    private static func condition(
        _ filter: InventoryFilter
    ) -> (sql: String, arguments: StatementArguments) {
        var parts: [String] = ["TRUE"]
        var arguments = StatementArguments()
        switch filter.missing {
        case .alt: parts.append("alt_state = 0")
        case .title: parts.append("title_missing = 1")
        case .caption: parts.append("caption_missing = 1")
        case .description: parts.append("description_missing = 1")
        case nil: break
        }
        if let incomplete = filter.isIncomplete {
            parts.append("incomplete = \(incomplete ? 1 : 0)")
        }
        if let decorative = filter.isDecorative {
            parts.append(decorative ? "alt_state = 2" : "alt_state IN (0, 1)")
        }
        if let used = filter.isUsed { parts.append("used = \(used ? 1 : 0)") }
        if let camera = filter.hasCameraName { parts.append("camera_name = \(camera ? 1 : 0)") }
        // SQLite takes a NUL for the end of a phrase; no text that is searched has one.
        if let search = filter.search?.replacingScalars("\0", with: "\u{FFFD}"), !search.isEmpty {
            if search.unicodeScalars.count >= 3 {
                parts.append(
                    "id IN (SELECT rowid FROM attachment_text WHERE attachment_text MATCH ?)")
                let quoted = search.replacingScalars("\"", with: "\"\"")
                arguments += ["\"\(quoted)\""]
            } else {
                // Shorter than what the index is made of.
                parts.append(
                    "id IN (SELECT rowid FROM attachment_text WHERE text LIKE ? ESCAPE '\\')")
                let quoted = search.replacingScalars("\\", with: "\\\\").replacingScalars(
                    "%", with: "\\%"
                )
                .replacingScalars("_", with: "\\_")
                arguments += ["%\(quoted)%"]
            }
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}
