import Jobs
import Model
import Synchronization

/// The work of one worker on one job.
final class JobWork: Sendable {
    private let store: JobStore
    private let claim: JobClaim
    private let pulse: Pulse
    private let recorder: JobRecorder
    /// Change sets of this job of which is not written down what became.
    private let open: Mutex<[JournalID]>
    /// Whether what is written now takes back what was stopped, and is no change of this job.
    private let isRollingBack = Atomic(false)

    private var job: Job { claim.job }
    private var lease: JobLease { claim.lease }

    init(_ store: JobStore, _ claim: JobClaim, _ pulse: Pulse) {
        self.store = store
        self.claim = claim
        self.pulse = pulse
        recorder = JobRecorder(store, claim)
        open = Mutex(claim.unsettled)
    }

    // MARK: The work

    /// Does what the job asks for, and ends it.
    ///
    /// - Throws: what the work throws, and `lease-lost`.
    func carryOut(_ options: SessionOptions) throws(MonikerError) -> Job {
        if job.request != nil, claim.unsettled.isEmpty { return try store.release(lease) }
        let session = try Session(
            options, progress: { [recorder] in recorder.hear($0) },
            isCancelled: { [self] in !isRollingBack.load(ordering: .relaxed) && pulse.stops },
            willChange: { [self] (journal) throws(MonikerError) in try willChange(journal) })
        if !claim.unsettled.isEmpty, let job = try settle(session) { return job }
        let outcome: JobOutcome
        switch job.kind {
        case .missingAlt, .completeMetadata, .metadataAndFilename: outcome = try generate(session)
        case .renameMap, .revert, .clear: outcome = try change(session)
        case .scan:
            outcome = JobOutcome(
                .done, report: JSONText.line(try session.scan(full: job.options.full ?? false)))
        case .analyze: outcome = JobOutcome(.done, report: JSONText.line(try session.analysis()))
        }
        try recorder.flush()
        return try store.complete(outcome, by: lease)
    }

    private func willChange(_ journal: JournalID) throws(MonikerError) {
        guard !isRollingBack.load(ordering: .relaxed) else { return }
        // What is about to be written has to be known to whoever finishes it.
        try recorder.flush()
        try store.willWrite(journal, by: lease)
        open.withLock { $0.append(journal) }
    }

    /// Looks what became of the change sets of an earlier holder.
    ///
    /// - Returns: the job where that was all; nil where its work is still to be done.
    private func settle(_ session: Session) throws(MonikerError) -> Job? {
        isRollingBack.store(true, ordering: .relaxed)
        defer { isRollingBack.store(false, ordering: .relaxed) }
        let settlement = try session.settle(
            claim.unsettled, rollingBack: job.request == .cancel)
        guard let standing = settlement.done.last else {
            try setAside(settlement.undone)
            return job.request == nil ? nil : try store.release(lease)
        }
        let items = try session.items(of: standing)
        if job.kind.describes { try session.forgetReviews(items) }
        let isPartial = items.contains { $0.state == .failed }
        return try store.complete(
            JobOutcome(
                isPartial ? .partial : .done, items: items, ready: .skipped,
                journals: settlement.done), by: lease)
    }

    private func setAside(_ journals: [JournalID]) throws(MonikerError) {
        for journal in journals { try store.setAside(journal, by: lease) }
        open.withLock { $0.removeAll { journals.contains($0) } }
    }

    // MARK: Ends without a result

    /// Gives the job back, or ends it, after an error.
    ///
    /// - Throws: `lease-lost`; what the queue throws.
    func giveUp(_ error: MonikerError) throws(MonikerError) -> Job {
        guard error.code != .leaseLost else { throw error }
        do throws(MonikerError) { try recorder.flush() } catch {
            guard error.code != .leaseLost else { throw error }
        }
        let isInDoubt = error.code == .unfinished || error.code == .commitUnknown
        if !isInDoubt {
            // The engine has taken back what it had done before it said so.
            try setAside(open.withLock { $0 }.filter { !claim.unsettled.contains($0) })
        }
        if pulse.stops || error.code == .cancelled { return try store.release(lease) }
        let isOpen = open.withLock { !$0.isEmpty }
        if isInDoubt || isOpen || error.mayPass {
            return try store.release(lease, error: error)
        }
        return try store.complete(
            JobOutcome(.failed, ready: .failed, error: Job.Failure(error)), by: lease)
    }

    // MARK: Use cases

    private func generate(_ session: Session) throws(MonikerError) -> JobOutcome {
        let options = try GenerateOptions(job, only: claim.retried)
        let report = try wish.carryOut(in: session, plan: \GenerateReport.change) {
            (isDryRun) throws(MonikerError) in
            var options = options
            options.isDryRun = isDryRun
            return try session.generate(options) { [recorder, pulse] event in
                recorder.hear(event)
                // The generator tells from the task that it works in.
                // SAFETY: the task is asked to stop within the closure and not kept.
                if pulse.stops { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
            }
        }
        return try outcome(report.change, session, report: planned(report, report.change))
    }

    /// Whether the job only plans, and which plan it may carry out.
    private var wish: ChangeWish {
        ChangeWish(
            isDryRun: job.options.dryRun ?? false, expectedPlan: job.options.expectedPlan)
    }

    private func planned(_ report: some Encodable, _ change: ChangeReport) -> String {
        JSONText.line(PlannedReport(report: report, planHash: change.planHash))
    }

    private func change(_ session: Session) throws(MonikerError) -> JobOutcome {
        let report = try wish.carryOut(in: session, plan: { $0 }) {
            (isDryRun) throws(MonikerError) in
            try change(session, isDryRun)
        }
        return try outcome(report, session, report: planned(report, report))
    }

    private func change(
        _ session: Session, _ isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        switch job.kind {
        case .renameMap:
            let map = RenameMapFile(job.options.names ?? [], only: claim.retried)
            return try session.rename(map, keepOld: try keepOld(.day), isDryRun: isDryRun)
        case .revert:
            guard let id = job.options.journal.flatMap({ JournalID($0) }) else {
                throw MonikerError(
                    .unknownJournal, "job \(job.id) names no change set that could be reverted")
            }
            let only = (claim.retried ?? job.options.only).map { Set($0.map { AttachmentID($0) }) }
            return try session.revert(
                id, only: only, keepOld: try keepOld(.none), isDryRun: isDryRun)
        default:
            let ids = (claim.retried ?? job.options.attachments)?.map { AttachmentID($0) }
            return try session.clear(
                ids, fields: job.options.fields ?? ["alt", "caption", "description"],
                onlyGenerated: job.options.aiOnly ?? false, isDryRun: isDryRun)
        }
    }

    private func keepOld(_ usual: KeepOld) throws(MonikerError) -> KeepOld {
        guard let text = job.options.keepOld else { return usual }
        return try KeepOld(parsing: text)
    }

    /// How a job ends by the report of a writing use case.
    private func outcome(
        _ change: ChangeReport, _ session: Session, report: String
    ) throws(MonikerError) -> JobOutcome {
        let journals = open.withLock { $0 }
        var items: [JobItem] = []
        if let journal = change.journal.flatMap({ JournalID($0) }) {
            items = try session.items(of: journal)
        } else if !job.kind.describes {
            items = change.skipped.map { JobItem(skipped: $0.reason, $0.attachment, $0.detail) }
        }
        let state: JobState =
            switch change.state {
            case .done, .planned: .done
            case .partial: isWhole(change, items) ? .done : .partial
            case .refused: .failed
            }
        return JobOutcome(
            state, items: items, ready: state == .failed ? .failed : .skipped,
            error: change.error.map { Job.Failure(code: $0.code, message: $0.message) },
            report: report, journals: change.journal == nil ? [] : journals)
    }
}

extension JobWork {
    /// Whether only that was left out about which there is nothing to do.
    ///
    /// Jobs that describe have told of failures before, image by image.
    private func isWhole(_ change: ChangeReport, _ items: [JobItem]) -> Bool {
        !job.kind.describes && change.conflicts.isEmpty && change.opaque.isEmpty
            && !items.contains { $0.state == .failed }
    }
}

extension MonikerError {
    /// Whether the same may work later, without anybody doing anything.
    var mayPass: Bool {
        [
            .busy, .databaseLocked, .databaseUnreachable, .connectionLost, .networkFailed,
            .timedOut, .rateLimited, .providerFailed,
        ].contains(code)
    }
}
