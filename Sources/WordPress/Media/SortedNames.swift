/// Names in the order of a key, so that those with a common beginning are found without looking at
/// all of them: a folder may hold every upload of a site.
struct SortedNames {
    /// A name and what it is found by.
    typealias Entry = (key: [UInt8], name: [UInt8])

    private let entries: [Entry]

    /// Sorts names.
    ///
    /// - Complexity: O(n log n).
    init(_ names: some Sequence<[UInt8]>, by key: ([UInt8]) -> [UInt8]) {
        entries = names.map { (key($0), $0) }.sorted {
            $0.key.lexicographicallyPrecedes($1.key)
        }
    }

    /// The names whose keys begin with a prefix, in the order of their keys.
    ///
    /// - Complexity: O(log n + found).
    func names(beginningWith prefix: [UInt8]) -> [[UInt8]] {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].key.lexicographicallyPrecedes(prefix) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return entries[low...].prefix { $0.key.starts(with: prefix) }.map(\.name)
    }
}
