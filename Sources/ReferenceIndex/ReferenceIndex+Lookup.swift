import GRDB
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
        let layouts = self.layouts(of: tables)
        let byName = Dictionary(uniqueKeysWithValues: layouts.map { ($0.name, $0.layout) })
        let schemas = layouts.map(\.layout.table)
        let (epoch, fingerprint, sources) = try inStore {
            (try $0.state("epoch"), try $0.state("census"), try $0.sources())
        }
        guard
            var noted = try tracking.notedChanges(
                of: schemas, limit: Self.batch, prefix: notesPrefix)
        else {
            distrust("its table of changes is gone: run `moniker index on` to make it again")
            return nil
        }
        guard noted.epoch == epoch else {
            distrust("the database is not at the point where the index left it")
            return nil
        }
        guard fingerprint == census.fingerprint else {
            distrust("it was made for another uploads folder or by another version")
            return nil
        }
        let states = try tracking.trackingStates(
            of: layouts.map(\.tracked), prefix: notesPrefix)
        var known: [String: IndexStore.Source] = [:]
        for (name, state) in states {
            guard case .tracked(let fingerprint) = state, let source = sources[name] else {
                noteUntracked(name, state, wasKnown: sources[name] != nil)
                continue
            }
            if source.fingerprint == fingerprint {
                known[name] = source
            } else {
                distrust("table \(name) or its triggers were made again")
            }
        }
        while isWriting, !noted.changes.isEmpty {
            let isAll = noted.changes.count < Self.batch
            try takeIn(noted.changes, of: byName, known: known)
            noted.changes = []
            guard !isAll else { break }
            guard
                let next = try tracking.notedChanges(
                    of: schemas, limit: Self.batch, prefix: notesPrefix)
            else { return nil }
            noted = next
        }
        guard noted.changes.count < Self.batch else {
            note("so many rows have changed that every table was scanned")
            return nil
        }
        if isWriting, let drifted = try firstDrift(byName, known: known) {
            isWrong = true
            distrust("table \(drifted) has rows that the index does not know as they are")
            return nil
        }
        return try candidates(under: keys, byName, known: known, changes: noted.changes)
    }

    private func candidates(
        under keys: Set<Int64>, _ layouts: [String: RowLayout],
        known: [String: IndexStore.Source], changes: [NotedChange]
    ) throws(MonikerError) -> ScanCandidates? {
        let found = try inStore { try $0.rows(under: keys) }
        var rows: [String: [RowKey]] = [:]
        for name in known.keys {
            guard let layout = layouts[name] else { continue }
            var wanted: Set<RowKey> = []
            for stored in found[name] ?? [] {
                guard let key = KeyCoding.decode(stored, columns: layout.table.primaryKey) else {
                    isWrong = true
                    distrust("it holds the key of a row of table \(name) that is none")
                    return nil
                }
                wanted.insert(key)
            }
            for change in changes where change.table == name { wanted.insert(change.key) }
            rows[name] = wanted.sorted { $0.precedes($1) }
        }
        return ScanCandidates(rows: rows)
    }

    /// Notes that the index was not used, and that it has to be made again.
    private func distrust(_ reason: String) {
        note("the reference index was not used, every table was scanned: \(reason)")
        needsRepair = true
    }

    private func noteUntracked(_ name: String, _ state: TrackingState, wasKnown: Bool) {
        switch state {
        case .tracked:
            // Its triggers are there; it has not been read to its end.
            needsRepair = true
        case .untracked(.notTracked), .untracked(.changed):
            note(
                "table \(name) was scanned, because the reference index does not follow its changes: run `moniker index on`"
            )
        case .untracked:
            // It never can be; `index status` says so.
            break
        }
    }

    // MARK: Drift

    /// Rows that are compared with the index in one table at each use, by their numbers.
    static let sampledKeys: Int64 = 16
    /// Tables that are sampled at each use.
    static let sampledTables = 3

    /// A table in which a sample of rows names something else than the index says; nil where none.
    ///
    /// The sample goes on where the last one ended, so that every row of a table has its turn.
    private func firstDrift(
        _ layouts: [String: RowLayout], known: [String: IndexStore.Source]
    ) throws(MonikerError) -> String? {
        let suitable = known.values.filter { $0.lastKey > 0 }.sorted { $0.name < $1.name }
        guard !suitable.isEmpty else { return nil }
        let turn = try inStore { Int(try $0.state("turn")) ?? 0 }
        var ends: [(source: Int64, key: Int64)] = []
        for offset in 0..<min(Self.sampledTables, suitable.count) {
            let source = suitable[(turn + offset) % suitable.count]
            guard let layout = layouts[source.name] else { continue }
            let start = source.sampled >= source.lastKey ? 1 : source.sampled + 1
            let end = start + Self.sampledKeys - 1
            if try hasDrifted(layout, source, keys: start...end) { return source.name }
            ends.append((source.id, end))
        }
        try inStore { store in
            try store.write { database in
                for (source, key) in ends {
                    try database.execute(
                        sql: "UPDATE source SET sampled = ? WHERE id = ?",
                        arguments: [key, source])
                }
                try IndexStore.setState(
                    "turn", "\((turn + Self.sampledTables) % suitable.count)", in: database)
            }
        }
        return nil
    }

    private func hasDrifted(
        _ layout: RowLayout, _ source: IndexStore.Source, keys: ClosedRange<Int64>
    ) throws(MonikerError) -> Bool {
        guard let column = layout.table.primaryKey.first else { return false }
        var sampled: [(key: RowKey, names: Set<Int64>)] = []
        let asked = keys.map {
            RowKey(parts: [RowKey.Part(column: column, value: .integer($0))], isPrimary: true)
        }
        try forEachRow(of: layout, asked) { key, row in
            sampled.append((key, self.names(of: row, layout)))
        }
        let known = try inStore {
            try $0.names(of: sampled.map { KeyCoding.encode($0.key) }, in: source.id)
        }
        let strange = zip(sampled, known).filter { $0.names != $1 }.map(\.0)
        guard !strange.isEmpty else { return false }
        // What was changed since the notes were taken in has a note.
        let noted = try tracking.notedChanges(
            of: [layout.table], limit: Self.batch, prefix: notesPrefix)
        let changed = Set((noted?.changes ?? []).map(\.key))
        return strange.contains { !changed.contains($0.key) }
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
