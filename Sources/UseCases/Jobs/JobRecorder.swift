import Generation
import Jobs
import Model
import Synchronization

/// Writes down how far a job has come, a few times a second and not for each item.
final class JobRecorder: Sendable {
    private struct State {
        var items: [JobItem] = []
        var progress: JobProgress
        var isDirty = false
        var written = ContinuousClock.now
        var begun = ContinuousClock.now
        var phase = ""
        var failure: MonikerError?
    }

    private let store: JobStore
    private let lease: JobLease
    private let describes: Bool
    private let state: Mutex<State>
    private static let interval = Duration.milliseconds(250)
    private static let mostItems = 200

    init(_ store: JobStore, _ claim: JobClaim) {
        self.store = store
        lease = claim.lease
        describes = claim.job.kind.describes
        state = Mutex(State(progress: claim.job.progress))
    }

    /// Hears what a generation tells.
    func hear(_ event: GenerationEvent) {
        state.withLock { state in
            switch event {
            case .began(let progress), .progress(let progress):
                state.progress.phase = "Describing images"
                state.progress.done = progress.done
                state.progress.total = progress.total
                state.progress.etaSeconds = progress.secondsLeft
            case .item(let item): state.items.append(JobItem(item))
            case .note: return
            }
            state.isDirty = true
        }
        flushNowAndThen()
    }

    /// Hears what a session tells.
    func hear(_ report: ProgressReport) {
        state.withLock { state in
            if state.phase != report.phase {
                state.phase = report.phase
                if report.share == nil { state.begun = .now }
            }
            state.progress.phase = report.phase
            state.isDirty = true
            guard let total = report.total, total > 0 else { return }
            let share = report.share ?? Double(report.done) / Double(total)
            let seconds = (ContinuousClock.now - state.begun) / .seconds(1)
            // Before a second has passed and a twentieth is done, any estimate would be a guess.
            state.progress.etaSeconds =
                seconds > 1 && share > 0.05 ? Int(seconds / share - seconds) : nil
            // Done and total of a generation count images.
            guard !describes else { return }
            if report.share != nil, state.progress.total > 0 {
                state.progress.done = Int(share * Double(state.progress.total))
            } else {
                state.progress.done = report.done
                state.progress.total = total
            }
        }
        flushNowAndThen()
    }

    /// Writes down everything.
    ///
    /// - Throws: `lease-lost`; what the store throws.
    func flush() throws(MonikerError) {
        let (failure, isDirty, progress, items) = state.withLock { state in
            defer {
                state.items = []
                state.isDirty = false
                state.written = .now
            }
            return (state.failure, state.isDirty, state.progress, state.items)
        }
        if let failure { throw failure }
        guard isDirty else { return }
        try store.record(progress, items: items, by: lease)
    }

    private func flushNowAndThen() {
        let isTime = state.withLock {
            $0.items.count >= Self.mostItems || .now - $0.written >= Self.interval
        }
        guard isTime else { return }
        do throws(MonikerError) { try flush() } catch {
            // The place that told of an item cannot fail; the next one that can does.
            state.withLock { $0.failure = error }
        }
    }
}

extension JobItem {
    /// What became of an image in a generation; what is to be written is not written yet.
    init(_ item: GenerationItem) {
        let state: State =
            switch item.state {
            case .applied: .ready
            case .review: .review
            case .skipped: .skipped
            case .failed: .failed
            }
        self.init(
            attachment: item.attachment, state: state, reason: item.reason, detail: item.detail)
    }
}
