/// Which structure a server takes, found out once for all workers.
///
/// Where nothing is known of a server, the first worker finds out while the others wait, so that
/// a fallback costs one refused request and not one for each worker.
actor StructureMemory {
    private(set) var structure: AnswerStructure
    private(set) var isProven: Bool
    private var isTrying = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Creates a memory; `isProven` where the server is known to take the structure.
    init(_ structure: AnswerStructure, isProven: Bool) {
        self.structure = structure
        self.isProven = isProven
    }

    /// The structure to ask for, and whether the caller is the one that finds out.
    func begin() async -> (structure: AnswerStructure, isTrying: Bool) {
        while !isProven, isTrying { await withCheckedContinuation { waiting.append($0) } }
        if isProven { return (structure, false) }
        isTrying = true
        return (structure, true)
    }

    /// Remembers what a server took.
    func prove(_ taken: AnswerStructure) {
        structure = max(structure, taken)
        isProven = true
        wake()
    }

    /// Lets another worker find out, because this one did not.
    func giveUp() {
        isTrying = false
        wake()
    }

    private func wake() {
        let woken = waiting
        waiting = []
        for continuation in woken { continuation.resume() }
    }
}
