internal import Glibc
import Model

/// The old paths of a map, arranged so that a path that is being decoded byte by byte can be looked
/// up at any moment for the price of one comparison, however many paths there are.
final class PathTable: Sendable {
    let entries: [(old: MediaPath, new: MediaPath)]
    /// The most bytes an old path has.
    let longest: Int
    /// The fewest bytes an old path has.
    let shortest: Int
    /// Whether some old path has no extension.
    let hasExtensionless: Bool
    /// Which bytes occur in old paths.
    let alphabet: [Bool]
    /// What each byte means to a reader of plain paths.
    let classes: [ByteClass]

    /// What a byte means to a reader of plain paths.
    enum ByteClass: UInt8 {
        /// It occurs in no old path.
        case foreign
        /// It is part of a path, and a name goes on where it stands.
        case word
        /// It is part of a path.
        case ordinary
        case slash
        case dot
        /// It may begin an escape.
        case escape
    }

    // Open addressing with linear probing; 0 is an empty slot, else the entry's index plus one.
    private let slots: [Int32]
    private let hashes: [UInt64]
    // The old paths one behind the other, and where each begins, with the end of the last one.
    private let text: [UInt8]
    private let starts: [Int]
    private let mask: Int
    private let directories: NumberSet
    /// Few, so that looking through them is faster than hashing.
    private let extensions: [UInt64]
    /// The new names, ready to be handed out.
    private let replacements: [Replacement]
    /// The new names that take the place of plain ones as they are; nil for entries that need more.
    let simpleNames: [[UInt8]?]
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
        /// Whether a plain reference needs nothing but the name.
        var isSimple: Bool { keepsDirectory && isUnreserved && !isIdentity }
    }

    init(_ entries: [(old: MediaPath, new: MediaPath)]) {
        self.entries = entries
        var capacity = 16
        while capacity < entries.count * 2 { capacity *= 2 }
        mask = capacity - 1
        var slots = [Int32](repeating: 0, count: capacity)
        var hashes: [UInt64] = []
        var text: [UInt8] = []
        var starts = [0]
        hashes.reserveCapacity(entries.count)
        var alphabet = [Bool](repeating: false, count: 256)
        var directories: Set<UInt64> = []
        var extensions: [UInt64] = []
        var longest = 0
        var hasExtensionless = false
        for (index, entry) in entries.enumerated() {
            let path = entry.old.bytes
            for (position, byte) in path.enumerated() {
                alphabet[Int(byte)] = true
                if byte == UInt8(ascii: "/") {
                    directories.insert(PathHash.of(path, 0..<(position + 1)))
                }
            }
            let hash = PathHash.of(path, 0..<path.count)
            hashes.append(hash)
            text += path
            starts.append(text.count)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index + 1)
            longest = max(longest, entry.old.bytes.count)
            if let packed = Self.packed(entry.old.pathExtension[...]) {
                if !extensions.contains(packed) { extensions.append(packed) }
            } else {
                hasExtensionless = true
            }
        }
        (self.text, self.starts) = (text, starts)
        (self.slots, self.hashes, self.alphabet) = (slots, hashes, alphabet)
        classes = Self.classes(alphabet)
        (self.directories, self.extensions) = (NumberSet(directories), extensions)
        replacements = entries.map { entry in
            let name = entry.new.name
            return Replacement(
                name: name, keepsDirectory: entry.old.directory == entry.new.directory,
                isIdentity: entry.old == entry.new,
                isUnreserved: name.allSatisfy(NameSpelling.isUnreserved))
        }
        simpleNames = replacements.map { $0.isSimple ? $0.name : nil }
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
        classes = Self.classes(alphabet)
        (text, starts, simpleNames) = ([], [0], [])
        (directories, extensions, replacements) = (NumberSet([]), [], [])
        self.collector = collector
    }

    /// What each byte means to a reader, by the bytes that occur in paths.
    private static func classes(_ alphabet: [Bool]) -> [ByteClass] {
        (0..<256).map { byte in
            switch UInt8(byte) {
            case UInt8(ascii: "/"): .slash
            case UInt8(ascii: "."): .dot
            case UInt8(ascii: "%"), UInt8(ascii: "\\"), UInt8(ascii: "&"): .escape
            case let byte where !alphabet[Int(byte)]: .foreign
            case let byte: Boundary.isNameByte(byte) ? .word : .ordinary
            }
        }
    }

    /// The entry of a path.
    func index(of path: [UInt8]) -> Int? { index(of: path, 0..<path.count) }

    /// The entry of the path that a part of some bytes is.
    func index(of bytes: [UInt8], _ path: Range<Int>) -> Int? {
        let hash = PathHash.of(bytes, path)
        if let collector {
            collector.note(hash)
            return nil
        }
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash, isPath(index, bytes, path) { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Whether a part of some bytes, which lies in them, is the path of an entry.
    private func isPath(_ entry: Int, _ bytes: [UInt8], _ path: Range<Int>) -> Bool {
        let start = starts[entry]
        guard starts[entry + 1] - start == path.count else { return false }
        // SAFETY: as many bytes as the path has lie behind both beginnings.
        return unsafe text.withUnsafeBytes { text in
            unsafe bytes.withUnsafeBytes { bytes in
                guard let own = text.baseAddress, let other = bytes.baseAddress else {
                    return path.isEmpty
                }
                return unsafe memcmp(own + start, other + path.lowerBound, path.count) == 0
            }
        }
    }

    /// What takes the place of an entry's old path.
    func replacement(_ entry: Int) -> Replacement { replacements[entry] }

    /// Whether every character of an entry's new name stands for itself in every URL.
    func isUnreserved(_ entry: Int) -> Bool { replacements[entry].isUnreserved }

    /// Whether some old path begins with these bytes, the last of which is a slash.
    func hasDirectory(_ bytes: [UInt8]) -> Bool {
        collector != nil || directories.contains(PathHash.of(bytes, 0..<bytes.count))
    }

    /// Whether some old path has this extension.
    func hasExtension(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let packed = Self.packed(bytes) else { return false }
        return extensions.contains(packed)
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

/// A hash of bytes, eight at a time.
enum PathHash {
    static func of(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        // SAFETY: words are only loaded where the range has eight more bytes, which lie in the array.
        return unsafe bytes.withUnsafeBytes { buffer -> UInt64 in
            guard let base = buffer.baseAddress else { return 0 }
            var hash = UInt64(range.count) &* 0x9E37_79B9_7F4A_7C15
            var position = range.lowerBound
            while position + 8 <= range.upperBound {
                hash = mixed(
                    hash ^ (unsafe base.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
                position += 8
            }
            var rest: UInt64 = 0
            while position < range.upperBound {
                rest = rest << 8 | UInt64(unsafe buffer[position])
                position += 1
            }
            return mixed(hash ^ rest)
        }
    }

    /// A product's high half as well, so that every bit of the result depends on every bit before.
    private static func mixed(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
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
