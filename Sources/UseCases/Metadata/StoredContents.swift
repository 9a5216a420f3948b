import Engine
import Model
import WordPress

/// The contents of posts, in which text alternatives follow those of the media library.
struct StoredContents {
    /// Which posts are looked at: what people read or are going to read, and no revisions.
    private static let statuses = ["publish", "draft", "private", "future", "pending"]

    /// Up to so many attachments are looked for one by one.
    private static let fewAttachments = 20

    private let database: any SiteDatabase
    private let table: String

    init(in database: any SiteDatabase, prefix: String) {
        self.database = database
        table = prefix + "posts"
    }

    /// What makes the text alternatives in all contents follow, one assignment for each post.
    ///
    /// - Complexity: one pass over the posts; memory for the contents that change.
    func assignments(
        following changes: [AttachmentID: (old: [UInt8], new: [UInt8], source: TextSource)]
    ) throws(MonikerError) -> [CellAssignment] {
        guard !changes.isEmpty else { return [] }
        let alternatives = ContentAlternatives(
            changes.mapValues { ContentAlternatives.Change(old: $0.old, new: $0.new) })
        let evidence = ContentAlternatives.evidence
        let terms =
            changes.count > Self.fewAttachments
            ? [evidence] : changes.keys.sorted().map { evidence + Array("\($0)".utf8) }
        var assignments: [CellAssignment] = []
        try database.forEachRow(
            of: RowQuery(
                table: table, columns: ["ID", "post_type", "post_content"],
                filter: .and([
                    .isAny(column: "post_status", Self.statuses.map { .string($0) }),
                    .containsAny(columns: ["post_content"], terms: terms),
                ]), order: ["ID"])
        ) { (row) throws(MonikerError) in
            guard let id = row[0].integer, let content = row[2].bytes,
                !["revision", "attachment"].contains(where: {
                    row[1].bytes?.elementsEqual($0.utf8) ?? false
                })
            else { return true }
            let edits = alternatives.edits(in: content)
            guard let first = edits.attachments.first, let source = changes[first]?.source else {
                return true
            }
            let address = CellAddress(
                table: table,
                key: RowKey(
                    parts: [RowKey.Part(column: "ID", value: .integer(id))], isPrimary: true),
                column: "post_content")
            assignments.append(
                CellAssignment(
                    attachment: first, field: .alt, source: source,
                    action: .set(
                        address, before: row[2],
                        after: .text(edits.splices.applied(to: content))),
                    shown: edits.attachments))
            return true
        }
        return assignments
    }
}
