import Hashing
import Model
import Rewriting

extension Engine {
    /// Rewrites the planned text files below uploads; runs after the commit, so that a crash leads
    /// forward only (P6).
    ///
    /// Repeating it is harmless: a file that is done has nothing to rewrite.
    ///
    /// A file that somebody replaces at the same moment is left to them and listed as a conflict.
    func rewriteTextFiles(
        _ plan: ChangePlan, id: JournalID
    ) throws(MonikerError) -> (files: Int, references: Int) {
        guard !plan.textFiles.isEmpty else { return (0, 0) }
        var undone: [UndoneFileEdits] = []
        for step in plan.proposal.undoing?.steps ?? [] {
            if let edits = try UndoneFileEdits(step, in: ports.journal) { undone.append(edits) }
        }
        var sequence = try ports.journal.fileEdits(of: id).count
        var totals = (files: 0, references: 0)
        var edited: [EditedTextFile] = []
        for path in plan.textFiles {
            guard let status = try ports.files.status(of: path) else { continue }
            let bytes = try ports.files.contents(of: path, limit: Planner.textFileLimit)
            let before = SHA256.digest(of: bytes)
            // A file keeps its time: a cache that goes by it has the address of the new name to ask.
            var modified = status.modified
            var reading = CellReading(
                bytes, role: .uploadedFile(directory: path.directory), rewriter: plan.rewriter,
                column: nil)
            if let restored = restore(bytes, digest: before, of: path, undone) {
                (reading, modified) = (restored.reading, restored.modified)
            }
            guard reading.isChange else { continue }
            let result = reading.result(of: bytes)
            let edit = FileEditRecord(
                sequence: sequence, path: path, before: before, after: SHA256.digest(of: result),
                modified: status.modified,
                splices: RecordedSplices(reading.splices, of: bytes), paths: reading.paths)
            sequence += 1
            edited.append(
                EditedTextFile(
                    edit: edit, result: result, modified: modified,
                    references: reading.references))
            guard edited.count >= Self.textFilesAtOnce || edited.bytes >= Self.textBytesAtOnce
            else { continue }
            try write(edited, id: id, &totals)
            edited = []
        }
        try write(edited, id: id, &totals)
        try ports.files.synchronize(directories: Set(plan.textFiles.map(\.directory)))
        return totals
    }

    /// How many text files are written down together, so that the journal is synchronized once for
    /// all of them; so few that each is replaced right after it was read.
    private static let textFilesAtOnce = 50
    /// How many bytes they may have together.
    private static let textBytesAtOnce = 1 << 20

    /// Writes edits down, and then replaces the files.
    private func write(
        _ edited: [EditedTextFile], id: JournalID, _ totals: inout (files: Int, references: Int)
    ) throws(MonikerError) {
        try ports.journal.recordFileEdits(edited.map(\.edit), of: id)
        for file in edited {
            if try ports.files.replaceContents(
                of: file.edit.path, expected: file.edit.before, with: file.result,
                modified: file.modified)
            {
                totals.files += 1
                totals.references += file.references
            }
        }
    }

    /// A text file as it was before the change sets that are taken back; nil where it has been
    /// changed since or only a part is taken back.
    private func restore(
        _ bytes: [UInt8], digest: ContentDigest, of path: MediaPath, _ undone: [UndoneFileEdits]
    ) -> (reading: CellReading, modified: Int64)? {
        var value = bytes
        var current = digest
        var modified: Int64?
        var paths: Set<MediaPath> = []
        for step in undone {
            for (edits, isOwn) in step.edits {
                guard let edit = edits.last(where: { $0.path == path && $0.after == current }),
                    let before = edit.splices.reverted(value),
                    SHA256.digest(of: before) == edit.before
                else { continue }
                (value, current, modified) = (before, edit.before, edit.modified)
                guard isOwn else { continue }
                let others = edit.paths.filter { step.moves[$0] == nil }
                guard step.earlierPaths.isSuperset(of: others) else { return nil }
                paths.formUnion(edit.paths.compactMap { step.moves[$0]?.current })
            }
        }
        guard let modified, !paths.isEmpty else { return nil }
        var reading = CellReading()
        reading.restored = value
        reading.splices = [Splice(from: bytes, to: value)]
        reading.paths = paths.sorted()
        reading.references = paths.count
        return (reading, modified)
    }
}

/// A text file that is about to be replaced.
private struct EditedTextFile {
    let edit: FileEditRecord
    let result: [UInt8]
    let modified: Int64
    let references: Int
}

extension [EditedTextFile] {
    /// How many bytes they have together.
    fileprivate var bytes: Int { reduce(0) { $0 + $1.result.count } }
}

/// What one change set that is taken back did to text files, with what reverts of a part of it did.
private struct UndoneFileEdits {
    let moves: [MediaPath: Undoing.UndoneMove]
    /// The edits of the earlier reverts, newest first, and at last those of the change set itself.
    let edits: [(edits: [FileEditRecord], isOwn: Bool)]
    let earlierPaths: Set<MediaPath>

    /// Reads them; nil where the change set edited no text file.
    init?(
        _ step: Undoing.Step, in journal: any ChangeJournal
    ) throws(MonikerError) {
        let own = try journal.fileEdits(of: step.changeSet)
        guard !own.isEmpty else { return nil }
        let earlier = try PartialReverts(of: step.changeSet, in: journal)
        var edits: [(edits: [FileEditRecord], isOwn: Bool)] = []
        for revert in earlier.reverts {
            edits.append((try journal.fileEdits(of: revert.id), false))
        }
        edits.append((own, true))
        self.edits = edits
        earlierPaths = earlier.paths
        moves = step.moves
    }
}
