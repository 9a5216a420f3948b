import Model

/// The old paths of a map, arranged so that a path that is being decoded byte by byte can be looked
/// up at any moment for the price of one comparison, however many paths there are.
struct PathTable: Sendable {
    let entries: [(old: MediaPath, new: MediaPath)]
    /// The most bytes an old path has.
    let longest: Int
    /// The fewest bytes an old path has.
    let shortest: Int
    /// Whether some old path has no extension.
    let hasExtensionless: Bool
    /// Which bytes occur in old paths.
    let alphabet: [Bool]

    // Open addressing with linear probing; 0 is an empty slot, else the entry's index plus one.
    private let slots: [Int32]
    private let hashes: [UInt64]
    private let mask: Int
    private let directories: NumberSet
    /// Few, so that looking through them is faster than hashing.
    private let extensions: [UInt64]
    /// The new names, ready to be handed out.
    private let replacements: [Replacement]
    /// Writes down what is looked up, in a census; nil for a map.
    private let collector: PathCollector?

    /// What takes the place of an old path.
    struct Replacement: Sendable {
        /// The new file name.
        var name: [UInt8]
        /// Whether the folder stays, so that only the name is replaced.
        var keepsDirectory: Bool
        /// Whether the new path is the old one.
        var isIdentity: Bool
        /// Whether every character of the name stands for itself in every URL (RFC 3986, section
        /// 2.3).
        var isUnreserved: Bool
    }

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
        var extensions: [UInt64] = []
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
                if !extensions.contains(packed) { extensions.append(packed) }
            } else {
                hasExtensionless = true
            }
        }
        (self.slots, self.hashes, self.alphabet) = (slots, hashes, alphabet)
        (self.directories, self.extensions) = (NumberSet(directories), extensions)
        replacements = entries.map { entry in
            let name = entry.new.name
            return Replacement(
                name: name, keepsDirectory: entry.old.directory == entry.new.directory,
                isIdentity: entry.old == entry.new,
                isUnreserved: name.allSatisfy(NameSpelling.isUnreserved))
        }
        shortest = entries.map(\.old.bytes.count).min() ?? 0
        (self.longest, self.hasExtensionless) = (longest, hasExtensionless)
        collector = nil
    }

    /// A table in which every path is looked up and none is found.
    init(collector: PathCollector) {
        entries = []
        (longest, shortest) = (PathCollector.longest, 1)
        hasExtensionless = false
        alphabet = PathCollector.alphabet
        (slots, hashes, mask) = ([0], [], 0)
        (directories, extensions, replacements) = (NumberSet([]), [], [])
        self.collector = collector
    }

    /// The entry of a path.
    func index(of path: [UInt8]) -> Int? {
        var hash = PathHash()
        for byte in path { hash.append(byte) }
        return index(of: path[...], hash: hash.value)
    }

    /// The entry of a path whose hash is known.
    func index(of path: ArraySlice<UInt8>, hash: UInt64) -> Int? {
        if let collector {
            collector.note(hash)
            return nil
        }
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash, entries[index].old.bytes[...] == path { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// What takes the place of an entry's old path.
    func replacement(_ entry: Int) -> Replacement { replacements[entry] }

    /// Whether some old path begins with the bytes, up to a slash, that have this hash.
    func hasDirectory(hash: UInt64) -> Bool { directories.contains(hash) || collector != nil }

    /// Whether some old path has this extension.
    func hasExtension(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let packed = Self.packed(bytes) else { return false }
        return hasExtension(packed: packed)
    }

    /// Whether some old path has the extension whose bytes, most significant first, are a number.
    func hasExtension(packed: UInt64) -> Bool {
        extensions.contains(packed)
            || collector != nil && PathCollector.collects(extension: packed)
    }

    /// Notes a part that can name any path; nothing to do for a map.
    ///
    /// - Returns: whether this is a census, in which nothing else is to be found out about the part.
    func notesOpaque() -> Bool {
        collector?.noteOpaque()
        return collector != nil
    }

    /// Up to eight bytes as one number; nil for none and for more, which no media extension has.
    static func packed(_ bytes: ArraySlice<UInt8>) -> UInt64? {
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

/// Numbers that are hashes already, so that looking one up costs one or two comparisons.
struct NumberSet: Sendable {
    // Open addressing with linear probing; 0 is an empty slot.
    private let slots: [UInt64]
    private let mask: Int
    private let hasZero: Bool

    init(_ numbers: Set<UInt64>) {
        var capacity = 16
        while capacity < numbers.count * 2 { capacity *= 2 }
        mask = capacity - 1
        var slots = [UInt64](repeating: 0, count: capacity)
        for number in numbers where number != 0 {
            var slot = Int(truncatingIfNeeded: number) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = number
        }
        self.slots = slots
        hasZero = numbers.contains(0)
    }

    func contains(_ number: UInt64) -> Bool {
        guard number != 0 else { return hasZero }
        var slot = Int(truncatingIfNeeded: number) & mask
        while slots[slot] != 0 {
            if slots[slot] == number { return true }
            slot = (slot + 1) & mask
        }
        return false
    }
}
