import Model

/// Reads attachments and their metadata from the database.
struct AttachmentReader {
    let database: any SiteDatabase
    let prefix: String
    let spellings: [[UInt8]]
    /// Who knows which attachments have their file in a folder; nil where every one is looked at.
    var lookup: (any AttachedFileLookup)?

    /// Ids in one condition; beyond that a query is cut.
    private static let pageSize = 500

    private static let keys = [
        "_wp_attached_file", "_wp_attachment_metadata", "_wp_attachment_backup_sizes",
        "_wp_attachment_image_alt",
    ].map(SQLValue.string)

    func read(
        _ selection: MediaLibrary.Selection
    ) throws(MonikerError) -> [AttachmentID: Attachment] {
        switch selection {
        case .all: return try readAll()
        case .some(let ids): return try read(Array(ids))
        case .only(let ids):
            var attachments: [AttachmentID: Attachment] = [:]
            try readPages(ids.sorted(), into: &attachments)
            return attachments
        }
    }

    /// The attached files of all attachments, and nothing else of them.
    func attachedFiles() throws(MonikerError) -> [AttachmentID: MediaPath] {
        var attachments: [AttachmentID: Attachment] = [:]
        try database.forEachRow(
            of: RowQuery(
                table: prefix + "posts", columns: ["ID"],
                filter: .equals(column: "post_type", .string("attachment")))
        ) { (row) throws(MonikerError) in
            if let id = row[0].integer.map({ AttachmentID($0) }) {
                attachments[id] = Attachment(id: id)
            }
            return true
        }
        try forEachMetadata(.all, keys: [Self.keys[0]]) { id, _, value in
            if attachments[id]?.attachedFile == nil {
                attachments[id]?.setAttachedFile(value, spellings: spellings)
            }
        }
        return attachments.compactMapValues(\.attachedFile)
    }

    private func readAll() throws(MonikerError) -> [AttachmentID: Attachment] {
        var attachments: [AttachmentID: Attachment] = [:]
        try readPosts(.equals(column: "post_type", .string("attachment")), into: &attachments)
        try readMetadata(.all, into: &attachments)
        return attachments
    }

    /// Reads attachments and their neighbours in the same folders.
    private func read(_ ids: [AttachmentID]) throws(MonikerError) -> [AttachmentID: Attachment] {
        var attachments: [AttachmentID: Attachment] = [:]
        try readPages(ids, into: &attachments)
        var folders: Set<MediaPath?> = []
        for attachment in attachments.values {
            if let file = attachment.attachedFile { folders.insert(file.directory) }
        }
        let neighbours = try neighbours(in: folders.map { AttachedFolder.name(of: $0) })
        try readPages(
            neighbours.filter { attachments[$0] == nil }.sorted(), into: &attachments)
        return attachments
    }

    /// The attachments whose files lie directly in some folders.
    private func neighbours(in folders: [[UInt8]]) throws(MonikerError) -> Set<AttachmentID> {
        var neighbours: Set<AttachmentID> = []
        guard let rows = try lookup?.rows(attachingFilesIn: folders) else {
            for folder in folders {
                try addNeighbours(
                    in: [folder],
                    .and([
                        .equals(column: "meta_key", .string("_wp_attached_file")),
                        folder.isEmpty ? .all : .hasPrefix(column: "meta_value", folder),
                    ]), to: &neighbours)
            }
            return neighbours
        }
        for start in stride(from: 0, to: rows.count, by: Self.pageSize) {
            let page = rows[start..<min(rows.count, start + Self.pageSize)]
            try addNeighbours(
                in: Set(folders), .isAny(column: "meta_id", page.map(SQLValue.integer)),
                to: &neighbours)
        }
        return neighbours
    }

    private func addNeighbours(
        in folders: Set<[UInt8]>, _ filter: RowFilter, to neighbours: inout Set<AttachmentID>
    ) throws(MonikerError) {
        try database.forEachRow(
            of: RowQuery(
                table: prefix + "postmeta", columns: ["post_id", "meta_key", "meta_value"],
                filter: filter)
        ) { (row) throws(MonikerError) in
            if let id = row[0].integer, row[1].bytes == AttachedFolder.key,
                let value = row[2].bytes, folders.contains(AttachedFolder.name(of: value))
            {
                neighbours.insert(AttachmentID(id))
            }
            return true
        }
    }

    private func readPages(
        _ ids: [AttachmentID], into attachments: inout [AttachmentID: Attachment]
    ) throws(MonikerError) {
        var start = 0
        while start < ids.count {
            let page = ids[start..<min(ids.count, start + Self.pageSize)].map {
                SQLValue.integer($0.rawValue)
            }
            try readPosts(.isAny(column: "ID", page), into: &attachments)
            try readMetadata(.isAny(column: "post_id", page), into: &attachments)
            start += Self.pageSize
        }
    }

    /// Reads the rows of attachments.
    ///
    /// Where posts are named, the type is not part of the query: SQLite, which knows no statistics,
    /// would look up the type, and go through all attachments for each page of them.
    private func readPosts(
        _ filter: RowFilter, into attachments: inout [AttachmentID: Attachment]
    ) throws(MonikerError) {
        try database.forEachRow(
            of: RowQuery(
                table: prefix + "posts",
                columns: [
                    "ID", "post_title", "post_excerpt", "post_content", "post_mime_type",
                    "post_parent", "post_type",
                ], filter: filter)
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer.map({ AttachmentID($0) }),
                row[6].bytes?.elementsEqual("attachment".utf8) == true
            else { return true }
            var attachment = Attachment(id: id)
            attachment.title = Self.text(row[1])
            attachment.caption = Self.text(row[2])
            attachment.description = Self.text(row[3])
            attachment.mimeType = Self.text(row[4])
            attachment.parent = row[5].integer ?? 0
            attachments[id] = attachment
            return true
        }
    }

    /// Reads the metadata of attachments that are known.
    ///
    /// The attached file tells the folder that the other names stand in, so it is read first.
    private func readMetadata(
        _ filter: RowFilter, into attachments: inout [AttachmentID: Attachment]
    ) throws(MonikerError) {
        guard filter == .all else {
            // All rows of a few posts come with one question, whatever their keys are.
            var rest: [(id: AttachmentID, key: [UInt8], value: [UInt8])] = []
            try forEachMetadata(filter, keys: Self.keys) { id, key, value in
                if Self.isForAttachmentItself(key) {
                    Self.addText(value, of: key, spellings, to: &attachments[id])
                } else {
                    rest.append((id, key, value))
                }
            }
            for row in rest { Self.addFiles(row.value, of: row.key, to: &attachments[row.id]) }
            return
        }
        try forEachMetadata(filter, keys: [Self.keys[0], Self.keys[3]]) { id, key, value in
            Self.addText(value, of: key, spellings, to: &attachments[id])
        }
        try forEachMetadata(filter, keys: [Self.keys[1], Self.keys[2]]) { id, key, value in
            Self.addFiles(value, of: key, to: &attachments[id])
        }
    }

    /// Whether a key is the attached file or the alternative text, and does not name files in its
    /// folder.
    private static func isForAttachmentItself(_ key: [UInt8]) -> Bool {
        key.elementsEqual("_wp_attached_file".utf8)
            || key.elementsEqual("_wp_attachment_image_alt".utf8)
    }

    /// Adds the attached file or the alternative text; WordPress reads the first row of a key.
    private static func addText(
        _ value: [UInt8], of key: [UInt8], _ spellings: [[UInt8]], to attachment: inout Attachment?
    ) {
        if key.elementsEqual("_wp_attached_file".utf8) {
            if attachment?.attachedFile == nil {
                attachment?.setAttachedFile(value, spellings: spellings)
            }
        } else if attachment?.alt.isEmpty == true {
            attachment?.alt = String(decoding: value, as: UTF8.self)
        }
    }

    /// Adds what names files in the folder of the attached file.
    private static func addFiles(
        _ value: [UInt8], of key: [UInt8], to attachment: inout Attachment?
    ) {
        let directory = attachment?.attachedFile?.directory
        if key.elementsEqual("_wp_attachment_metadata".utf8) {
            attachment?.addMetadata(value, directory: directory)
        } else {
            attachment?.addBackupSizes(value, directory: directory)
        }
    }

    /// Hands out the values of some keys.
    ///
    /// Where posts are named, the keys are not part of the query: a database that knows no statistics
    /// would look up the keys, which every attachment has, and not the posts.
    private func forEachMetadata(
        _ filter: RowFilter, keys: [SQLValue],
        _ body: (AttachmentID, [UInt8], [UInt8]) -> Void
    ) throws(MonikerError) {
        let wanted = Set(keys.compactMap(\.bytes))
        try database.forEachRow(
            of: RowQuery(
                table: prefix + "postmeta", columns: ["post_id", "meta_key", "meta_value"],
                filter: filter == .all ? .isAny(column: "meta_key", keys) : filter,
                order: ["meta_id"])
        ) { (row) throws(MonikerError) in
            if let id = row[0].integer, let key = row[1].bytes, wanted.contains(key),
                let value = row[2].bytes
            {
                body(AttachmentID(id), key, value)
            }
            return true
        }
    }

    private static func text(_ value: SQLValue) -> String {
        value.bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
