import Model

/// A 64-bit number that is another whenever any of some values is (FNV-1a): to notice changes, never
/// to protect against people.
struct Fingerprint {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The number; never 0, which stands for "not read".
    var value: Int64 { Int64(bitPattern: state == 0 ? 1 : state) }

    /// Adds bytes and where they end.
    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        state = (state ^ 0x1FF) &* 0x100_0000_01B3
    }

    /// Adds a value of a cell; NULL differs from an empty text.
    mutating func add(_ value: SQLValue) {
        if let bytes = value.bytes {
            add(bytes)
        } else if let number = value.integer {
            add(number)
        } else {
            state = (state ^ 0x2FF) &* 0x100_0000_01B3
        }
    }

    /// Adds a number.
    mutating func add(_ number: Int64) {
        state = (state ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3
        state = (state ^ state >> 29 ^ 0x3FF) &* 0x100_0000_01B3
    }
}
