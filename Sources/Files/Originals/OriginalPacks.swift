internal import Hashing
internal import Model

/// The packs of a store, in its folder `packs`.
struct OriginalPacks {
    /// What the packs have of an original.
    enum Content {
        /// Other bytes than what was stored.
        case damaged
        /// What was stored.
        case intact([UInt8])
    }

    private var packs: [OriginalPack] = []

    /// The name of the folder.
    static var folderName: [UInt8] { Array("packs".utf8) }

    /// Looks which packs there are; what is damaged is left out, so its originals are missing.
    init(in folder: borrowing Descriptor) throws(SystemError) {
        for entry in try folder.entries() where entry.kind == .file {
            guard let number = Int(String(decoding: entry.name, as: UTF8.self)), number > 0,
                OriginalPack.name(of: number) == entry.name,
                let pack = try OriginalPack(number: number, in: folder)
            else { continue }
            packs.append(pack)
        }
    }

    /// A number that is higher than those of all packs.
    var nextNumber: Int { (packs.map(\.number).max() ?? 0) + 1 }

    /// How long an original is, in bytes; nil where no pack has it.
    ///
    /// - Throws: ENOENT where a pack is gone since it was looked which there are.
    mutating func size(
        _ digest: ContentDigest, in folder: borrowing Descriptor
    ) throws(SystemError) -> Int64? {
        for index in packs.indices {
            if let entry = try packs[index].entry(digest, in: folder) { return Int64(entry.length) }
        }
        return nil
    }

    /// The content of an original, from any pack that has it intact; nil where no pack has it.
    ///
    /// - Throws: ENOENT where a pack is gone since it was looked which there are.
    mutating func content(
        _ digest: ContentDigest, in folder: borrowing Descriptor
    ) throws(SystemError) -> Content? {
        var result: Content?
        for index in packs.indices {
            guard let entry = try packs[index].entry(digest, in: folder) else { continue }
            let content = try packs[index].content(of: entry, in: folder)
            if SHA256.digest(of: content) == digest { return .intact(content) }
            result = .damaged
        }
        return result
    }

    /// The digests of all originals; one may be in two packs.
    func digests(in folder: borrowing Descriptor) throws(SystemError) -> [ContentDigest] {
        var digests: [ContentDigest] = []
        for pack in packs { digests += try pack.entries(in: folder).map(\.digest) }
        return digests
    }

    /// Removes originals: a pack that has others as well is replaced by one that has only these.
    ///
    /// The new pack is durable before the old one goes, whose end is durable with the folder.
    ///
    /// - Returns: which were there.
    func remove(
        _ digests: Set<ContentDigest>, from folder: borrowing Descriptor, of store: OpenFolder
    ) throws(SystemError) -> Set<ContentDigest> {
        var removed: Set<ContentDigest> = []
        for pack in packs {
            let entries = try pack.entries(in: folder)
            let staying = entries.filter { !digests.contains($0.digest) }
            guard staying.count < entries.count else { continue }
            for entry in entries where digests.contains(entry.digest) {
                removed.insert(entry.digest)
            }
            if !staying.isEmpty {
                let writer = try OriginalPackWriter(in: store)
                for entry in staying {
                    try writer.add(
                        try pack.content(of: entry, in: folder), digest: entry.digest)
                }
                try writer.publish(to: folder, from: nextNumber)
                try folder.synchronize()
            }
            try folder.unlink(OriginalPack.name(of: pack.number))
        }
        return removed
    }
}
