public import Model

/// What a run came to.
public struct GenerationResult: Sendable {
    /// What is to be written, by id; in one change set.
    public internal(set) var changes: [AttachmentChange] = []
    /// The images that wait for a person.
    public internal(set) var review: [GenerationItem] = []
    /// The images that were left out.
    public internal(set) var skipped: [GenerationItem] = []
    /// The images without a usable answer.
    public internal(set) var failed: [GenerationItem] = []
    /// The images whose texts or names are to be written.
    public internal(set) var applied: [GenerationItem] = []
    /// How many images have a description, from this run or from the store.
    public internal(set) var described = 0
    /// What this process has spent.
    public internal(set) var usage = ProviderUsage()
    /// What the whole job has spent, killed processes of it included.
    public internal(set) var jobMicrodollars = 0
    /// Requests whose end nobody knows, because a process was killed or a connection broke while
    /// they were on their way: the most that may have been paid for in vain.
    public internal(set) var uncertainRequests = 0
    /// What ended the asking for all images; nil where nothing did.
    public internal(set) var ended: MonikerError?
    /// The job's number in the store.
    let run: Int64

    init(run: Int64) { self.run = run }

    /// Results chosen at random, for checking by hand: of what is applied or waits for a person.
    ///
    /// The same seed chooses the same ones.
    public func sample(_ count: Int, seed: UInt64) -> [GenerationItem] {
        var pool = (applied + review).sorted { $0.attachment < $1.attachment }
        var random = SeededGenerator(seed)
        var chosen: [GenerationItem] = []
        while chosen.count < count, !pool.isEmpty {
            chosen.append(pool.remove(at: Int.random(in: pool.indices, using: &random)))
        }
        return chosen.sorted { $0.attachment < $1.attachment }
    }
}

/// Random numbers that a seed decides (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
