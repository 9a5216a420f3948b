import Model

/// The old paths of a map, arranged so that a path that is being decoded byte by byte can be looked
/// up at any moment for the price of one comparison, however many paths there are.
struct PathTable: Sendable {
    let entries: [(old: MediaPath, new: MediaPath)]
    /// The most bytes an old path has.
    let longest: Int
    /// Whether some old path has no extension.
    let hasExtensionless: Bool
    /// Which bytes occur in old paths.
    let alphabet: [Bool]

    // Open addressing with linear probing; 0 is an empty slot, else the entry's index plus one.
    private let slots: [Int32]
    private let hashes: [UInt64]
    private let mask: Int
    private let directories: Set<UInt64>
    private let extensions: Set<UInt64>

    init(_ entries: [(old: MediaPath, new: MediaPath)]) {
        self.entries = entries
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        mask = capacity - 1
        var slots = [Int32](repeating: 0, count: capacity)
        var hashes: [UInt64] = []
        hashes.reserveCapacity(entries.count)
        var alphabet = [Bool](repeating: false, count: 256)
        var directories: Set<UInt64> = []
        var extensions: Set<UInt64> = []
        var longest = 0
        var hasExtensionless = false
        for (index, entry) in entries.enumerated() {
            var hash = PathHash()
            for byte in entry.old.bytes {
                alphabet[Int(byte)] = true
                hash.append(byte)
                if byte == UInt8(ascii: "/") { directories.insert(hash.value) }
            }
            hashes.append(hash.value)
            var slot = Int(truncatingIfNeeded: hash.value) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index + 1)
            longest = max(longest, entry.old.bytes.count)
            if let packed = Self.packed(entry.old.pathExtension[...]) {
                extensions.insert(packed)
            } else {
                hasExtensionless = true
            }
        }
        (self.slots, self.hashes, self.alphabet) = (slots, hashes, alphabet)
        (self.directories, self.extensions) = (directories, extensions)
        (self.longest, self.hasExtensionless) = (longest, hasExtensionless)
    }

    /// The entry of a path.
    func index(of path: [UInt8]) -> Int? {
        var hash = PathHash()
        for byte in path { hash.append(byte) }
        return index(of: path[...], hash: hash.value)
    }

    /// The entry of a path whose hash is known.
    func index(of path: ArraySlice<UInt8>, hash: UInt64) -> Int? {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash, entries[index].old.bytes[...] == path { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Whether some old path begins with the bytes, up to a slash, that have this hash.
    func hasDirectory(hash: UInt64) -> Bool { directories.contains(hash) }

    /// Whether some old path has this extension.
    func hasExtension(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let packed = Self.packed(bytes) else { return false }
        return extensions.contains(packed)
    }

    /// Up to eight bytes as one number; nil for none and for more, which no media extension has.
    private static func packed(_ bytes: ArraySlice<UInt8>) -> UInt64? {
        guard !bytes.isEmpty, bytes.count <= 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// FNV-1a, 64 bits, one byte at a time.
struct PathHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func append(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
    }
}
