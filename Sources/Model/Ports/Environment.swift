/// Port: what time it is.
public protocol Clock {
    /// Nanoseconds since 1970 by the wall clock. For display, ids and retention; never for order.
    func now() -> Int64
}

/// Port: where randomness comes from.
public protocol RandomSource {
    /// 64 random bits.
    func next() -> UInt64
}
