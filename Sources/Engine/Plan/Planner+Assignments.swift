import Model
import Rewriting

extension Planner {
    /// Puts new names into the texts that are to be written, and leaves out those that their columns
    /// cannot hold.
    func prepareAssignments(
        _ rewriter: Rewriter, into plan: inout ChangePlan, previewing: Bool
    ) throws(MonikerError) {
        guard !plan.proposal.assignments.isEmpty else { return }
        var tables: [String: TableSchema] = [:]
        for table in try ports.database.tables(withPrefix: scope.tablePrefix) {
            tables[table.name] = table
        }
        let rewriter =
            plan.proposal.undoing == nil ? rewriter : try rewriterSince(undoing: plan.proposal)
        for proposed in plan.proposal.assignments {
            var assignment = proposed
            assignment.sequence = plan.assignments.count
            guard let table = tables[assignment.table],
                let column = table.column(named: assignment.column)
            else {
                leave(assignment, "row-gone", in: &plan)
                continue
            }
            if let text = assignment.after?.bytes,
                let rewritten = try rewrite(
                    text, of: assignment, in: table, rewriter, plan.proposal)
            {
                assignment.paths = rewritten.paths
                assignment.setText(rewritten.text)
            }
            if case .set(_, let before, let after) = assignment.action, before == after { continue }
            if let text = assignment.after?.bytes, let reason = column.refusal(of: text) {
                leave(assignment, reason, in: &plan)
                continue
            }
            if previewing { plan.previews.append(Self.preview(of: assignment)) }
            plan.assignments.append(assignment)
        }
        if previewing { plan.cells += plan.assignments.count }
    }

    private func leave(
        _ assignment: CellAssignment, _ reason: String, in plan: inout ChangePlan
    ) {
        var finding = assignment.finding(reason)
        // The next one gets its number.
        finding.assignment = nil
        plan.findings.append(finding)
    }

    /// A text with the new names in it; nil where it names none of the old ones.
    private func rewrite(
        _ text: [UInt8], of assignment: CellAssignment, in table: TableSchema,
        _ rewriter: Rewriter, _ proposal: ChangeProposal
    ) throws(MonikerError) -> (text: [UInt8], paths: [MediaPath])? {
        // Most name nothing; only then it matters how the cell is read.
        let ordinary = rewriter.rewrite(text, role: .ordinary)
        guard !ordinary.splices.isEmpty,
            let role = proposal.policy.role(
                table: table, column: assignment.column,
                context: try context(of: assignment, in: table, proposal.policy))
        else { return nil }
        let rewrite = role == .ordinary ? ordinary : rewriter.rewrite(text, role: role)
        guard !rewrite.splices.isEmpty else { return nil }
        return (
            rewrite.splices.applied(to: text), Set(rewrite.occurrences.map(\.old)).sorted()
        )
    }

    /// What the policy wants to see of an assignment's row.
    private func context(
        of assignment: CellAssignment, in table: TableSchema, _ policy: any CellPolicy
    ) throws(MonikerError) -> [SQLValue] {
        let columns = policy.contextColumns(of: table)
        guard !columns.isEmpty else { return [] }
        switch assignment.action {
        case .insert(_, _, let row), .delete(_, let row):
            return columns.map { row[$0] ?? .null }
        case .set(let address, _, _):
            var context = columns.map { _ in SQLValue.null }
            let filters = address.key.parts.map { RowFilter.equals(column: $0.column, $0.value) }
            try ports.database.forEachRow(
                of: RowQuery(table: table.name, columns: columns, filter: .and(filters), limit: 1)
            ) { (row) throws(MonikerError) in
                context = row
                return false
            }
            return context
        }
    }

    /// Rewrites texts that come back from before change sets that stand: files have other names since.
    private func rewriterSince(undoing proposal: ChangeProposal) throws(MonikerError) -> Rewriter {
        var names: [MediaPath: MediaPath] = [:]
        if let undoing = proposal.undoing {
            var undone: [JournalID: Set<Int>] = [:]
            for step in undoing.steps {
                undone[step.changeSet] = Set(step.moves.values.map(\.sequence))
            }
            for record in try ports.journal.changeSets().reversed()
            where record.id >= undoing.target && record.state == .done {
                let moves = try ports.journal.moves(of: record.id).filter {
                    $0.revertedBy == nil
                        && !(undone[record.id]?.contains($0.sequence) ?? false)
                }
                guard !moves.isEmpty else { continue }
                let step = Dictionary(moves.map { ($0.old, $0.new) }) { $1 }
                names = names.mapValues { step[$0] ?? $0 }
                names.merge(step) { $1 }
            }
        }
        return try Rewriter(
            map: try RenameMap(names.filter { $0.key != $0.value }.map { ($0.key, $0.value) }),
            location: scope.location)
    }

    private static func preview(of assignment: CellAssignment) -> ChangePlan.Preview {
        if assignment.isInContent, let before = assignment.before?.bytes,
            let after = assignment.after?.bytes
        {
            var shown = preview(
                address: assignment.address, file: nil, before: before,
                splices: [Splice(from: before, to: after)])
            shown.text = ChangePlan.Text(
                attachment: assignment.attachment, field: assignment.field)
            return shown
        }
        return ChangePlan.Preview(
            text: ChangePlan.Text(attachment: assignment.attachment, field: assignment.field),
            address: assignment.finding("").address, file: nil,
            before: assignment.before?.bytes ?? [], after: assignment.after?.bytes ?? [])
    }
}

extension CellAssignment {
    /// Makes it write another text.
    fileprivate mutating func setText(_ bytes: [UInt8]) {
        switch action {
        case .set(let address, let before, let after):
            action = .set(address, before: before, after: after.replacing(bytes: bytes))
        case .insert(let table, let column, var row):
            for index in row.parts.indices where row.parts[index].column == column {
                row.parts[index].value = row.parts[index].value.replacing(bytes: bytes)
            }
            action = .insert(table: table, column: column, row: row)
        case .delete: break
        }
    }
}

extension ColumnSchema {
    /// Why a column cannot hold a text; nil where it can.
    fileprivate func refusal(of text: [UInt8]) -> String? {
        guard holds(text, after: []) else { return "too-long" }
        let isStorable =
            switch characterSet {
            // SQLite's and binary columns hold any bytes.
            case nil, "binary", "utf8mb4": true
            // Three bytes a character at most: a lead byte of four is 0xF0 or more.
            case "utf8", "utf8mb3": !text.contains { $0 >= 0xF0 }
            default: !text.contains { $0 >= 0x80 }
            }
        return isStorable ? nil : "not-storable"
    }
}
