import Foundation
import GRDB
import Model
import Rewriting

/// A text that may name images, and who holds it.
struct HeldText {
    /// The holder.
    var holder: Int64
    /// The post it belongs to; nil for an option.
    var post: Int64?
    /// What an option or term is called.
    var title: String
    /// The text.
    var bytes: [UInt8]
    /// How its images are used; nil where the text says: in its content or in its galleries.
    var kind: ImageUse.Kind?
}

/// Texts that are looked through together: one rewriter, with the paths that they can name, finds
/// what they name.
///
/// Its size does not depend on how many images the site has.
struct TextPage {
    private let refresher: Refresher
    private var texts: [(text: HeldText, keys: Set<Int64>)] = []
    private var bytes = 0

    private static let mostTexts = 400
    private static let mostBytes = 8 << 20

    init(_ refresher: Refresher) { self.refresher = refresher }

    /// Adds a text, and looks through the page when it is full.
    mutating func add(_ text: HeldText) throws {
        // Options are forgotten together, and read anew each time.
        let isLasting = text.holder != Holder.options
        if isLasting { try refresher.forget(text.holder) }
        guard !text.bytes.isEmpty else { return }
        let names = refresher.census.read(text.bytes, role: .ordinary)
        let keys = Set(names.keys.map { Int64(bitPattern: $0) })
        for key in keys where isLasting {
            try refresher.database.cachedStatement(
                sql: "INSERT OR IGNORE INTO name (hash, holder) VALUES (?, ?)"
            ).execute(arguments: [key, text.holder])
        }
        texts.append((text, keys))
        bytes += text.bytes.count
        if texts.count >= Self.mostTexts || bytes >= Self.mostBytes { try finish() }
    }

    /// Looks through the texts and begins a new page.
    mutating func finish() throws {
        defer { (texts, bytes) = ([], 0) }
        var owners: [MediaPath: Set<Int64>] = [:]
        var named: Set<Int64> = []
        for key in Set(texts.flatMap(\.keys)) {
            let rows = try Row.fetchCursor(
                refresher.database.cachedStatement(
                    sql: "SELECT path, attachment FROM file WHERE hash = ?"), arguments: [key])
            while let row = try rows.next() {
                named.insert(key)
                let path = try MediaPath(validating: row[0] as Data)
                owners[path, default: []].insert(row[1])
            }
        }
        let rewriter =
            owners.isEmpty
            ? nil
            : try Rewriter(
                map: try RenameMap(owners.keys.map { (old: $0, new: $0) }),
                location: refresher.site.location)
        for (text, keys) in texts {
            let occurrences =
                keys.isDisjoint(with: named)
                ? [] : rewriter?.rewrite(text.bytes, role: .ordinary).occurrences ?? []
            try write(text, occurrences, owners)
        }
    }

    /// One use of an image by a text, with the heading and the link of its first place that has one.
    private struct FoundUse {
        var heading: String
        var link: String?
        var offset: Int
    }

    private struct UseKey: Hashable {
        var attachment: Int64
        var kind: ImageUse.Kind
    }

    private func write(
        _ text: HeldText, _ occurrences: [Occurrence], _ owners: [MediaPath: Set<Int64>]
    ) throws {
        let outline = ContentOutline(text.bytes)
        var found: [UseKey: FoundUse] = [:]
        func note(_ attachment: Int64, _ kind: ImageUse.Kind, at offset: Int) {
            let key = UseKey(attachment: attachment, kind: text.kind ?? kind)
            let link = outline.link(around: offset)
            var use =
                found[key]
                ?? FoundUse(heading: outline.heading(before: offset), link: nil, offset: offset)
            if offset < use.offset {
                use.offset = offset
                use.heading = outline.heading(before: offset)
            }
            use.link = use.link ?? link
            found[key] = use
        }
        for id in outline.ids { note(id.attachment, id.kind, at: id.offset) }
        for occurrence in occurrences {
            for owner in owners[occurrence.old] ?? [] {
                note(owner, outline.kind(at: occurrence.offset), at: occurrence.offset)
            }
        }
        if outline.showsChildren, text.post != nil {
            found[UseKey(attachment: 0, kind: .gallery)] = FoundUse(heading: "", offset: 0)
        }
        let ordered = found.sorted {
            ($0.value.offset, $0.key.attachment, $0.key.kind.rawValue)
                < ($1.value.offset, $1.key.attachment, $1.key.kind.rawValue)
        }
        for (key, use) in ordered {
            try refresher.addUse(
                holder: text.holder, post: text.post, attachment: key.attachment, kind: key.kind,
                title: text.title, heading: use.heading, link: use.link)
        }
    }
}
