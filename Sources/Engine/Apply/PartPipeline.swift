import Model

/// Commits the database transactions of a change set one after the other, and writes each down in the
/// journal while the one before is being committed.
///
/// What the journal holds of a part whose predecessor was never committed is forgotten by recovery,
/// as what it holds of any part that was not committed.
struct PartPipeline {
    /// A part whose edits are in the journal, and its transaction.
    private struct Recorded {
        var part: CellPart
        var array: CellArray
        var isLast: Bool
        /// The running transaction; nil where it runs when it is waited for, because the database
        /// serves one thread.
        var call: BackgroundCall<CellEdits?>?
    }

    private let writer: PartWriter
    private let isConcurrent: Bool
    private var recorded: Recorded?
    /// What was committed.
    private(set) var totals: CellTotals

    /// Creates a pipeline.
    ///
    /// - Parameters:
    ///   - isConcurrent: whether the database is free for another thread.
    ///   - totals: what was committed before.
    init(_ writer: PartWriter, isConcurrent: Bool, after totals: CellTotals) {
        self.writer = writer
        self.isConcurrent = isConcurrent
        self.totals = totals
    }

    /// Takes the next part; returns before it is committed, but after all that were taken before.
    mutating func add(_ part: CellPart, isLast: Bool) throws(MonikerError) {
        var part = part
        var before = totals
        // As if that were written whole, which it nearly always is.
        if let recorded { before.add(recorded.array.edits) }
        part.follow(before)
        let early = writer.tryToRecord(part)
        let isAsExpected = try finish()
        var array = try early.get()
        if !isAsExpected {
            // What was written row by row has taken everything after it out of the journal, and
            // may have left some of its cells.
            part.follow(totals)
            array = try writer.record(part)
        }
        guard let array else {
            totals.add(try writer.commitRowByRow(part, isLast: isLast))
            return
        }
        var call: BackgroundCall<CellEdits?>?
        if isConcurrent {
            let handed = (writer: writer, part: part)
            call = BackgroundCall { () throws(MonikerError) in
                try handed.writer.commit(array, of: handed.part, isLast: isLast)
            }
        }
        recorded = Recorded(part: part, array: array, isLast: isLast, call: call)
    }

    /// Ends what is under way.
    ///
    /// - Returns: false where it was written row by row in the end.
    @discardableResult
    mutating func finish() throws(MonikerError) -> Bool {
        guard let recorded else { return true }
        self.recorded = nil
        let edits: CellEdits?
        if let call = recorded.call {
            edits = try call.wait().get()
        } else {
            edits = try writer.commit(
                recorded.array, of: recorded.part, isLast: recorded.isLast)
        }
        if let edits {
            totals.add(edits)
            return true
        }
        totals.add(try writer.commitRowByRow(recorded.part, isLast: recorded.isLast))
        return false
    }

    /// Waits for what is running, after a failure elsewhere.
    ///
    /// - Returns: the failure to report: that of the database, where it failed as well.
    mutating func settle(after failure: MonikerError) -> MonikerError {
        guard recorded?.call != nil else { return failure }
        do throws(MonikerError) {
            try finish()
            return failure
        } catch {
            return error
        }
    }
}

extension CellTotals {
    /// Adds a part that was committed.
    mutating func add(_ edits: CellEdits) {
        cells += edits.records.count
        references = edits.references
        parts += 1
    }
}
