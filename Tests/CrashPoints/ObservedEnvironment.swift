public import Model

/// A clock that tells an observer when it is read.
public final class ObservedClock: Clock {
    private let clock: any Clock
    private let observer: any EffectObserver

    /// Wraps a clock.
    public init(_ clock: any Clock, _ observer: any EffectObserver) {
        self.clock = clock
        self.observer = observer
    }

    /// As the port says; an ended process goes on seeing the time, and can do nothing with it.
    public func now() -> Int64 {
        _ = observer.reach(EffectPoint(.readClock, .before))
        let time = clock.now()
        _ = observer.reach(EffectPoint(.readClock, .after))
        return time
    }
}

/// A source of randomness that tells an observer when it is drawn from.
public final class ObservedRandom: RandomSource {
    private let random: any RandomSource
    private let observer: any EffectObserver

    /// Wraps a source.
    public init(_ random: any RandomSource, _ observer: any EffectObserver) {
        self.random = random
        self.observer = observer
    }

    /// As the port says.
    public func next() -> UInt64 {
        _ = observer.reach(EffectPoint(.drawRandom, .before))
        let bits = random.next()
        _ = observer.reach(EffectPoint(.drawRandom, .after))
        return bits
    }
}
