public import Model
import Rewriting

extension ReferenceIndex {
    /// Puts right what made an answer impossible: reads tables again whose content is not known.
    ///
    /// The caller holds the lock of the home. What cannot be put right without making triggers again
    /// is noted: that takes `turnOn`.
    ///
    /// - Throws: what the database throws; nothing about the index itself.
    public func repair() throws(MonikerError) {
        guard needsRepair else { return }
        needsRepair = false
        do throws(MonikerError) {
            let layouts = try self.layouts()
            guard let noted = try tracking.notedChanges(of: [], limit: 1, prefix: notesPrefix)
            else {
                note(
                    "the reference index has lost its table of changes: run `moniker index on` to make it again, or `moniker index off`"
                )
                return
            }
            let (epoch, fingerprint) = try inStore {
                (try $0.state("epoch"), try $0.state("census"))
            }
            if isWrong || epoch != noted.epoch || fingerprint != self.fingerprint {
                let fresh = newEpoch()
                try inStore { try $0.clear(fingerprint: self.fingerprint, epoch: fresh) }
                try tracking.forgetChanges([], epoch: fresh, prefix: notesPrefix)
            }
            try readAgain(layouts)
            isWrong = false
            note("the reference index has been made again")
            if use == .scanned { use = .renewed }
        } catch {
            guard error.code == .indexUnusable else { throw error }
            note(error.message)
        }
    }

    /// Reads the tables whose changes are noted and whose content the index does not know.
    ///
    /// Changes made meanwhile are in notes that are taken in later.
    func readAgain(
        _ layouts: [Watched], progress: (Int, Int) -> Void = { _, _ in }
    ) throws(MonikerError) {
        let states = try tracking.trackingStates(
            of: layouts.map(\.tracked), prefix: notesPrefix)
        let known = try inStore { try $0.sources() }
        for (index, watched) in layouts.enumerated() {
            progress(index, layouts.count)
            guard case .tracked(let fingerprint) = states[watched.name],
                known[watched.name]?.fingerprint != fingerprint
            else { continue }
            try read(watched.layout, fingerprint: fingerprint)
        }
        progress(layouts.count, layouts.count)
        // A dump that was made before all this must not look as if it were from afterwards.
        let epoch = newEpoch()
        try inStore { try $0.setState("epoch", epoch) }
        try tracking.forgetChanges([], epoch: epoch, prefix: notesPrefix)
    }

    private func read(_ layout: RowLayout, fingerprint: String) throws(MonikerError) {
        try inStore { store in
            try store.write { database in
                let writer = try IndexWriter(database)
                let source = try writer.beginSource(layout.table.name)
                var lastKey: Int64 = 0
                var failure: (any Error)?
                let query = RowQuery(table: layout.table.name, columns: layout.columns)
                try self.database.forEachRow(of: query) { (row) throws(MonikerError) -> Bool in
                    let key = layout.key(of: row)
                    lastKey = max(lastKey, key.number ?? 0)
                    let names = self.names(of: row, layout)
                    do {
                        try writer.set(
                            names, of: KeyCoding.encode(key), in: source, isNew: true)
                        return true
                    } catch {
                        failure = error
                        return false
                    }
                }
                if let failure { throw failure }
                try writer.finishSource(source, fingerprint: fingerprint, lastKey: lastKey)
            }
        }
    }

    /// Takes in the notes: reads their rows again and writes down what they name now, then forgets
    /// exactly those notes.
    ///
    /// - Parameter known: the tables whose content the index knows.
    func takeIn(
        _ changes: [NotedChange], of layouts: [String: RowLayout],
        known: [String: IndexStore.Source]
    ) throws(MonikerError) {
        var keys: [String: Set<RowKey>] = [:]
        for change in changes where known[change.table] != nil {
            keys[change.table, default: []].insert(change.key)
        }
        var updates: [(source: Int64, key: [UInt8], names: Set<Int64>)] = []
        var lastKeys: [Int64: Int64] = [:]
        for (table, changed) in keys {
            guard let layout = layouts[table], let source = known[table]?.id else { continue }
            var gone = changed
            try forEachRow(of: layout, Array(changed)) { (key, row) in
                gone.remove(key)
                lastKeys[source] = max(lastKeys[source] ?? 0, key.number ?? 0)
                updates.append((source, KeyCoding.encode(key), self.names(of: row, layout)))
            }
            for key in gone { updates.append((source, KeyCoding.encode(key), [])) }
        }
        let epoch = newEpoch()
        try inStore { store in
            try store.write { database in
                let writer = try IndexWriter(database)
                for update in updates {
                    try writer.set(update.names, of: update.key, in: update.source, isNew: false)
                }
                for (source, key) in lastKeys { try writer.raise(lastKey: key, of: source) }
                try IndexStore.setState("epoch", epoch, in: database)
            }
        }
        // Dying in between leaves two epochs that differ: the index is made again.
        try tracking.forgetChanges(changes.map(\.number), epoch: epoch, prefix: notesPrefix)
    }

    /// Reads rows by their keys.
    func forEachRow(
        of layout: RowLayout, _ keys: [RowKey], _ body: (RowKey, [SQLValue]) -> Void
    ) throws(MonikerError) {
        var start = 0
        while start < keys.count {
            let part = keys[start..<min(start + Self.rowsInQuery, keys.count)]
            start += part.count
            try database.forEachRow(of: layout.query(for: Array(part))) {
                (row) throws(MonikerError) -> Bool in
                body(layout.key(of: row), row)
                return true
            }
        }
    }
}

extension RowKey {
    /// The value of a key that is one whole number; nil for any other.
    var number: Int64? {
        guard parts.count == 1, case .integer(let number) = parts[0].value else { return nil }
        return number
    }
}
