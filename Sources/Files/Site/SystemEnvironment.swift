internal import Glibc
public import Model

/// The wall clock of the machine.
public struct SystemClock: Clock {
    /// Creates a clock.
    public init() {}

    /// Nanoseconds since 1970 by the wall clock.
    public func now() -> Int64 {
        var time = timespec()
        // SAFETY: the call writes one `timespec`. It cannot fail for this clock and this pointer.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// The randomness of the operating system.
public struct SystemRandom: RandomSource {
    /// Creates a source.
    public init() {}

    /// 64 random bits.
    public func next() -> UInt64 { .random(in: .min ... .max) }
}
