public import Model
import Rewriting
import Synchronization

/// Finds out everything that a proposal comes to.
///
/// It changes nothing.
public struct Planner {
    let ports: EnginePorts
    let scope: SiteScope
    private let progress: (Progress) -> Void

    /// The largest text file below uploads that is looked into, in bytes.
    public static let textFileLimit = 16 << 20

    /// The most bytes of a value that a preview shows on either side of a change.
    private static let previewMargin = 40

    /// Creates a planner.
    public init(
        ports: EnginePorts, scope: SiteScope, progress: @escaping (Progress) -> Void = { _ in }
    ) {
        self.ports = ports
        self.scope = scope
        self.progress = progress
    }

    /// Plans a proposal.
    ///
    /// - Parameter previewing: whether the plan looks through the database and lists each change
    ///   with its surroundings. Applying a plan looks through it anyway.
    /// - Throws: `name-taken` when a new name belongs to another file, `file-missing` when the
    ///   proposal's attached file is not there, and whatever reading the site throws.
    public func plan(
        _ proposal: ChangeProposal, previewing: Bool = false
    ) throws(MonikerError) -> ChangePlan {
        let start = ports.clock.now()
        let (rewriter, files) = try prepare(proposal)
        var plan = ChangePlan(
            proposal: proposal, rewriter: rewriter, moves: files.moves,
            lastChanges: files.lastChanges, assignments: [], directories: [], textFiles: [],
            findings: proposal.findings, references: 0, cells: 0, previews: [], nanoseconds: 0)
        var kept: Set<MediaPath> = []
        try prepareAssignments(rewriter, into: &plan, previewing: previewing)
        if previewing, !proposal.moves.isEmpty {
            try scanDatabase(rewriter, into: &plan, kept: &kept)
        }
        try scanTextFiles(rewriter, into: &plan, kept: &kept, previewing: previewing)
        try noteDirectories(into: &plan)
        for index in plan.moves.indices where kept.contains(plan.moves[index].old) {
            plan.moves[index].keepReason = plan.moves[index].keepReason ?? .opaque
        }
        plan.nanoseconds = ports.clock.now() - start
        return plan
    }

    // MARK: Files

    /// Makes the rewriter and examines the files, both at once where there are many.
    private func prepare(
        _ proposal: ChangeProposal
    ) throws(MonikerError) -> (rewriter: Rewriter, files: ExaminedFiles) {
        let makeRewriter = { () throws(MonikerError) -> Rewriter in
            try proposal.makeRewriter(for: scope.location)
        }
        guard FileWorkers.areWorthIt(proposal.moves.count) else {
            return (try makeRewriter(), try examineFiles(of: proposal))
        }
        let making = BackgroundCall(makeRewriter)
        let files = Result { () throws(MonikerError) in try examineFiles(of: proposal) }
        return (try making.wait().get(), try files.get())
    }

    /// The files of a proposal, as the members of a plan.
    private typealias ExaminedFiles = (moves: [FileMoveRecord], lastChanges: [Int64?])

    private func examineFiles(
        of proposal: ChangeProposal
    ) throws(MonikerError) -> ExaminedFiles {
        let count = proposal.moves.count
        let workers = try FileWorkers(ports.files, count: count)
        let tick = { (done: Int) in
            progress(Progress(phase: .examining, done: done, total: count))
        }
        // Clocks of file systems are coarse: what was changed right before may be changed again
        // without being told by its times.
        let settled = ports.clock.now() - Self.settling
        // Beside the moves and not with each: a list of both would be in memory twice.
        let isRevert = proposal.moves.contains { $0.fallback != nil }
        let lastChanges = Mutex([Int64?](repeating: nil, count: isRevert ? count : 0))
        let moves = try workers.map(Array(proposal.moves.enumerated()), tick: tick) {
            (files, element) throws(MonikerError) -> FileMoveRecord in
            let (move, changed) = try Self.examine(
                element.element, number: element.offset, settled: settled, in: files)
            if let changed { lastChanges.withLock { $0[element.offset] = changed } }
            return move
        }
        tick(count)
        return (moves, lastChanges.withLock { $0 })
    }

    /// How long ago the last change of a file has to be for its times to tell the next one.
    private static let settling: Int64 = 2_000_000_000

    private static func examine(
        _ move: ProposedMove, number: Int, settled: Int64, in files: any MediaFiles
    ) throws(MonikerError) -> (move: FileMoveRecord, changed: Int64?) {
        let content = try files.content(of: move.old)
        let status = content?.status
        var existed = false
        if let occupant = try files.status(of: move.new) {
            // A swap inside one change set would have a moment at which a name shows the other
            // picture, so a name must be free, or be this file's own already.
            existed = occupant.identity == status?.identity
            if !existed, let kept = move.fallback, kept.status.identity == occupant.identity {
                // A revert on a file system without hard links: the old name was kept, as the
                // first of two copies.
                existed = try files.digest(of: move.new) == kept.digest
            }
            guard existed else { throw nameTaken(move) }
        }
        let record = FileMoveRecord(
            sequence: number, attachment: move.attachment, role: move.role, old: move.old,
            new: move.new, status: status ?? move.fallback?.status,
            digest: content?.digest ?? move.fallback?.digest,
            newNameExisted: existed, keepReason: move.keepReason)
        // Only files with an original in the store are not read again.
        guard move.fallback != nil, let changed = content?.changed, changed < settled else {
            return (record, nil)
        }
        return (record, changed)
    }

    private static func nameTaken(_ move: ProposedMove) -> MonikerError {
        MonikerError(
            .nameTaken,
            "attachment \(move.attachment) cannot be given the file name \(move.new): another file has it; choose another name",
            details: ["attachment": "\(move.attachment)", "path": "\(move.new)"])
    }

    private func noteDirectories(into plan: inout ChangePlan) throws(MonikerError) {
        var directories: Set<MediaPath?> = []
        for move in plan.files {
            directories.insert(move.old.directory)
            directories.insert(move.new.directory)
        }
        for file in plan.textFiles { directories.insert(file.directory) }
        // A revert gives every folder its time back, also one in which an earlier, partial revert
        // has done everything else already.
        for step in plan.proposal.undoing?.steps ?? [] {
            for record in try ports.journal.directoryTimes(of: step.changeSet) {
                directories.insert(record.directory)
            }
        }
        for directory in directories {
            do throws(MonikerError) {
                plan.directories.append(
                    DirectoryTimeRecord(
                        directory: directory, before: try ports.files.modified(directory: directory)
                    ))
            } catch {
                guard error.code == .fileMissing, plan.proposal.undoing != nil else { throw error }
            }
        }
    }

    // MARK: References

    private func scanDatabase(
        _ rewriter: Rewriter, into plan: inout ChangePlan, kept: inout Set<MediaPath>
    ) throws(MonikerError) {
        let scan = try ReferenceScan(
            database: ports.database, tablePrefix: scope.tablePrefix,
            policy: plan.proposal.policy, rewriter: rewriter, index: ports.index,
            paths: plan.proposal.moves.map(\.old))
        var foreign: [String: Int] = [:]
        try scan.forEachRow(progress: progress) { (row) throws(MonikerError) -> Void in
            for cell in row.cells {
                let reading = CellReading(
                    cell.bytes, role: cell.role, rewriter: rewriter, column: cell.column,
                    isWritable: cell.isWritable)
                foreign.merge(reading.foreign, uniquingKeysWith: +)
                let address = CellAddress(
                    table: row.table.name, key: row.key, column: cell.column.name)
                for opaque in reading.opaque where !opaque.paths.isEmpty {
                    kept.formUnion(opaque.paths)
                    plan.findings.append(Self.opaqueFinding(opaque.reason, at: address))
                }
                guard reading.isChange else { continue }
                plan.references += reading.references
                plan.cells += 1
                plan.previews.append(
                    Self.preview(
                        address: address, file: nil, before: cell.bytes,
                        splices: reading.splices))
            }
        }
        for (host, count) in foreign.sorted(by: { $0.key < $1.key }) {
            plan.findings.append(FindingRecord(kind: .foreign, reason: host, count: count))
        }
    }

    private func scanTextFiles(
        _ rewriter: Rewriter, into plan: inout ChangePlan, kept: inout Set<MediaPath>,
        previewing: Bool
    ) throws(MonikerError) {
        for file in plan.proposal.textFiles {
            guard let status = try ports.files.status(of: file),
                status.size <= Self.textFileLimit
            else { continue }
            let bytes = try ports.files.contents(of: file, limit: Self.textFileLimit)
            let reading = CellReading(
                bytes, role: .uploadedFile(directory: file.directory), rewriter: rewriter,
                column: nil)
            for opaque in reading.opaque where !opaque.paths.isEmpty {
                kept.formUnion(opaque.paths)
                plan.findings.append(
                    FindingRecord(kind: .opaque, reason: opaque.reason, detail: "file \(file)"))
            }
            guard reading.isChange else { continue }
            plan.textFiles.append(file)
            plan.references += reading.references
            if previewing {
                plan.previews.append(
                    Self.preview(
                        address: nil, file: file, before: bytes, splices: reading.splices))
            }
        }
    }

    static func opaqueFinding(_ reason: String, at address: CellAddress) -> FindingRecord {
        FindingRecord(kind: .opaque, reason: reason, address: address)
    }

    /// The changed stretch of a value with a little around it.
    ///
    /// Of several the longest: beside a name, the length before it changes as well in a serialized
    /// value, and nobody would see by that what happens.
    static func preview(
        address: CellAddress?, file: MediaPath?, before: [UInt8], splices: [Splice]
    ) -> ChangePlan.Preview {
        let longest = splices.max { $0.extent < $1.extent }?.range ?? 0..<0
        var start = max(0, longest.lowerBound - previewMargin)
        var end = min(before.count, longest.upperBound + previewMargin)
        let shown = splices.filter { $0.range.lowerBound < end && $0.range.upperBound > start }
        start = min(start, shown.first?.range.lowerBound ?? start)
        end = max(end, shown.last?.range.upperBound ?? end)
        let excerpt = Array(before[start..<end])
        let moved = shown.map {
            Splice(
                range: ($0.range.lowerBound - start)..<($0.range.upperBound - start),
                replacement: $0.replacement)
        }
        return ChangePlan.Preview(
            address: address, file: file, before: excerpt, after: moved.applied(to: excerpt))
    }
}

extension Splice {
    /// The bytes that it takes away or puts in, whichever are more.
    fileprivate var extent: Int { max(range.count, replacement.count) }
}
