public import Jobs
public import Model
import Synchronization

/// Carries jobs out, by the same use cases as the commands.
public struct JobRunner: Sendable {
    let store: JobStore
    private let options: SessionOptions
    private let isStopping: @Sendable () -> Bool

    /// Creates a runner.
    ///
    /// - Parameters:
    ///   - store: the queue of the home.
    ///   - options: the site.
    ///   - isStopping: whether the process is to end: then the job is given back at the next place
    ///     where it can.
    public init(
        _ store: JobStore, _ options: SessionOptions,
        isStopping: @escaping @Sendable () -> Bool = { false }
    ) {
        self.store = store
        self.options = options
        self.isStopping = isStopping
    }

    /// Works on a job until it has ended, has to wait, or is taken away.
    ///
    /// Blocks for as long as the job takes: never called from a task of the concurrency pool.
    ///
    /// - Returns: the job as it was left; nil where another worker has it by now.
    /// - Throws: what the queue throws; never what the job's work throws, which the job says.
    public func run(_ claim: JobClaim) throws(MonikerError) -> Job? {
        let pulse = Pulse(store, claim.lease, isStopping: isStopping)
        defer { pulse.end() }
        let work = JobWork(store, claim, pulse)
        do throws(MonikerError) {
            do throws(MonikerError) {
                return try work.carryOut(options)
            } catch {
                return try work.giveUp(error)
            }
        } catch  where error.code == .leaseLost {
            return nil
        }
    }

    /// Works on the next job, if one may begin.
    ///
    /// - Returns: whether there was one.
    /// - Throws: what the queue throws.
    public func runNext(
        as holder: String, _ report: (Job) -> Void = { _ in }
    ) throws(MonikerError) -> Bool {
        guard let claim = try store.claim(by: holder) else { return false }
        report(claim.job)
        if let job = try run(claim) { report(job) }
        return true
    }
}
