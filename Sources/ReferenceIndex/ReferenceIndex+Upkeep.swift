import GRDB
public import Model
import Rewriting

/// What the index knows of a site's tables at one moment.
struct Knowledge {
    /// Every table that may hold references.
    var layouts: [String: RowLayout]
    /// The tables whose content the index knows, but for the rows that have notes.
    var sources: [String: IndexStore.Source]
    /// The notes that have not been taken in.
    var changes: [NotedChange]
    /// For each table, whether its changes are noted.
    var states: [String: TrackingState]
}

/// What was found out about tables and their triggers at one moment.
///
/// Asking the server takes longer than anything else of a question. An edit that is made while
/// triggers are away for less than a change takes is like one that is made after the question.
struct Examined {
    var tables: [TrackedTable]
    var states: [String: TrackingState]
    var moment: ContinuousClock.Instant

    private static let lifetime = Duration.seconds(1)

    /// Whether it still tells of some tables.
    func tells(of tables: [TrackedTable]) -> Bool {
        ContinuousClock.now - moment < Self.lifetime && tables == self.tables
    }
}

extension ReferenceIndex {
    /// Takes in what has changed and compares a sample of rows, so that the next question need not;
    /// an index that is not on, or not sound, is left to `repair()`.
    ///
    /// The caller holds the lock of the home.
    ///
    /// - Throws: what the database throws; nothing about the index itself, which is noted.
    /// - Complexity: what has changed since the last time.
    public func keepUp() throws(MonikerError) {
        guard isOn else { return }
        do throws(MonikerError) {
            guard var knowledge = try knowledge(of: try layouts()),
                try takeInAll(&knowledge)
            else { return }
            _ = try hasDrifted(knowledge)
        } catch {
            guard error.code == .indexUnusable else { throw error }
            note(error.message)
            needsRepair = true
        }
    }

    /// What the index knows at this moment; nil where it may not be used at all, which is noted.
    func knowledge(of watched: [Watched]) throws(MonikerError) -> Knowledge? {
        let (epoch, fingerprint, sources) = try inStore {
            (try $0.state("epoch"), try $0.state("census"), try $0.sources())
        }
        guard let noted = try notedChanges(of: watched.map(\.layout)) else {
            distrust("its table of changes is gone: run `moniker index on` to make it again")
            return nil
        }
        guard noted.epoch == epoch else {
            distrust("the database is not at the point where the index left it")
            return nil
        }
        guard fingerprint == self.fingerprint else {
            distrust("it was made for another uploads folder or by another version")
            return nil
        }
        let tables = watched.map(\.tracked)
        let states: [String: TrackingState]
        if let examined, examined.tells(of: tables) {
            states = examined.states
        } else {
            states = try tracking.trackingStates(of: tables, prefix: notesPrefix)
        }
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
        return Knowledge(
            layouts: Dictionary(uniqueKeysWithValues: watched.map { ($0.name, $0.layout) }),
            sources: known, changes: noted.changes, states: states)
    }

    private func notedChanges(
        of layouts: [RowLayout]
    ) throws(MonikerError) -> (epoch: String, changes: [NotedChange])? {
        try tracking.notedChanges(
            of: layouts.map(\.table), limit: Self.batch, prefix: notesPrefix)
    }

    /// Takes in every note there is.
    ///
    /// - Returns: whether the index may still be used.
    func takeInAll(_ knowledge: inout Knowledge) throws(MonikerError) -> Bool {
        while !knowledge.changes.isEmpty {
            let isAll = knowledge.changes.count < Self.batch
            try takeIn(knowledge.changes, of: knowledge.layouts, known: knowledge.sources)
            knowledge.changes = []
            guard !isAll else { break }
            guard let next = try notedChanges(of: Array(knowledge.layouts.values)) else {
                return false
            }
            knowledge.changes = next.changes
        }
        return true
    }

    /// Notes that the index was not used, and that it has to be made again.
    func distrust(_ reason: String) {
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

    /// Rows that are compared with the index in one table at a time, by their numbers.
    static let sampledKeys: Int64 = 16
    /// Tables that are sampled at a time.
    static let sampledTables = 3

    /// Whether a sample of rows names something else than the index says; then it is wrong.
    ///
    /// The notes have been taken in.
    func hasDrifted(_ knowledge: Knowledge) throws(MonikerError) -> Bool {
        guard let drifted = try firstDrift(knowledge) else { return false }
        isWrong = true
        distrust("table \(drifted) has rows that the index does not know as they are")
        return true
    }

    /// A table in which a sample of rows names something else than the index says; nil where none.
    ///
    /// The sample goes on where the last one ended, so that every row of a table has its turn.
    private func firstDrift(_ knowledge: Knowledge) throws(MonikerError) -> String? {
        let suitable = knowledge.sources.values.filter { $0.lastKey > 0 }.sorted {
            $0.name < $1.name
        }
        guard !suitable.isEmpty else { return nil }
        let turn = try inStore { Int(try $0.state("turn")) ?? 0 }
        var ends: [(source: Int64, key: Int64)] = []
        for offset in 0..<min(Self.sampledTables, suitable.count) {
            let source = suitable[(turn + offset) % suitable.count]
            guard let layout = knowledge.layouts[source.name] else { continue }
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
