import CrashPoints
import Model

/// Everything that a crash can catch half done, as a value.
public struct World: Hashable, Sendable {
    /// The file system.
    public var files: ModelFileSystem
    /// The site's database.
    public var database: ModelDatabaseState
    /// The journal.
    public var journal = ModelJournalState()
    /// What time it is, in nanoseconds since 1970.
    public var clock: Int64 = 1_000_000_000_000

    /// Creates a world with a site in it.
    public init(files: ModelFileSystem, database: ModelDatabaseState) {
        self.files = files
        self.database = database
    }

    /// What is left when every process of ours has ended.
    func afterKill() -> World {
        var world = self
        world.files = files.afterKill()
        return world
    }

    /// What a power cut leaves.
    func afterPowerCut(survivors: UInt64, losingCommits: Bool) -> World {
        var world = self
        world.files = files.afterPowerCut(survivors: survivors)
        if losingCommits { world.database.committed = world.database.flushed }
        world.database.flushed = world.database.committed
        return world
    }

    /// The world but for the time, which no decision of a crashed process depends on.
    var withoutTime: World {
        var world = self
        world.clock = 0
        return world
    }
}

/// A world in which something runs.
final class Universe: EffectObserver {
    /// The world as it is now.
    var world: World {
        _read { yield current }
        _modify {
            changes += 1
            yield &current
        }
    }
    private var current: World
    /// How often the world was changed, not counting that time passed: crashes at two points with the
    /// same count leave the same.
    private(set) var changes = 0
    let limits: WorldLimits
    /// Called at each point; returns false to end the process there.
    var observe: (EffectPoint) -> Bool = { _ in true }
    /// The points that were reached.
    var pointsSeen: Set<EffectPoint> = []
    /// The transactions that are open now.
    var transactions: [ModelTransaction] = []
    /// What somebody waits to do until no transaction holds the rows.
    var waiting: [(Universe) -> Void] = []
    private var random: UInt64
    private var isObserving = false

    init(_ world: World, limits: WorldLimits) {
        current = world
        self.limits = limits
        // Another process draws other bits.
        random = UInt64(world.clock)
    }

    /// Lets a millisecond pass and says what time it is.
    func passTime() -> Int64 {
        current.clock += 1_000_000
        return current.clock
    }

    func reach(_ point: EffectPoint) -> Bool {
        // What an observer does is nobody's crash.
        guard !isObserving else { return true }
        isObserving = true
        defer { isObserving = false }
        return observe(point)
    }

    func end(_ transaction: ModelTransaction) {
        transactions.removeAll { $0 === transaction }
        let ready = waiting
        waiting = []
        for act in ready { act(self) }
    }

    func isLocked(_ table: String, _ id: Int) -> Bool {
        transactions.contains { $0.locked.contains("\(table)#\(id)") }
    }

    func nextRandom() -> UInt64 {
        random += 1
        return random &* 0x9E37_79B9_7F4A_7C15
    }
}

/// The clock of a world: a millisecond passes whenever somebody looks.
final class ModelClock: Clock {
    private let universe: Universe

    init(_ universe: Universe) { self.universe = universe }

    func now() -> Int64 { universe.passTime() }
}

/// The randomness of a world, the same in each run.
final class ModelRandom: RandomSource {
    private let universe: Universe

    init(_ universe: Universe) { self.universe = universe }

    func next() -> UInt64 { universe.nextRandom() }
}
