import Hashing
import Model

/// Works out what taking texts back means today, after whatever came later.
///
/// A text is followed from change set to change set by the digest that each left, newest first.
/// Where that does not lead to what the change set wrote, somebody has edited it since, and it stays.
struct AssignmentReversal {
    private let ports: EnginePorts
    private let target: JournalID
    private let tables: [String: TableSchema]
    /// What the change set has done, by the numbers of its assignments.
    private let edits: [Int: CellEditRecord]
    /// The change sets that came later, newest first.
    private let later: [JournalID]
    /// What those have written into contents, by cell; the attachments that it is about.
    private var contents: [JournalID: [CellAddress: [AttachmentID]]] = [:]
    /// What those have deleted.
    private var deletions: [JournalID: [CellEditRecord]] = [:]
    /// The rows as they are today.
    private var rows: [CellAddress: RowKey] = [:]

    /// What is proposed.
    private(set) var assignments: [CellAssignment] = []
    /// What stays as it is.
    private(set) var findings: [FindingRecord] = []

    init(of record: ChangeSetRecord, in ports: EnginePorts) throws(MonikerError) {
        self.ports = ports
        target = record.id
        var edits: [Int: CellEditRecord] = [:]
        for edit in try ports.journal.assignmentEdits(of: record.id) {
            if let assignment = edit.assignment { edits[assignment] = edit }
        }
        self.edits = edits
        var tables: [String: TableSchema] = [:]
        for table in try ports.database.tables(withPrefix: record.prefix) {
            tables[table.name] = table
        }
        self.tables = tables
        later = try ports.journal.changeSets().filter { $0.id > record.id && $0.state == .done }
            .map(\.id)
    }

    /// Proposes to take some assignments back.
    mutating func add(_ standing: [CellAssignment]) throws(MonikerError) {
        let taken = standing.compactMap { assignment in
            edits[assignment.sequence].map { (assignment: assignment, edit: $0) }
        }
        try readRows(taken.map(\.edit))
        for (assignment, edit) in taken {
            guard let action = try action(for: assignment, edit) else { continue }
            assignments.append(
                CellAssignment(
                    attachment: assignment.attachment, field: assignment.field,
                    source: assignment.source, action: action, shown: assignment.shown))
        }
    }

    // MARK: Today

    /// The most rows that are asked for at once.
    private static let rowsAtOnce = 200

    private mutating func readRows(_ edits: [CellEditRecord]) throws(MonikerError) {
        for (name, edits) in Dictionary(grouping: edits, by: \.address.table) {
            guard let table = tables[name] else { continue }
            let columns = table.columns.filter { !$0.isGenerated }.map(\.name)
            for start in stride(from: 0, to: edits.count, by: Self.rowsAtOnce) {
                let page = edits[start..<min(start + Self.rowsAtOnce, edits.count)]
                let filters = page.map { edit in
                    RowFilter.and(
                        edit.address.key.parts.map { .equals(column: $0.column, $0.value) })
                }
                var found: [RowKey: RowKey] = [:]
                try ports.database.forEachRow(
                    of: RowQuery(table: name, columns: columns, filter: .or(filters))
                ) { (values) throws(MonikerError) -> Bool in
                    let row = RowKey(
                        parts: zip(columns, values).map { RowKey.Part(column: $0, value: $1) },
                        isPrimary: false)
                    let key = RowKey(
                        parts: table.primaryKey.compactMap { column in
                            row[column].map { RowKey.Part(column: column, value: $0) }
                        }, isPrimary: true)
                    found[key] = row
                    return true
                }
                for edit in page { rows[edit.address] = found[edit.address.key] }
            }
        }
    }

    // MARK: Following

    /// What takes an assignment back; nil where nothing is to be done or can be.
    private mutating func action(
        for assignment: CellAssignment, _ edit: CellEditRecord
    ) throws(MonikerError) -> CellAssignment.Action? {
        let row = rows[edit.address]
        let value = row?[edit.address.column]
        guard let deleted = try follow(edit, of: assignment, from: value?.bytes) else {
            // Somebody may have taken it back by hand.
            if !isAlready(before: edit, row, value) { findings.append(changed(assignment, edit)) }
            return nil
        }
        guard let before = edit.splices.reverted(edit.splices.first?.new ?? []),
            edit.kind == .insert || SHA256.digest(of: before) == edit.before
        else {
            throw MonikerError(
                .journalUnusable,
                "the journal's record of a text of attachment \(assignment.attachment) in \(target) does not lead back to the text before: restore journal.sqlite from a backup",
                details: ["journal": "\(target)", "attachment": "\(assignment.attachment)"])
        }
        switch (edit.kind, row) {
        case (.insert, nil): return nil
        case (.insert, let row?):
            guard isSameRow(row, edit) else {
                findings.append(changed(assignment, edit))
                return nil
            }
            return .delete(edit.address, row: row)
        case (_, let row?):
            guard let value = row[edit.address.column], value.bytes != before else { return nil }
            return .set(edit.address, before: value, after: value.replacing(bytes: before))
        case (_, nil):
            guard var row = deleted.row ?? edit.row else { return nil }
            for index in row.parts.indices where row.parts[index].column == edit.address.column {
                row.parts[index].value = row.parts[index].value.replacing(bytes: before)
            }
            return .insert(
                table: edit.address.table, column: edit.address.column, row: row)
        }
    }

    /// Follows a text from what it is today, or that it is gone, to what an edit left.
    ///
    /// - Returns: the last deletion on the way, if there was one; nil where the way does not lead there.
    private mutating func follow(
        _ edit: CellEditRecord, of assignment: CellAssignment, from value: [UInt8]?
    ) throws(MonikerError) -> (row: RowKey?, Void)? {
        var digest = value.map { SHA256.digest(of: $0) }
        var deleted: RowKey?
        func isReached() -> Bool { edit.kind == .delete ? digest == nil : digest == edit.after }
        if isReached() { return (nil, ()) }
        for changeSet in later {
            guard let step = try step(of: changeSet, at: edit.address, leaving: digest) else {
                continue
            }
            if assignment.isInContent, step.assignment != nil,
                try !isOnly(assignment.shown, shownBy: changeSet, at: edit.address)
            {
                return nil
            }
            if step.kind == .delete { deleted = deleted ?? step.row }
            digest = step.kind == .insert ? nil : step.before
            if isReached() { return (deleted, ()) }
        }
        return nil
    }

    /// Whether a later change set has written nothing of other attachments into a content: that
    /// would be lost.
    private mutating func isOnly(
        _ shown: [AttachmentID], shownBy changeSet: JournalID, at address: CellAddress
    ) throws(MonikerError) -> Bool {
        if contents[changeSet] == nil {
            var cells: [CellAddress: [AttachmentID]] = [:]
            for assignment in try ports.journal.assignments(of: changeSet)
            where assignment.isInContent {
                if let cell = assignment.address { cells[cell] = assignment.shown }
            }
            contents[changeSet] = cells
        }
        return Set(shown).isSuperset(of: contents[changeSet]?[address] ?? [])
    }

    private mutating func step(
        of changeSet: JournalID, at address: CellAddress, leaving digest: ContentDigest?
    ) throws(MonikerError) -> CellEditRecord? {
        if let digest {
            let edits = try ports.journal.cellEdits(of: changeSet, leaving: [(address, digest)])
            return edits[digest]?.first {
                $0.kind != .delete && $0.address == address
            }
        }
        if deletions[changeSet] == nil {
            deletions[changeSet] = try ports.journal.assignmentEdits(of: changeSet).filter {
                $0.kind == .delete
            }
        }
        return deletions[changeSet]?.first { $0.address == address }
    }

    private func isAlready(
        before edit: CellEditRecord, _ row: RowKey?, _ value: SQLValue?
    ) -> Bool {
        switch edit.kind {
        case .insert: row == nil
        case .rewrite, .set, .delete:
            value?.bytes.map { SHA256.digest(of: $0) == edit.before } ?? false
        }
    }

    /// Whether a row that was added is still the same but for its text.
    private func isSameRow(_ row: RowKey, _ edit: CellEditRecord) -> Bool {
        (edit.row?.parts ?? []).allSatisfy {
            $0.column == edit.address.column || row[$0.column] == $0.value
        }
    }

    private func changed(_ assignment: CellAssignment, _ edit: CellEditRecord) -> FindingRecord {
        FindingRecord(
            kind: .conflict, reason: "changed-meanwhile", attachment: assignment.attachment,
            address: edit.address, detail: assignment.field.rawValue)
    }
}
