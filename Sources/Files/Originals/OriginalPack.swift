internal import Glibc
internal import Model

/// A file of the store that has the content of many originals, and at its end where each is.
///
/// | Part | Length in bytes |
/// |---|---|
/// | the originals, one after the other | |
/// | for each, in the order of digests: SHA-256, offset and length | 32 + 8 + 8 |
/// | for each first byte of a digest: how many digests begin with it or a lower one | 256 × 4 |
/// | `moniker pack 1` and two newlines | 16 |
///
/// Numbers have their most significant byte first. A pack is complete and durable before it has its
/// name, and is never changed.
struct OriginalPack {
    /// Where an original is in its pack.
    struct Entry {
        /// What its content hashes to.
        let digest: ContentDigest
        /// Where it begins, in bytes.
        let offset: Int
        /// How long it is, in bytes.
        let length: Int
    }

    /// Its number, which is its name.
    let number: Int

    /// Where the entries begin, in bytes.
    private let entriesStart: Int
    /// How many digests begin with each byte or a lower one.
    private let counts: [Int]
    /// The entries of the first byte that was asked for last: who asks for many asks in their order.
    private var recent: (firstByte: Int, entries: [Entry])?

    /// Reads where the entries are.
    ///
    /// - Parameter folder: that of the packs.
    /// - Returns: nil for what is no pack, or a damaged one.
    init?(number: Int, in folder: borrowing Descriptor) throws(SystemError) {
        self.number = number
        let file = try folder.open(Self.name(of: number), O_RDONLY)
        let entriesEnd = Int(try file.rawStatus().st_size) - Self.trailerLength
        guard entriesEnd >= 0 else { return nil }
        let trailer = try file.read(Self.trailerLength, at: entriesEnd)
        guard trailer.count == Self.trailerLength,
            trailer[Self.countsLength...].elementsEqual(Self.magic)
        else { return nil }
        counts = (0..<256).map { Self.number(trailer[(4 * $0)..<(4 * $0 + 4)]) }
        entriesStart = entriesEnd - counts[255] * Self.entryLength
        guard entriesStart >= 0, zip(counts, counts.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
    }

    /// Where an original is; nil where the pack has none of that digest.
    ///
    /// - Throws: ENOENT where the pack is gone.
    mutating func entry(
        _ digest: ContentDigest, in folder: borrowing Descriptor
    ) throws(SystemError) -> Entry? {
        let firstByte = Int(digest.firstByte)
        if recent?.firstByte != firstByte {
            recent = (firstByte, try entries(firstByte...firstByte, in: folder))
        }
        guard let entries = recent?.entries else { return nil }
        var range = entries.startIndex..<entries.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if entries[middle].digest == digest { return entries[middle] }
            if entries[middle].digest < digest {
                range = (middle + 1)..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return nil
    }

    /// All originals of the pack.
    func entries(in folder: borrowing Descriptor) throws(SystemError) -> [Entry] {
        try entries(0...255, in: folder)
    }

    /// The content of an original, intact or not.
    func content(
        of entry: Entry, in folder: borrowing Descriptor
    ) throws(SystemError) -> [UInt8] {
        try folder.open(Self.name(of: number), O_RDONLY).read(entry.length, at: entry.offset)
    }

    private func entries(
        _ firstBytes: ClosedRange<Int>, in folder: borrowing Descriptor
    ) throws(SystemError) -> [Entry] {
        let first = firstBytes.lowerBound == 0 ? 0 : counts[firstBytes.lowerBound - 1]
        let bytes = try folder.open(Self.name(of: number), O_RDONLY).read(
            (counts[firstBytes.upperBound] - first) * Self.entryLength,
            at: entriesStart + first * Self.entryLength)
        var entries: [Entry] = []
        entries.reserveCapacity(bytes.count / Self.entryLength)
        for start in stride(from: 0, to: bytes.count, by: Self.entryLength) {
            let entry = bytes[start..<min(start + Self.entryLength, bytes.count)]
            guard let digest = ContentDigest(bytes: Array(entry.prefix(ContentDigest.count)))
            else { continue }
            let offset = Self.number(entry.dropFirst(ContentDigest.count).prefix(8))
            let length = Self.number(entry.suffix(8))
            // A damaged entry is none.
            guard offset >= 0, length >= 0, length <= entriesStart,
                offset <= entriesStart - length
            else { continue }
            entries.append(Entry(digest: digest, offset: offset, length: length))
        }
        return entries
    }

    // MARK: Format

    /// The name of a pack: its number with nine digits, as far as they are enough.
    static func name(of number: Int) -> [UInt8] {
        let digits = Array(String(number).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 9 - digits.count)) + digits
    }

    /// What comes after the originals of a pack.
    ///
    /// - Parameter entries: in the order of their digests, each digest once.
    static func index(of entries: [Entry]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * entryLength + trailerLength)
        var counts = [Int](repeating: 0, count: 256)
        for entry in entries {
            bytes += entry.digest.bytes
            append(entry.offset, of: 8, to: &bytes)
            append(entry.length, of: 8, to: &bytes)
            counts[Int(entry.digest.firstByte)] += 1
        }
        var sum = 0
        for count in counts {
            sum += count
            append(sum, of: 4, to: &bytes)
        }
        return bytes + magic
    }

    private static let entryLength = ContentDigest.count + 16
    private static let countsLength = 256 * 4
    private static let trailerLength = countsLength + magic.count
    private static let magic = Array("moniker pack 1\n\n".utf8)

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        Int(truncatingIfNeeded: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    private static func append(_ number: Int, of length: Int, to bytes: inout [UInt8]) {
        for index in (0..<length).reversed() {
            bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index)))
        }
    }
}
