import Model

/// Commits the database transactions of a change set in their order: a part's values are made while
/// the one before is written down in the journal and earlier ones are committed.
///
/// Where the database gives a second connection, two transactions are under way at a time. The later
/// one writes its values, waits until the earlier one is committed, and only then writes the marker
/// and commits, so that markers and commits follow each other as if there were one connection.
///
/// What the journal holds of a part whose predecessor was never committed is forgotten by recovery,
/// as what it holds of any part that was not committed.
struct PartPipeline {
    /// A part whose values are being made.
    private struct Prepared {
        var part: CellPart
        var isLast: Bool
        var call: BackgroundCall<CellArray?>
    }

    /// A part whose edits are in the journal, and its transaction.
    private struct Recorded {
        var part: CellPart
        var array: CellArray
        var isLast: Bool
        var connection: any SiteDatabase
        var turn: PartTurn
        /// The running transaction; nil where it runs when it is waited for, because the database
        /// serves one thread.
        var call: BackgroundCall<PartOutcome>?
    }

    private let writer: PartWriter
    private let isConcurrent: Bool
    /// Connections that no transaction uses.
    private var free: [any SiteDatabase]
    /// Whether a second connection was asked for.
    private var hasAsked = false
    /// The part that was taken last.
    private var prepared: Prepared?
    /// The parts before it that are under way, in their order.
    private var recorded: [Recorded] = []
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
        free = [writer.engine.ports.database]
    }

    /// Takes the next part; returns before it is committed, but after all that do not fit beside it.
    mutating func add(_ part: CellPart, isLast: Bool) throws(MonikerError) {
        guard isConcurrent else {
            var part = part
            part.follow(expectedTotals)
            let array = try writer.array(of: part)
            try commit(part, array, isLast: isLast)
            return
        }
        guard let earlier = prepared else { return prepare(part, isLast, after: expectedTotals) }
        prepared = nil
        let array = try earlier.call.wait().get()
        var before = expectedTotals
        if let array {
            before.add(array.edits)
            prepare(part, isLast, after: before)
        }
        let isAsExpected = try commit(earlier.part, array, isLast: earlier.isLast)
        if !isAsExpected || prepared == nil {
            _ = prepared?.call.wait()
            prepare(part, isLast, after: expectedTotals)
        }
    }

    /// What is committed once all that is under way is, if that is written whole, which it nearly
    /// always is.
    private var expectedTotals: CellTotals {
        var expected = totals
        for part in recorded { expected.add(part.array.edits) }
        return expected
    }

    /// Begins to make the values of a part.
    private mutating func prepare(_ part: CellPart, _ isLast: Bool, after totals: CellTotals) {
        var part = part
        part.follow(totals)
        let handed = (writer: writer, part: part)
        let call = BackgroundCall { () throws(MonikerError) in
            try handed.writer.array(of: handed.part)
        }
        prepared = Prepared(part: part, isLast: isLast, call: call)
    }

    /// Writes a part down and begins its transaction; or commits it row by row, where it has no
    /// array.
    ///
    /// - Returns: false where it, or one before it, was written row by row: what comes after it has
    ///   other numbers then than was expected.
    @discardableResult
    private mutating func commit(
        _ part: CellPart, _ array: CellArray?, isLast: Bool
    ) throws(MonikerError) -> Bool {
        var part = part
        guard var array else {
            try finishRecorded()
            part.follow(totals)
            totals.add(try writer.commitRowByRow(part, isLast: isLast))
            return false
        }
        // It may not fail before what runs meanwhile has ended.
        let early = Result { () throws(MonikerError) in try writer.record(array.edits, of: part) }
        if free.isEmpty { try askForSecondConnection() }
        var isAsExpected = true
        while free.isEmpty { isAsExpected = try finishFirst() && isAsExpected }
        try early.get()
        if !isAsExpected {
            // What was written row by row has taken everything after it out of the journal, and
            // may have left some of its cells.
            part.follow(totals)
            guard let again = try writer.array(of: part) else {
                totals.add(try writer.commitRowByRow(part, isLast: isLast))
                return false
            }
            array = again
            try writer.record(array.edits, of: part)
        }
        // They are in the array; a part that is written row by row reads them again.
        part.forgetValues()
        start(part, array, isLast: isLast)
        return isAsExpected
    }

    /// Begins the transaction of a part whose edits are in the journal.
    private mutating func start(_ part: CellPart, _ array: CellArray, isLast: Bool) {
        let connection = free.removeLast()
        let turn = PartTurn()
        var call: BackgroundCall<PartOutcome>?
        if isConcurrent {
            let handed = (
                writer: writer, part: part, connection: connection, before: recorded.last?.turn
            )
            call = BackgroundCall { () throws(MonikerError) in
                try handed.writer.commit(
                    array, of: handed.part, isLast: isLast, on: handed.connection,
                    after: handed.before, turn: turn)
            }
        }
        recorded.append(
            Recorded(
                part: part, array: array, isLast: isLast, connection: connection, turn: turn,
                call: call))
    }

    /// Few change sets have a second part, so only then.
    private mutating func askForSecondConnection() throws(MonikerError) {
        guard isConcurrent, !hasAsked else { return }
        hasAsked = true
        if let second = try writer.engine.ports.database.makeConnection() { free.append(second) }
    }

    /// Ends what is under way.
    mutating func finish() throws(MonikerError) {
        if let last = prepared {
            prepared = nil
            try commit(last.part, try last.call.wait().get(), isLast: last.isLast)
        }
        try finishRecorded()
    }

    private mutating func finishRecorded() throws(MonikerError) {
        while !recorded.isEmpty { _ = try finishFirst() }
    }

    /// Ends the earliest part that is under way, and where that was written row by row, all of them.
    ///
    /// - Returns: false where that is so.
    private mutating func finishFirst() throws(MonikerError) -> Bool {
        let first = recorded.removeFirst()
        var outcome: PartOutcome
        do throws(MonikerError) {
            outcome = try outcomeOf(first)
            if outcome == .outrun {
                // All before it has been committed by now, as it was recorded.
                var again = first
                again.call = nil
                again.turn = PartTurn()
                outcome = try outcomeOf(again)
            }
        } catch {
            // The later ones have rolled back, or are about to.
            giveUpLater()
            throw error
        }
        free.append(first.connection)
        guard outcome != .committed else {
            totals.add(first.array.edits)
            return true
        }
        let later = giveUpLater()
        for part in [first] + later {
            var redone = part.part
            redone.follow(totals)
            totals.add(try writer.commitRowByRow(redone, isLast: part.isLast))
        }
        return false
    }

    private func outcomeOf(_ recorded: Recorded) throws(MonikerError) -> PartOutcome {
        if let call = recorded.call { return try call.wait().get() }
        return try writer.commit(
            recorded.array, of: recorded.part, isLast: recorded.isLast, on: recorded.connection,
            after: nil, turn: recorded.turn)
    }

    /// Waits until the transactions behind one that was not committed have rolled back.
    @discardableResult
    private mutating func giveUpLater() -> [Recorded] {
        let later = recorded
        recorded = []
        for part in later {
            // How it ended is told by the one before it: it was not its turn.
            _ = part.call?.wait()
            free.append(part.connection)
        }
        return later
    }

    /// Waits for what is running, after a failure elsewhere.
    ///
    /// - Returns: the failure to report: that of the database, where it failed as well.
    mutating func settle(after failure: MonikerError) -> MonikerError {
        guard isConcurrent else { return failure }
        _ = prepared?.call.wait()
        prepared = nil
        do throws(MonikerError) {
            try finishRecorded()
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
