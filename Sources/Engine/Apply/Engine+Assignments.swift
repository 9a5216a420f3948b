import Model

extension Engine {
    /// Writes the texts of a change set (P5), before the tables are looked through: in transactions
    /// of their own, so that the pass finds nothing to do in them.
    ///
    /// - Parameters:
    ///   - earlier: what was committed before, for recovery.
    ///   - isWhole: whether nothing follows, so that the last transaction commits the change set.
    /// - Throws: `unfinished` when a part fails after an earlier one was committed.
    func commitAssignments(
        of plan: ChangePlan, id: JournalID, after earlier: CellTotals, isWhole: Bool
    ) throws(MonikerError) -> CellTotals {
        var totals = earlier
        let decided =
            earlier.parts == 0
            ? 0 : try ports.journal.assignmentsDecided(of: id, through: earlier.parts)
        let pending = plan.assignments.drop { $0.sequence < decided }
        guard !pending.isEmpty || isWhole else { return totals }
        var tables: [String: TableSchema] = [:]
        for table in try ports.database.tables(withPrefix: scope.tablePrefix) {
            tables[table.name] = table
        }
        let parts = AssignmentPart.parts(of: pending, limit: partLimit)
        for (index, element) in parts.enumerated() {
            do throws(MonikerError) {
                try checkCancellation()
                var part = element
                part.follow(totals)
                let edits = try commit(
                    part, of: id, tables: tables, isLast: isWhole && index == parts.count - 1)
                totals.add(edits)
                progress(
                    Progress(
                        phase: .database, done: decided + index + 1, total: decided + parts.count))
            } catch {
                guard totals.parts > 0 else { throw error }
                throw stopped(id, after: totals.parts, error)
            }
        }
        return totals
    }

    private func commit(
        _ part: AssignmentPart, of id: JournalID, tables: [String: TableSchema], isLast: Bool
    ) throws(MonikerError) -> CellEdits {
        var attempt = 1
        let refused = RefusedAssignments()
        while true {
            var edits = CellEdits(references: part.earlierReferences)
            do throws(MonikerError) {
                let keys = try NextKeys(
                    for: part.groups.joined(), in: tables, of: ports.database)
                try ports.database.transaction { (transaction) throws(MonikerError) -> Void in
                    try transaction.writeMarker(
                        part.decision(isLast: isLast), after: part.previous, of: id,
                        prefix: scope.markerPrefix)
                    let writer = AssignmentWriter(
                        transaction: transaction, tables: tables, refused: refused, keys: keys)
                    try write(part, of: id, with: writer, into: &edits)
                }
                return edits
            } catch {
                guard error.code != .commitUnknown else { throw error }
                try restoreNonTransactionalCells(edits.records, tables: Array(tables.values))
                if refused.hasNew, error.code == .duplicateKey || error.code == .notStorable {
                    refused.acknowledge()
                    continue
                }
                guard error.code == .databaseLocked, attempt < Self.databaseAttempts else {
                    throw error
                }
                attempt += 1
            }
        }
    }

    /// Tables that cannot roll back come last, after the journal knows what would take them back.
    private func write(
        _ part: AssignmentPart, of id: JournalID, with writer: AssignmentWriter,
        into edits: inout CellEdits
    ) throws(MonikerError) {
        var deferred: [AssignmentWriter.Deferred] = []
        for group in part.groups {
            deferred += try writer.write(
                group, firstSequence: part.firstSequence, into: &edits)
        }
        try record(edits, of: part, id)
        var left: Set<Int> = []
        for element in deferred where try !writer.write(element, into: &edits) {
            left.insert(element.edit.sequence)
        }
        guard !left.isEmpty else { return }
        edits.records.removeAll { left.contains($0.sequence) }
        for index in edits.records.indices {
            edits.records[index].sequence = part.firstSequence + index
        }
        try record(edits, of: part, id)
    }

    private func record(
        _ edits: CellEdits, of part: AssignmentPart, _ id: JournalID
    ) throws(MonikerError) {
        try ports.journal.recordCells(
            edits.records, findings: edits.findings, references: edits.references,
            part: part.number, of: id)
    }

    /// The assignments that a revert has taken back: those to the same texts, of what it reverts and
    /// of whatever came after that.
    func assignmentsTakenBack(
        by revert: ChangeSetRecord
    ) throws(MonikerError) -> [(changeSet: JournalID, sequence: Int)] {
        guard let target = revert.reverts else { return [] }
        let written = Set(
            try ports.journal.assignmentEdits(of: revert.id).compactMap(\.assignment))
        var texts: [AttachmentID: [CellAssignment]] = [:]
        for assignment in try ports.journal.assignments(of: revert.id)
        where written.contains(assignment.sequence) {
            for attachment in assignment.attachments {
                texts[attachment, default: []].append(assignment)
            }
        }
        var takenBack: [(changeSet: JournalID, sequence: Int)] = []
        for (attachment, texts) in texts {
            for (changeSet, assignment) in try ports.journal.assignments(to: attachment)
            where changeSet >= target && changeSet < revert.id && assignment.revertedBy == nil
                && texts.contains(where: assignment.isSameText)
            {
                takenBack.append((changeSet, assignment.sequence))
            }
        }
        return takenBack
    }
}
