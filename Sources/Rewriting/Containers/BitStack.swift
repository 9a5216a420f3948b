/// A stack of bits that takes memory of its own only beyond a depth that real documents do not have.
struct BitStack {
    private var bits: UInt64 = 0
    private var count = 0
    private var deeper: [Bool] = []

    private static let most = UInt64.bitWidth

    var isEmpty: Bool { count == 0 }

    var last: Bool? {
        if count > Self.most { return deeper.last }
        return count == 0 ? nil : bits & 1 == 1
    }

    mutating func append(_ bit: Bool) {
        count += 1
        guard count <= Self.most else {
            deeper.append(bit)
            return
        }
        bits = bits << 1 | (bit ? 1 : 0)
    }

    /// - Precondition: the stack is not empty.
    mutating func removeLast() {
        precondition(count > 0)
        if count > Self.most { deeper.removeLast() } else { bits >>= 1 }
        count -= 1
    }
}
