internal import Dispatch
internal import Model
internal import Synchronization

/// So many picture workers and not more, each replaced when it has served its number or failed.
final class WorkerPool: Sendable {
    /// A worker and how many pictures it has served.
    private struct Seat {
        var worker: WorkerProcess
        var served: Int
    }

    private struct State {
        var idle: [Seat] = []
        var free: Int
        var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var lastID = 0
        /// Those whose task was cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }

    private let program: WorkerProgram
    private let picturesPerWorker: Int
    private let state: Mutex<State>
    /// Where the threads block that wait for workers; there are never more than workers.
    private let queue = DispatchQueue(label: "picture workers", attributes: .concurrent)

    /// Creates a pool; workers are started when they are needed.
    init(program: WorkerProgram, workers: Int, picturesPerWorker: Int) {
        self.program = program
        self.picturesPerWorker = picturesPerWorker
        state = Mutex(State(free: max(workers, 1)))
    }

    /// Does something with a worker, away from the caller's thread.
    ///
    /// A worker over which something failed is ended. One that had served before may have died of
    /// something else since, so the picture gets a second try with a new one. When the task is
    /// cancelled, its worker is killed.
    ///
    /// - Throws: `cancelled`, and what `body` throws.
    func withWorker<Result: Sendable>(
        _ body: @escaping @Sendable (WorkerProcess) throws(MonikerError) -> Result
    ) async throws(MonikerError) -> Result {
        guard await takePlace() else { throw Self.cancelled }
        defer { leavePlace() }
        if var seat = state.withLock({ $0.idle.popLast() }) {
            do throws(MonikerError) {
                let result = try await run(body, with: seat.worker)
                seat.served += 1
                giveBack(seat)
                return result
            } catch {
                guard error.code == .imageWorkerFailed else { throw error }
            }
        }
        let seat = Seat(worker: try WorkerProcess(program), served: 1)
        let result = try await run(body, with: seat.worker)
        giveBack(seat)
        return result
    }

    private func run<Result: Sendable>(
        _ body: @escaping @Sendable (WorkerProcess) throws(MonikerError) -> Result,
        with worker: WorkerProcess
    ) async throws(MonikerError) -> Result {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation {
                (continuation: CheckedContinuation<Swift.Result<Result, MonikerError>, Never>) in
                queue.async {
                    let outcome: Swift.Result<Result, MonikerError>
                    do throws(MonikerError) {
                        outcome = .success(try body(worker))
                    } catch {
                        outcome = .failure(error)
                    }
                    continuation.resume(returning: outcome)
                }
            }
        } onCancel: {
            worker.kill()
        }
        // Killed or about to be, so it must not serve anybody else.
        guard !Task.isCancelled else { throw Self.cancelled }
        return try outcome.get()
    }

    private func giveBack(_ seat: Seat) {
        guard seat.served < picturesPerWorker else { return }
        state.withLock { $0.idle.append(seat) }
    }

    /// Ends the workers that have nothing to do.
    func endIdleWorkers() {
        let ended = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        // The thread that served one last may still hold it for a moment.
        for seat in ended { seat.worker.kill() }
    }

    private static var cancelled: MonikerError {
        MonikerError(.cancelled, "the preparation of a picture was stopped as was asked")
    }

    /// Waits for a place; false where the task was cancelled.
    private func takePlace() async -> Bool {
        guard !Task.isCancelled else { return false }
        let id: Int? = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.lastID += 1
            return state.lastID
        }
        guard let id else { return true }
        // A cancellation that came too late to be heard leaves its mark.
        defer { state.withLock { _ = $0.cancelled.remove(id) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Between the two locks a place may have become free, or the task cancelled.
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation: CheckedContinuation<Bool, Never>? = state.withLock { state in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiting.remove(at: index).continuation
            }
            continuation?.resume(returning: false)
        }
    }

    /// Gives a place to who waits longest.
    private func leavePlace() {
        let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
