import Hashing
import Model

/// Puts cells back byte for byte, where they still are what the change sets that are taken back
/// left.
struct CellRestoration {
    let journal: any ChangeJournal
    let undoing: Undoing

    /// The value as it was before the change sets, or nil where it has been edited since, or where
    /// only a part of what a change set did to it is taken back.
    ///
    /// Then references are rewritten.
    ///
    /// A value is followed from change set to change set, newest first, by the digest that each
    /// left; the value before must have the digest that was recorded.
    func restore(
        _ bytes: [UInt8], digest: ContentDigest, at address: CellAddress
    ) throws(MonikerError) -> CellReading? {
        var value = bytes
        var current = digest
        var splices: [Splice] = []
        var steps = 0
        var paths: Set<MediaPath> = []
        var references = 0
        for step in undoing.steps {
            let candidates = try journal.cellEdits(of: step.changeSet, leaving: current)
            guard let edit = candidates.first(where: { isSameCell($0.address, address) }) else {
                continue
            }
            let moves = edit.paths.compactMap { step.moves[$0] }
            guard moves.count == edit.paths.count else { return nil }
            let inverse = edit.splices.inverse
            guard let before = edit.splices.reverted(value),
                SHA256.digest(of: before) == edit.before
            else { return nil }
            value = before
            current = edit.before
            splices = inverse
            paths.formUnion(moves.map(\.current))
            references = max(references, edit.references)
            steps += 1
        }
        guard steps > 0 else { return nil }
        var reading = CellReading()
        reading.restored = value
        reading.splices = steps == 1 ? splices : [Splice(from: bytes, to: value)]
        reading.paths = paths.sorted()
        reading.references = references
        return reading
    }

    /// Rows without a primary key are known by their content alone, which the digest covers.
    private func isSameCell(_ recorded: CellAddress, _ found: CellAddress) -> Bool {
        recorded.table == found.table && recorded.column == found.column
            && (!found.key.isPrimary || recorded.key == found.key)
    }
}

extension Splice {
    /// One replacement that turns a value into another, without their common beginning and end.
    init(from before: [UInt8], to after: [UInt8]) {
        let shorter = min(before.count, after.count)
        var prefix = 0
        while prefix < shorter, before[prefix] == after[prefix] { prefix += 1 }
        var suffix = 0
        while suffix < shorter - prefix,
            before[before.count - 1 - suffix] == after[after.count - 1 - suffix]
        {
            suffix += 1
        }
        self.init(
            range: prefix..<(before.count - suffix),
            replacement: Array<UInt8>(after[prefix..<(after.count - suffix)]))
    }
}
