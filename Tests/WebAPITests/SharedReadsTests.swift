import Dispatch
import Model
import Synchronization
import Testing

@testable import WebAPI

@Suite("Readings that callers share") struct SharedReadsTests {
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    @Test("who asks before a reading begins shares it; who asks later is told nothing older")
    func shares() async throws {
        let (shared, worker) = (SharedReads<Int>(), Worker("test"))
        let readings = Count()
        let gate = DispatchSemaphore(value: 0)
        // The thread is held, so that everybody comes before the first reading.
        worker.enqueue { gate.wait() }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    try await shared.run("key", on: worker) { () throws(MonikerError) in
                        readings.value.add(1, ordering: .relaxed)
                        return 1
                    }
                }
            }
            // One reading and the gate.
            while worker.depth < 2 { await Task.yield() }
            gate.signal()
            for try await answer in group { #expect(answer == 1) }
        }
        // All came while the thread was held, but for those that the scheduler was late with.
        #expect(readings.value.load(ordering: .relaxed) < 50)
        let later = try await shared.run("key", on: worker) { () throws(MonikerError) in 2 }
        #expect(later == 2)
    }

    @Test("a failure is everybody's, and the next reading is a new one")
    func fails() async throws {
        let (shared, worker) = (SharedReads<Int>(), Worker("test"))
        await #expect(throws: MonikerError.self) {
            try await shared.run("key", on: worker) { () throws(MonikerError) in
                throw MonikerError(.busy, "busy")
            }
        }
        #expect(try await shared.run("key", on: worker) { () throws(MonikerError) in 3 } == 3)
    }
}
