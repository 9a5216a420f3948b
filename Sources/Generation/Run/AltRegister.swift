import Hashing
import Inventory
import Model
import Quality

/// Which text alternatives the library has, so that no image gets that of another one.
///
/// Copies of one picture may share a text, because it describes them all. Sixteen bytes and some for
/// each image: a hundred thousand images take a few megabytes.
struct AltRegister {
    /// An image with a text.
    private struct Holder {
        let id: Int64
        let content: UInt64
    }

    private var holders: [UInt64: [Holder]] = [:]

    init() {}

    /// Reads the texts of a library, a page at a time.
    init(_ library: any ImageLibrary) throws(MonikerError) {
        var cursor: AttachmentID?
        repeat {
            let page = try library.images(
                missing: nil, onlyUsed: false, after: cursor, limit: 1000)
            for item in page.items {
                guard let alt = item.texts[.alt], item.states[.alt] == .present else { continue }
                add(QualityGate.comparisonKey(of: alt), item)
            }
            cursor = page.next
        } while cursor != nil
    }

    /// Notes that an image has, or will have, the text of a key.
    mutating func add(_ key: String, _ item: InventoryItem) {
        guard !key.isEmpty else { return }
        holders[Self.number(key), default: []].append(
            Holder(id: item.id, content: Self.content(item)))
    }

    /// Another picture with the text of a key; nil where only this one and its copies have it.
    func other(than item: InventoryItem, with key: String) -> AttachmentID? {
        let content = Self.content(item)
        let other = holders[Self.number(key)]?.first {
            $0.id != item.id && $0.content != content
        }
        return other.map { AttachmentID($0.id) }
    }

    /// Equal for rows that share a file, and for copies: these have their hash in the inventory.
    private static func content(_ item: InventoryItem) -> UInt64 {
        number(item.sha256 ?? item.path)
    }

    private static func number(_ text: String) -> UInt64 {
        SHA256.digest(of: Array(text.utf8)).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
