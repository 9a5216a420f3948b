import Engine
public import Model
import ReferenceIndex
import WordPress

/// The reference index: `moniker index on|off|status`.
///
/// All three print the same JSON, an `IndexReport`:
/// `{"state":"on|off|stale","rows":N,"names":N,"always":N,"pending":N,"bytes":N,
/// "tables":[{"table":"…","indexed":true},{"table":"…","indexed":false,"reason":"code"}]}`.
extension Session {
    /// Makes the index, from nothing where there is one already.
    ///
    /// - Throws: `triggers-denied`, with nothing changed; `index-unusable`; `busy`.
    public func turnIndexOn() throws(MonikerError) -> IndexReport {
        try beginWriting()
        let index = try requireIndex()
        // The first change would make this table, and SQLite's index takes that for a new schema.
        try site.database.prepareMarkers(prefix: site.prefix)
        try index.turnOn { [self] done, total in
            report(Progress(phase: .scanning, done: done, total: total))
        }
        _ = try textFiles(naming: [])
        return IndexReport(try index.status())
    }

    /// Removes the index, its triggers and its table; none is no error.
    public func turnIndexOff() throws(MonikerError) -> IndexReport {
        try lockHome()
        try requireOwnSite()
        let index = try requireIndex()
        try index.turnOff()
        return IndexReport(try index.status())
    }

    /// Takes in what has changed in the site since, compares a sample of rows, and makes the index
    /// again where it turns out to be wrong; without an index, nothing happens.
    ///
    /// Who keeps a home open calls this when nobody waits.
    ///
    /// - Throws: `busy`; what the database throws. The next call, or the next change, does it then.
    public func keepUpIndex() throws(MonikerError) {
        guard let index = try indexInUse() else { return }
        try lockHome()
        try requireOwnSite()
        try index.keepUp()
        repair(index)
    }

    /// What the index is and which tables it answers for.
    public func indexStatus() throws(MonikerError) -> IndexReport {
        IndexReport(try requireIndex().status())
    }

    /// The index where it is on; nil where plans scan every table.
    ///
    /// A home that has lost index.sqlite, but whose site still notes changes for it, gets it back.
    func indexInUse() throws(MonikerError) -> ReferenceIndex? {
        guard let index = try referenceIndex() else { return nil }
        if index.isOn { return index }
        guard try store.bindings().contains(where: { $0.prefix == site.prefix }),
            try index.hasTraces()
        else { return nil }
        return index
    }

    /// The generated text files below uploads that may name some paths: all of them without an index.
    func textFiles(naming paths: [MediaPath]) throws(MonikerError) -> [MediaPath] {
        let known = try indexInUse()?.textFiles(
            naming: paths, in: files, limit: Planner.textFileLimit, now: ports.clock.now(),
            isText: UploadedTextFiles.isOne)
        if let known { return known }
        return try uploadedTextFiles()
    }

    /// Makes again what a plan found to be wrong with the index.
    func repair(_ index: ReferenceIndex?) {
        guard let index, index.needsRepair else { return }
        do {
            try index.repair()
        } catch {
            // The change has been made; the next one tries again.
            note("the reference index could not be made again: \(error.message)")
        }
        for text in index.notes where !notes.contains(text) { note(text) }
    }

    private func requireIndex() throws(MonikerError) -> ReferenceIndex {
        guard let index = try referenceIndex() else {
            throw MonikerError(
                .invalidArgument, "this kind of database cannot keep a reference index")
        }
        return index
    }
}
