import Model
import Naming

/// The names that a run gives: none twice in a folder, none that a file there has.
struct NewNames {
    private let library: any ImageLibrary
    /// The names that this run gave, by folder.
    private var given: [MediaPath?: Set<[UInt8]>] = [:]
    /// The names in the folders that were looked at last, in lower case and in order.
    private var listed: [(folder: MediaPath?, names: [[UInt8]])] = []

    /// How many folders are remembered: libraries are walked in order, and months follow each other.
    private static let mostFolders = 4

    init(_ library: any ImageLibrary) { self.library = library }

    /// The new stem of a file; nil where it keeps its own.
    mutating func stem(
        for path: MediaPath, from sources: SEOFileName.Sources, language: String
    ) throws(MonikerError) -> [UInt8]? {
        let own = Self.plainStem(of: path)
        let folder = path.directory
        let names = try names(in: folder)
        let taken = given[folder] ?? []
        let stem = try SEOFileName(language: language).stem(from: sources) {
            (candidate) throws(MonikerError) -> Bool in
            if candidate == own { return false }
            return taken.contains(candidate) || Self.isUsed(candidate, among: names)
        }
        guard let stem, stem != own else { return nil }
        given[folder, default: []].insert(stem)
        return stem
    }

    /// The stem without the suffix that WordPress gives to large originals.
    private static func plainStem(of path: MediaPath) -> [UInt8] {
        for suffix in ["-scaled", "-rotated"] where path.stem.ends(with: suffix.utf8) {
            return Array(path.stem.dropLast(suffix.utf8.count))
        }
        return path.stem
    }

    private mutating func names(in folder: MediaPath?) throws(MonikerError) -> [[UInt8]] {
        if let known = listed.first(where: { $0.folder == folder }) { return known.names }
        let names = try library.names(in: folder).map { $0.map(Self.lowercased) }
            .sorted { $0.lexicographicallyPrecedes($1) }
        listed.append((folder, names))
        if listed.count > Self.mostFolders { listed.removeFirst() }
        return names
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        0x41...0x5A ~= byte ? byte | 0x20 : byte
    }

    /// Whether a file is called so, alone or with a suffix of a number, a size or an edit behind it.
    private static func isUsed(_ stem: [UInt8], among names: [[UInt8]]) -> Bool {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle].lexicographicallyPrecedes(stem) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        for name in names[low...] {
            guard name.starts(with: stem) else { return false }
            let rest = name.dropFirst(stem.count)
            if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: "@") || rest.isEmpty {
                return true
            }
            guard rest.first == UInt8(ascii: "-") else { continue }
            let suffix = String(
                decoding: rest.dropFirst().prefix { $0 != UInt8(ascii: ".") }, as: UTF8.self)
            if suffix == "scaled" || suffix == "rotated" || suffix.first?.isNumber == true {
                return true
            }
        }
        return false
    }
}

extension Array where Element == UInt8 {
    fileprivate func ends(with suffix: some Collection<UInt8>) -> Bool {
        count > suffix.count && self.suffix(suffix.count).elementsEqual(suffix)
    }
}
