import Hashing
import Model

/// Puts cells back byte for byte, where they still are what the change sets that are taken back
/// left.
struct CellRestoration {
    private let journal: any ChangeJournal
    /// The change sets that are taken back, newest first, and what was taken back of each before.
    private let steps: [(step: Undoing.Step, earlier: PartialReverts)]
    /// What was looked up beforehand, and for which cells, by their contents.
    private var found: [JournalID: [ContentDigest: [CellEditRecord]]] = [:]
    private var prepared: [ContentDigest: [CellAddress]] = [:]

    init(journal: any ChangeJournal, undoing: Undoing) throws(MonikerError) {
        self.journal = journal
        var steps: [(step: Undoing.Step, earlier: PartialReverts)] = []
        for step in undoing.steps {
            steps.append((step, try PartialReverts(of: step.changeSet, in: journal)))
        }
        self.steps = steps
    }

    /// Looks up at once what a number of values will need, in place of what was prepared before.
    mutating func prepare(
        _ cells: [(address: CellAddress, digest: ContentDigest)]
    ) throws(MonikerError) {
        found = [:]
        for (step, earlier) in steps {
            for id in earlier.reverts.map(\.id) + [step.changeSet] {
                found[id] = try journal.cellEdits(of: id, leaving: cells)
            }
        }
        prepared = Dictionary(cells.map { ($0.digest, [$0.address]) }, uniquingKeysWith: +)
    }

    /// Which of some values rewriting has made, byte for byte, what they were before: those need no
    /// restoring.
    ///
    /// Nearly all of a change set that is taken back whole, and their replacements need not be read.
    ///
    /// - Parameter results: the digests of the values after rewriting, in the order of the cells.
    func areRestored(
        _ cells: [(address: CellAddress, digest: ContentDigest)], by results: [ContentDigest]
    ) throws(MonikerError) -> [Bool] {
        guard steps.count == 1, steps[0].earlier.reverts.isEmpty else {
            return Array(repeating: false, count: cells.count)
        }
        let before = try journal.contents(before: steps[0].step.changeSet, left: cells)
        return zip(before, results).map { $0 == $1 }
    }

    /// The last edit of a change set that rewrote this cell and left this content.
    private func edit(
        by changeSet: JournalID, of address: CellAddress, leaving digest: ContentDigest
    ) throws(MonikerError) -> CellEditRecord? {
        let candidates =
            prepared[digest]?.contains(address) == true
            ? found[changeSet]?[digest]
            : try journal.cellEdits(of: changeSet, leaving: [(address, digest)])[digest]
        // Texts are taken back as such, before the pass.
        return candidates?.first { $0.assignment == nil && $0.address.isKnownAs(address) }
    }

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
        if bytes.count >= Self.longValue, steps.count == 1, steps[0].earlier.reverts.isEmpty {
            return try restoreLong(bytes, digest: digest, at: address, by: steps[0].step)
        }
        var value = bytes
        var current = digest
        var edits: [CellEditRecord] = []
        var paths: [MediaPath] = []
        var references = 0
        /// Follows an edit that left the value as it is; false where there is none.
        func follow(_ changeSet: JournalID) throws(MonikerError) -> CellEditRecord? {
            guard let edit = try edit(by: changeSet, of: address, leaving: current),
                let before = edit.splices.reverted(value),
                SHA256.digest(of: before) == edit.before
            else { return nil }
            value = before
            current = edit.before
            edits.append(edit)
            return edit
        }
        for (step, earlier) in steps {
            var isPartlyBack = false
            for revert in earlier.reverts where try follow(revert.id) != nil { isPartlyBack = true }
            guard let edit = try follow(step.changeSet) else {
                if isPartlyBack { return nil }
                continue
            }
            for path in edit.paths {
                if let move = step.moves[path] {
                    paths.append(move.current)
                } else if !earlier.paths.contains(path) {
                    return nil
                }
            }
            references = max(references, edit.references)
        }
        guard let last = edits.last else { return nil }
        var reading = CellReading()
        reading.restored = value
        reading.restoredDigest = current
        reading.splices =
            edits.count == 1 ? last.splices.inverse : [Splice(from: bytes, to: value)]
        reading.paths = (edits.count == 1 ? paths : Array(Set(paths))).sorted()
        reading.references = references
        return reading
    }

    /// From here on a value is not made a second time to be looked at.
    private static let longValue = 1 << 20

    /// As `restore`, for one change set of which nothing was taken back before, without making the
    /// value before.
    private func restoreLong(
        _ bytes: [UInt8], digest: ContentDigest, at address: CellAddress, by step: Undoing.Step
    ) throws(MonikerError) -> CellReading? {
        guard let edit = try edit(by: step.changeSet, of: address, leaving: digest),
            let inverse = edit.splices.inverse(in: bytes),
            inverse.digest(appliedTo: bytes) == edit.before,
            edit.paths.allSatisfy({ step.moves[$0] != nil })
        else { return nil }
        var reading = CellReading()
        reading.splices = inverse
        reading.paths = Set(edit.paths.compactMap { step.moves[$0]?.current }).sorted()
        reading.references = edit.references
        return reading
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

extension [Splice] {
    /// The SHA-256 of a value after these splices, without making it.
    fileprivate func digest(appliedTo value: [UInt8]) -> ContentDigest {
        var hash = SHA256()
        var position = 0
        for splice in self {
            hash.update(value.span.extracting(position..<splice.range.lowerBound))
            hash.update(splice.replacement.span)
            position = splice.range.upperBound
        }
        hash.update(value.span.extracting(position..<value.count))
        return hash.finalize()
    }
}
