import Patterns

/// Tells which strings of a container hold something that a reference is found by.
///
/// Strings are asked for from left to right, so that each search goes once through the container,
/// however many strings there are.
struct Evidence {
    private let searches: [Search]
    /// For each search, where it next finds something; before that it need not look.
    private var next: [Int]
    private let end: Int

    /// A search for one kind of evidence.
    enum Search {
        case literal(Literal)
        case pattern(Pattern)

        func firstPosition(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
            switch self {
            case .literal(let literal): literal.firstPosition(in: bytes, range)
            case .pattern(let pattern): pattern.firstMatch(in: bytes, range)?.lowerBound
            }
        }
    }

    init(_ searches: [Search], in range: Range<Int>) {
        self.searches = searches
        next = Array(repeating: -1, count: searches.count)
        end = range.upperBound
    }

    /// Whether something begins in a string, which must not be before one that was asked for.
    mutating func isFound(in bytes: [UInt8], _ range: Range<Int>) -> Bool {
        for index in searches.indices {
            if next[index] < range.lowerBound {
                next[index] =
                    searches[index].firstPosition(in: bytes, range.lowerBound..<end) ?? end
            }
            if next[index] < range.upperBound { return true }
        }
        return false
    }
}
