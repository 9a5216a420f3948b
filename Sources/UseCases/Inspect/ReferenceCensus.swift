import Engine
import Model
import Rewriting
import WordPress

/// Everything in the database that names files of some families.
///
/// The families' own metadata, which names them by nature, does not count as use.
struct ReferenceCensus {
    /// References by attachment; rows that share a file share them.
    private(set) var counts: [AttachmentID: Int] = [:]
    /// All references, each counted once.
    private(set) var total = 0
    /// The references one by one, where they were asked for.
    private(set) var references: [ReferenceSummary] = []
    /// Values that cannot be rewritten.
    private(set) var opaque: [ChangeReport.LeftCell] = []
    /// URLs on other hosts, by host.
    private(set) var foreign: [String: Int] = [:]

    /// So many families are looked up in the reference index, where it is on.
    private static let mostLookedUp = 50

    /// Whose file each path is.
    private let owners: [MediaPath: [AttachmentID]]
    /// Every path maps to itself: it is found and reported, and nothing would change.
    private let rewriter: Rewriter?
    private let listsReferences: Bool

    /// Searches for some families, and counts what names them together.
    ///
    /// - Parameter listsReferences: whether the references are kept one by one.
    init(
        _ session: Session, families: [FileFamily], listsReferences: Bool = true
    ) throws(MonikerError) {
        self = try ReferenceCensus(
            of: families, at: session.site.location, listsReferences: listsReferences)
        try forEachRow(of: session, families) { row in
            for cell in row.cells { add(cell, of: row, postmeta: session.site.prefix + "postmeta") }
        }
    }

    /// Searches for some families in one pass over the tables, and counts for each of them what a
    /// census of it alone would.
    ///
    /// - Complexity: one pass, whatever the number of families.
    static func each(
        of families: [FileFamily], _ session: Session
    ) throws(MonikerError) -> [ReferenceCensus] {
        let together = try ReferenceCensus(
            of: families, at: session.site.location, listsReferences: false)
        var censuses: [ReferenceCensus] = []
        var places: [MediaPath: [Int]] = [:]
        for (place, family) in families.enumerated() {
            censuses.append(
                try ReferenceCensus(
                    of: [family], at: session.site.location, listsReferences: true))
            for member in family.members { places[member.path, default: []].append(place) }
        }
        try together.forEachRow(of: session, families) { row in
            for cell in row.cells {
                let found = together.rewriter?.rewrite(cell.bytes, role: cell.role)
                guard let found, found.isWorthTelling else { continue }
                // What cannot be read may name any of them.
                let concerned =
                    found.opaque.isEmpty && found.foreign.isEmpty
                    ? Set(found.occurrences.flatMap { places[$0.old] ?? [] })
                    : Set(censuses.indices)
                for place in concerned {
                    censuses[place].add(
                        cell, of: row, postmeta: session.site.prefix + "postmeta")
                }
            }
        }
        return censuses
    }

    private init(
        of families: [FileFamily], at location: UploadsLocation, listsReferences: Bool
    ) throws(MonikerError) {
        var owners: [MediaPath: [AttachmentID]] = [:]
        for family in families {
            for member in family.members { owners[member.path] = family.attachments }
        }
        self.owners = owners
        self.listsReferences = listsReferences
        rewriter =
            owners.isEmpty
            ? nil
            : try Rewriter(
                map: try RenameMap(owners.keys.map { (old: $0, new: $0) }), location: location)
    }

    /// Reads each row that may name one of the families.
    private func forEachRow(
        of session: Session, _ families: [FileFamily], _ body: (ScannedRow) -> Void
    ) throws(MonikerError) {
        guard let rewriter else { return }
        var directories: [AttachmentID: MediaPath?] = [:]
        for family in families {
            for row in family.attachments { directories.updateValue(family.directory, forKey: row) }
        }
        // For most of a library, one pass over the tables is faster than looking up its rows.
        let index = families.count <= Self.mostLookedUp ? try session.indexInUse() : nil
        let scan = try ReferenceScan(
            database: session.site.database, tablePrefix: session.site.layout.basePrefix,
            policy: session.site.policy(metadataDirectories: directories), rewriter: rewriter,
            index: index, paths: Array(owners.keys))
        try scan.forEachRow(progress: session.report) { (row) throws(MonikerError) in body(row) }
    }

    /// Counts what a cell names.
    private mutating func add(_ cell: ScannedRow.Cell, of row: ScannedRow, postmeta: String) {
        guard let rewrite = rewriter?.rewrite(cell.bytes, role: cell.role),
            rewrite.isWorthTelling
        else { return }
        let isOwn = row.table.name == postmeta && isOwnMetadata(cell.role, cell.bytes, owners)
        for occurrence in rewrite.occurrences {
            if !isOwn {
                total += 1
                for owner in owners[occurrence.old] ?? [] { counts[owner, default: 0] += 1 }
            }
            guard listsReferences else { continue }
            references.append(
                ReferenceSummary(
                    table: row.table.name, key: KeyJSON(row.key),
                    column: cell.column.name, file: "\(occurrence.old)",
                    encoding: occurrence.encoding.map(\.rawValue),
                    excerpt: Self.excerpt(cell.bytes, around: occurrence.offset)))
        }
        foreign.merge(rewrite.foreign, uniquingKeysWith: +)
        for finding in rewrite.opaque where listsReferences {
            opaque.append(
                ChangeReport.LeftCell(
                    table: row.table.name, key: KeyJSON(row.key),
                    column: cell.column.name, file: nil, reason: finding.reason.rawValue))
        }
    }

    /// So many bytes are shown before the beginning of a file's name, and twice as many after it.
    private static let excerptBytes = 48

    /// The part of a value around a place in it, for people.
    private static func excerpt(_ bytes: [UInt8], around place: Int) -> String {
        let place = min(max(place, 0), bytes.count)
        var start = max(0, place - excerptBytes)
        var end = min(bytes.count, place + 2 * excerptBytes)
        // Whole characters of UTF-8, as far as it is any.
        while start < place, bytes[start] & 0xC0 == 0x80 { start += 1 }
        while end > place, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        // Lines of a content are no matter here.
        return (start > 0 ? "…" : "")
            + displayText(
                bytes[start..<end].map { [0x09, 0x0A, 0x0D].contains($0) ? 0x20 : $0 })
            + (end < bytes.count ? "…" : "")
    }

    /// Whether a value is an attachment's own: its metadata by its role, its attached file by being
    /// nothing but one of the paths.
    private func isOwnMetadata(
        _ role: ValueRole, _ bytes: [UInt8], _ owners: [MediaPath: [AttachmentID]]
    ) -> Bool {
        if case .attachmentMetadata = role { return true }
        guard let path = MediaPath(ifValid: bytes) else { return false }
        return owners[path] != nil
    }
}

extension Rewrite {
    /// Whether anything in a value names a file, or may.
    fileprivate var isWorthTelling: Bool {
        !occurrences.isEmpty || !opaque.isEmpty || !foreign.isEmpty
    }
}
