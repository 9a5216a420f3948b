/// A condition on bytes that every value with a reference of a map meets.
///
/// It may let too much through, never too little. One of the alternatives has to hold; an
/// alternative holds if each of its groups has a term that the bytes contain. Groups are ordered: the
/// first decides most values, the others are only asked where it holds.
public struct Prefilter: Hashable, Sendable {
    /// One way in which a value can hold a reference.
    public struct Alternative: Hashable, Sendable {
        /// Terms, of each group of which the value contains at least one.
        public let groups: [[[UInt8]]]
    }

    /// Ways in which a value can hold a reference; none for an empty map.
    public let alternatives: [Alternative]

    /// The same question for a database that knows regular expressions: it lets less through, and
    /// asks for several terms in one pass.
    public let expressions: [ByteExpression]

    /// The fewest bytes that a value with a reference has: no dress makes a name shorter.
    public let shortest: Int

    /// Terms of which every value with a reference contains at least one: a weaker condition, for
    /// what knows no other.
    public var terms: [[UInt8]] {
        Self.withoutRedundant(alternatives.flatMap { $0.groups.first ?? [] })
    }

    /// The terms without those that contain another one, in the same order.
    static func withoutRedundant(_ terms: [[UInt8]]) -> [[UInt8]] {
        var kept: [[UInt8]] = []
        for (index, term) in terms.enumerated() {
            let isRedundant = terms.enumerated().contains { other in
                other.element == term
                    ? other.offset < index
                    : other.element.count < term.count
                        && Literal(other.element).isContained(in: term)
            }
            if !isRedundant { kept.append(term) }
        }
        return kept
    }
}
