/// A kind of call with which Moniker changes something outside itself, or learns something that is
/// never the same twice.
public enum Effect: String, Hashable, Sendable, CaseIterable {
    // System calls.
    case createFile, write, clone, copyRange, setModified, setOwner, setMode
    case link, linkName, move, moveReplacing, unlink, removeFolder, makeFolder, synchronize,
        synchronizeFileSystem, lock
    // The journal.
    case recordIntent, recordCells, recordFileEdits, setState, recordRetired, recordKeepReason
    case finish, releaseOriginals, setLost, purge, bind
    // The site's database.
    case prepareMarkers, establishIncarnation, acquireAdvisoryLock, beginTransaction, writeMarker
    case lockRow, compareAndSwap, compareAndSwapMany, insertRow, deleteRow, commit, settleMarker,
        removeMarkers, removeTraces
    // Clock and randomness.
    case readClock, drawRandom

    /// Whether a crash can leave a part of the call done.
    public var hasParts: Bool { self == .write || self == .copyRange }
}

/// A moment of an effect at which a process can end.
public struct EffectPoint: Hashable, Sendable, CustomStringConvertible {
    /// Where in the effect.
    public enum Moment: String, Hashable, Sendable {
        /// Nothing of it has happened.
        case before
        /// A part of it has happened.
        case inside
        /// It has happened, and nobody has heard of it.
        case after
    }

    /// The effect.
    public var effect: Effect
    /// The moment.
    public var moment: Moment

    /// Creates a point.
    public init(_ effect: Effect, _ moment: Moment) {
        self.effect = effect
        self.moment = moment
    }

    /// `link.before` and the like.
    public var description: String { "\(effect.rawValue).\(moment.rawValue)" }

    /// Every point that there is.
    public static var registered: [EffectPoint] {
        Effect.allCases.flatMap { effect in
            [EffectPoint(effect, .before), EffectPoint(effect, .after)]
                + (effect.hasParts ? [EffectPoint(effect, .inside)] : [])
        }
    }
}

/// Hears of every point that a run comes to.
public protocol EffectObserver: AnyObject {
    /// Called at each point, in order.
    ///
    /// - Returns: false when the process has ended there: the call fails, and so must every later
    ///   one.
    func reach(_ point: EffectPoint) -> Bool
}
