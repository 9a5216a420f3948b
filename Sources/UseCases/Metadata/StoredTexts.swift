import Engine
import Model

/// The texts of attachments as the database holds them, and where.
struct StoredTexts {
    /// The meta key of the text alternative.
    private static let altKey = Array("_wp_attachment_image_alt".utf8)

    /// Ids in one condition; beyond that a query is cut.
    private static let pageSize = 500

    private let posts: TableSchema
    private let meta: TableSchema
    private let metaColumns: [String]
    /// The rows of attachments, by id.
    private var postRows: [AttachmentID: RowKey] = [:]
    /// All rows with a text alternative, by attachment, in the order in which WordPress reads them.
    private var altRows: [AttachmentID: [RowKey]] = [:]

    /// Reads the texts of some attachments; what is no attachment is left out.
    init(
        of attachments: [AttachmentID], in database: any SiteDatabase, prefix: String
    ) throws(MonikerError) {
        let tables = try database.tables(withPrefix: prefix)
        guard let posts = tables.first(where: { $0.name == prefix + "posts" }),
            let meta = tables.first(where: { $0.name == prefix + "postmeta" })
        else {
            throw MonikerError(
                .notASite,
                "the database has no tables \(prefix)posts and \(prefix)postmeta: check the table prefix"
            )
        }
        self.posts = posts
        self.meta = meta
        metaColumns = meta.columns.filter { !$0.isGenerated }.map(\.name)
        for start in stride(from: 0, to: attachments.count, by: Self.pageSize) {
            try read(
                attachments[start..<min(start + Self.pageSize, attachments.count)], in: database)
        }
    }

    private mutating func read(
        _ page: ArraySlice<AttachmentID>, in database: any SiteDatabase
    ) throws(MonikerError) {
        let ids = page.map { SQLValue.integer($0.rawValue) }
        let columns = ["ID", "post_title", "post_excerpt", "post_content"]
        try database.forEachRow(
            of: RowQuery(
                table: posts.name, columns: columns,
                filter: .and([
                    .isAny(column: "ID", ids),
                    .equals(column: "post_type", .string("attachment")),
                ]))
        ) { (values) throws(MonikerError) in
            if let id = values[0].integer {
                postRows[AttachmentID(id)] = Self.row(columns, values)
            }
            return true
        }
        try database.forEachRow(
            of: RowQuery(
                table: meta.name, columns: metaColumns,
                filter: .and([
                    .isAny(column: "post_id", ids), .equals(column: "meta_key", .text(Self.altKey)),
                ]), order: ["meta_id"])
        ) { (values) throws(MonikerError) in
            let row = Self.row(metaColumns, values)
            if let id = row["post_id"]?.integer {
                altRows[AttachmentID(id), default: []].append(row)
            }
            return true
        }
    }

    private static func row(_ columns: [String], _ values: [SQLValue]) -> RowKey {
        RowKey(
            parts: zip(columns, values).map { RowKey.Part(column: $0, value: $1) },
            isPrimary: false)
    }

    /// Whether there is an attachment of this id.
    func contains(_ attachment: AttachmentID) -> Bool { postRows[attachment] != nil }

    /// A text as WordPress shows it; empty where there is none.
    func text(_ field: MetadataField, of attachment: AttachmentID) -> [UInt8] {
        value(field, of: attachment)?.bytes ?? []
    }

    private func value(_ field: MetadataField, of attachment: AttachmentID) -> SQLValue? {
        switch field {
        // Of several rows, get_post_meta returns the first.
        case .alt: altRows[attachment]?.first?["meta_value"]
        case .title: postRows[attachment]?["post_title"]
        case .caption: postRows[attachment]?["post_excerpt"]
        case .description: postRows[attachment]?["post_content"]
        }
    }

    /// What writes a text; nothing where it is there already.
    ///
    /// - Parameter removing: whether an empty text alternative is one that is missing, and not one
    ///   that says that the image is decoration: then its rows go.
    func actions(
        writing text: [UInt8], as field: MetadataField, of attachment: AttachmentID, removing: Bool
    ) -> [CellAssignment.Action] {
        if field == .alt, removing, text.isEmpty {
            return (altRows[attachment] ?? []).map { .delete(altAddress($0), row: $0) }
        }
        let value = value(field, of: attachment)
        guard let value else {
            guard field == .alt else { return [] }
            return [
                .insert(
                    table: meta.name, column: "meta_value",
                    row: RowKey(
                        parts: [
                            RowKey.Part(column: "post_id", value: .integer(attachment.rawValue)),
                            RowKey.Part(column: "meta_key", value: .text(Self.altKey)),
                            RowKey.Part(column: "meta_value", value: .text(text)),
                        ], isPrimary: false))
            ]
        }
        guard value.bytes != text else { return [] }
        return [.set(address(of: field, of: attachment), before: value, after: .text(text))]
    }

    /// Where a text is; for a text alternative without a row, where it would be.
    func address(of field: MetadataField, of attachment: AttachmentID) -> CellAddress {
        if field == .alt {
            return altRows[attachment]?.first.map(altAddress)
                ?? CellAddress(
                    table: meta.name,
                    key: RowKey(
                        parts: [
                            RowKey.Part(column: "post_id", value: .integer(attachment.rawValue)),
                            RowKey.Part(column: "meta_key", value: .text(Self.altKey)),
                        ], isPrimary: false), column: "meta_value")
        }
        let column =
            switch field {
            case .title: "post_title"
            case .caption: "post_excerpt"
            case .alt, .description: "post_content"
            }
        return CellAddress(
            table: posts.name,
            key: RowKey(
                parts: [RowKey.Part(column: "ID", value: .integer(attachment.rawValue))],
                isPrimary: true), column: column)
    }

    private func altAddress(_ row: RowKey) -> CellAddress {
        CellAddress(
            table: meta.name,
            key: RowKey(
                parts: meta.primaryKey.compactMap { column in
                    row[column].map { RowKey.Part(column: column, value: $0) }
                }, isPrimary: true), column: "meta_value")
    }
}
