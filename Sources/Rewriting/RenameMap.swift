public import Model

/// Old paths and the paths that take their place, all at once: swaps and chains are no special case.
///
/// Paths are relative to uploads. A path may map to itself: then it is looked for and reported, and
/// nothing is changed.
public struct RenameMap: Sendable {
    let table: PathTable

    /// Creates a map.
    ///
    /// - Throws: `malformed-map` when one old path is to become two different new ones.
    /// - Complexity: O(bytes of all paths), and sorting them.
    public init(
        _ pairs: some Sequence<(old: MediaPath, new: MediaPath)>
    ) throws(MonikerError) {
        // In the order of their paths, so that nothing that names some of them has to sort. In an
        // array first: sorting any sequence costs a multiple of sorting one whose type is known.
        var ordered = Array(pairs)
        ordered.sort { $0.old < $1.old }
        var entries: [(old: MediaPath, new: MediaPath)] = []
        entries.reserveCapacity(ordered.count)
        for pair in ordered {
            guard let other = entries.last, other.old == pair.old else {
                entries.append(pair)
                continue
            }
            guard other.new == pair.new else {
                throw MonikerError(
                    .malformedMap,
                    "\(pair.old) cannot become both \(other.new) and \(pair.new): name it once")
            }
        }
        table = PathTable(entries)
    }

    /// How many old paths there are.
    public var count: Int { table.entries.count }

    /// The new path of an old one; nil where it is not in the map.
    public subscript(old: MediaPath) -> MediaPath? {
        table.index(of: old.bytes).map { table.entries[$0].new }
    }

    /// The map from new to old paths.
    ///
    /// - Throws: `malformed-map` when two old paths have become one.
    public func inverted() throws(MonikerError) -> RenameMap {
        try RenameMap(table.entries.map { (old: $0.new, new: $0.old) })
    }
}
