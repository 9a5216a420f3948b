import Foundation
import GRDB
import Model
import WordPress

extension Refresher {
    /// The statuses of attachments that are not there for visitors or editors.
    private static let goneStatuses: Set<String> = ["trash", "auto-draft"]

    /// Reads all rows of image attachments with their short values, and writes those that differ.
    func readAttachments() throws {
        let files = try firstValues(of: "_wp_attached_file")
        let alts = try firstValues(of: "_wp_attachment_image_alt")
        var known = try fingerprints(of: "attachment")
        var done = 0
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "posts",
                columns: [
                    "ID", "post_mime_type", "post_status", "post_parent", "post_modified_gmt",
                    "post_title", "post_excerpt", "post_content",
                ], filter: .equals(column: "post_type", .string("attachment")))
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer, text(row[1]).lowercased().hasPrefix("image/"),
                !Self.goneStatuses.contains(text(row[2]))
            else { return true }
            var fingerprint = Fingerprint()
            for value in row { fingerprint.add(value) }
            fingerprint.add(files[id].map(SQLValue.text) ?? .null)
            fingerprint.add(alts[id].map(SQLValue.text) ?? .null)
            let old = known.removeValue(forKey: id)
            done += 1
            if done % 1000 == 0 { step(.attachments, done) }
            guard old != fingerprint.value else { return true }
            outcome.changedAttachments += 1
            try storing {
                try write(
                    id, row, file: files[id], alt: alts[id], fingerprint: fingerprint.value,
                    isNew: old == nil)
            }
            return true
        }
        for id in known.keys.sorted() { try removeAttachment(id) }
        outcome.changedAttachments += known.count
        step(.attachments, done, of: done)
    }

    /// The first row of a key for each post, which is the one that WordPress reads.
    private func firstValues(of key: String) throws -> [Int64: [UInt8]] {
        var values: [Int64: [UInt8]] = [:]
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "postmeta", columns: ["post_id", "meta_value"],
                filter: .equals(column: "meta_key", .string(key)), order: ["meta_id"])
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer, values[id] == nil else { return true }
            values[id] = row[1].bytes ?? []
            return true
        }
        return values
    }

    private func write(
        _ id: Int64, _ row: [SQLValue], file: [UInt8]?, alt: [UInt8]?, fingerprint: Int64,
        isNew: Bool
    ) throws {
        let path = file.flatMap {
            Attachment.attachedFile(stored: $0, spellings: site.uploads.spellings)
        }
        let directory = path.map { $0.directory?.bytes ?? [] }
        let modified = text(row[4])
        let before = try Row.fetchOne(
            database, sql: "SELECT path, directory, modified FROM attachment WHERE id = ?",
            arguments: [id])
        let oldPath = (before?[0] as Data?).map(Array.init)
        if oldPath != path?.bytes || before.map({ $0[2] as String }) != modified {
            if let directory { changedFolders.insert(directory) }
            if let old = before?[1] as Data? { changedFolders.insert(Array(old)) }
        }
        if oldPath != path?.bytes { try replaceFiles(of: id, by: [:]) }

        let altText = alt.map { String(decoding: $0, as: UTF8.self) }
        let altState: FieldState =
            altText.map { $0.allSatisfy(\.isWhitespace) ? .decorative : .present } ?? .missing
        let texts = [text(row[5]), text(row[6]), text(row[7])]
        let missing = texts.map { $0.allSatisfy(\.isWhitespace) }
        let stem = path.map(\.stem) ?? []
        let arguments: StatementArguments = [
            fingerprint, path.map { Data($0.bytes) }, directory.map { Data($0) },
            path.map { "\($0)" } ?? "", text(row[1]), row[3].integer ?? 0, modified, texts[0],
            altText, texts[1], texts[2], altState.stored, missing[0], missing[1], missing[2],
            altState == .missing || missing.contains(true),
            CameraName.matches(String(decoding: stem, as: UTF8.self)),
            isFileName(texts[0], stem: stem), id,
        ]
        if isNew {
            try database.execute(
                sql: """
                    INSERT INTO attachment (fingerprint, path, directory, shown_path, mime, parent,
                        modified, title, alt, caption, description, alt_state, title_missing,
                        caption_missing, description_missing, incomplete, camera_name, file_title,
                        id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """, arguments: arguments)
        } else {
            try database.execute(
                sql: """
                    UPDATE attachment SET fingerprint = ?, path = ?, directory = ?, shown_path = ?,
                        mime = ?, parent = ?, modified = ?, title = ?, alt = ?, caption = ?,
                        description = ?, alt_state = ?, title_missing = ?, caption_missing = ?,
                        description_missing = ?, incomplete = ?, camera_name = ?, file_title = ?
                    WHERE id = ?
                    """, arguments: arguments)
            try database.execute(
                sql: "DELETE FROM attachment_text WHERE rowid = ?", arguments: [id])
        }
        let all = [path.map { "\($0)" } ?? "", altText ?? ""] + texts
        try database.execute(
            sql: "INSERT INTO attachment_text (rowid, text) VALUES (?, ?)",
            arguments: [id, all.joined(separator: "\n")])
    }

    /// Whether a title is what WordPress makes of a file name on upload: the name without its
    /// ending, with the spaces that cleaning took away or without.
    private func isFileName(_ title: String, stem: [UInt8]) -> Bool {
        func plain(_ text: String) -> String {
            text.lowercased().filter { $0.isLetter || $0.isNumber }
        }
        var name = String(decoding: stem, as: UTF8.self)
        for suffix in ["-scaled", "-rotated"] where name.hasSuffix(suffix) {
            name.removeLast(suffix.count)
        }
        let plainTitle = plain(title)
        guard !plainTitle.isEmpty else { return false }
        if plainTitle == plain(name) { return true }
        // A second `photo.jpg` is `photo-1.jpg` and keeps the title `photo`.
        guard let dash = name.lastIndex(of: "-"),
            name[name.index(after: dash)...].allSatisfy(\.isNumber)
        else { return false }
        return plainTitle == plain(String(name[..<dash]))
    }

    private func removeAttachment(_ id: Int64) throws {
        let directory = try Data.fetchOne(
            database, sql: "SELECT directory FROM attachment WHERE id = ?", arguments: [id])
        if let directory { changedFolders.insert(Array(directory)) }
        try replaceFiles(of: id, by: [:])
        try database.execute(sql: "DELETE FROM attachment WHERE id = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM attachment_text WHERE rowid = ?", arguments: [id])
    }
}

extension FieldState {
    /// The number in the store.
    var stored: Int {
        switch self {
        case .missing: 0
        case .present: 1
        case .decorative: 2
        }
    }
}

/// Text of a cell; empty for NULL and numbers.
func text(_ value: SQLValue) -> String {
    value.bytes.map { String(decoding: $0, as: UTF8.self) } ?? ""
}
