public import Model
import Rewriting

extension ReferenceIndex {
    /// Where a scan for some paths has to look at this moment; nil where everywhere.
    ///
    /// The caller reads each of the rows again. Nothing about the index itself is thrown: it is
    /// noted.
    ///
    /// - Complexity: what changed since the last time, and the rows of the answer; not the site.
    public func candidates(
        for paths: [MediaPath], in tables: [TableSchema]
    ) throws(MonikerError) -> ScanCandidates? {
        use = .scanned
        do throws(MonikerError) {
            let answer = try answer(for: paths, in: tables)
            if answer != nil { use = .used }
            return answer
        } catch {
            // A lock on the notes, a right that was taken away: the scan goes without.
            guard error.code != .connectionLost else { throw error }
            note("\(error.message); every table was scanned instead")
            needsRepair = true
            return nil
        }
    }

    private func answer(
        for paths: [MediaPath], in tables: [TableSchema]
    ) throws(MonikerError) -> ScanCandidates? {
        var keys: Set<Int64> = [IndexStore.anyPath]
        for path in paths {
            guard let found = PathCensus.keys(of: path) else {
                note("the reference index knows nothing of names like \(path)")
                return nil
            }
            for key in found { keys.insert(Int64(bitPattern: key)) }
        }
        guard let knowledge = try currentKnowledge(of: layouts(of: tables)) else { return nil }
        return try rows(under: keys, knowledge).map { ScanCandidates(rows: $0) }
    }

    /// What the index knows, after what has to be taken in was taken in; nil where it may not be
    /// used, which is noted.
    func currentKnowledge(of watched: [Watched]) throws(MonikerError) -> Knowledge? {
        defer { examined = nil }
        let isExamined = examined?.tells(of: watched.map(\.tracked)) ?? false
        guard var knowledge = try knowledge(of: watched) else { return nil }
        if mostLeftNotes.map({ knowledge.changes.count > $0 }) ?? false {
            guard try takeInAll(&knowledge) else { return nil }
        }
        guard knowledge.changes.count < Self.batch else {
            note("so many rows have changed that every table was scanned")
            return nil
        }
        if upkeep == .withQuestions, !isExamined, try hasDrifted(knowledge) { return nil }
        return knowledge
    }

    /// So many notes a question may leave as they are, because it reads their rows again itself; nil
    /// where it takes none in.
    private var mostLeftNotes: Int? {
        switch upkeep {
        case .none: nil
        case .withQuestions: 0
        case .between: Self.patience
        }
    }

    /// The rows under some numbers and those that have changed, by table; nil where the index may not
    /// be used, which is noted.
    func rows(
        under keys: Set<Int64>, _ knowledge: Knowledge
    ) throws(MonikerError) -> [String: [RowKey]]? {
        let found = try inStore { try $0.rows(under: keys) }
        var rows: [String: [RowKey]] = [:]
        for name in knowledge.sources.keys {
            guard let layout = knowledge.layouts[name] else { continue }
            var wanted: Set<RowKey> = []
            for stored in found[name] ?? [] {
                guard let key = KeyCoding.decode(stored, columns: layout.table.primaryKey) else {
                    isWrong = true
                    distrust("it holds the key of a row of table \(name) that is none")
                    return nil
                }
                wanted.insert(key)
            }
            for change in knowledge.changes where change.table == name { wanted.insert(change.key) }
            rows[name] = wanted.sorted { $0.precedes($1) }
        }
        return rows
    }
}

extension RowKey {
    /// Whether a key comes before another: numbers by their value, anything else by its bytes.
    fileprivate func precedes(_ other: RowKey) -> Bool {
        for (mine, theirs) in zip(parts, other.parts) where mine.value != theirs.value {
            switch (mine.value, theirs.value) {
            case (.integer(let left), .integer(let right)): return left < right
            case (.integer, _): return true
            case (_, .integer): return false
            default:
                return (mine.value.bytes ?? []).lexicographicallyPrecedes(theirs.value.bytes ?? [])
            }
        }
        return false
    }
}
