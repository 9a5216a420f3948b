import GRDB
public import Model
import Glibc

/// What rebuilding a journal came to.
public struct RebuiltJournal: Hashable, Sendable {
    /// The change sets that the journal has now.
    public var changeSets: Int
    /// Where the journal that could not be used has been put, if there was one.
    public var previous: String?
}

extension JournalStore {
    /// Makes journal.sqlite again from the manifests beside it.
    ///
    /// What a crash had left unfinished is unfinished in the new journal: recovery asks the marker
    /// in the site's database, as always. A journal that is sound and knows every manifest is left
    /// as it is. The caller holds the lock of the home.
    ///
    /// - Returns: what was rebuilt; nil where the journal is sound.
    /// - Throws: `journal-lost` when there are no manifests, or one is damaged or missing: then
    ///   nothing was changed.
    public static func rebuild(path: String) throws(MonikerError) -> RebuiltJournal? {
        let manifests = ManifestFolder(journal: path)
        let names = try manifests.names()
        if isSound(path, names) { return nil }
        let ids = names.filter { $0.value.contains(.intent) }.keys.sorted()
        guard !ids.isEmpty else {
            throw MonikerError(
                .journalLost,
                "there are no manifests in \(manifests.path) to rebuild the journal from: restore the home from a backup, or name a new home with --home"
            )
        }
        let draft = path + ".rebuilding"
        for suffix in ["", "-journal", "-wal", "-shm"] { try remove(draft + suffix) }
        do {
            let queue = try DatabaseQueue(path: draft)
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            try JournalSchema.migrator.migrate(queue)
            try queue.write { database in
                // A revert may stand before what it reverts where the clock was set back.
                try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
                try ManifestReplay(manifests: manifests, names: names, database: database)
                    .replay(ids)
            }
            try queue.close()
        } catch let error as MonikerError {
            throw error
        } catch {
            throw failure(error, at: draft)
        }
        // From the first move on the journal counts as missing until the last one.
        var previous: String?
        for suffix in ["", "-wal", "-shm"] where unsafe access(path + suffix, F_OK) == 0 {
            let aside = try freeName(path + ".damaged") + suffix
            try move(path + suffix, to: aside)
            if suffix.isEmpty { previous = aside }
        }
        try move(draft, to: path)
        return RebuiltJournal(changeSets: ids.count, previous: previous)
    }

    /// Whether the journal can be opened, has a sound structure and knows every change set that
    /// there are manifests of.
    private static func isSound(
        _ path: String, _ names: [JournalID: Set<ManifestName.Kind>]
    ) -> Bool {
        guard unsafe access(path, F_OK) == 0 else { return false }
        do {
            return try JournalStore(path: path).damage() == nil
        } catch {
            return false
        }
    }

    /// Refuses to work with a journal that has lost change sets.
    ///
    /// - Throws: `journal-lost`.
    static func requireWhole(
        _ path: String, manifests: [JournalID: Set<ManifestName.Kind>], known: Set<JournalID>?
    ) throws(MonikerError) {
        // An intent alone may be one whose journal commit a crash took: nothing came of it.
        let lost = manifests.filter { id, kinds in
            kinds.contains(.intent)
                && (known.map { !$0.contains(id) && kinds.count > 1 } ?? true)
        }
        guard !lost.isEmpty else { return }
        throw MonikerError(
            .journalLost,
            known == nil
                ? "the journal \(path) is missing or damaged, but \(lost.count) change sets are on record beside it: run `moniker recover --rebuild-journal`; nothing was changed"
                : "the journal \(path) is older than its manifests, which know \(lost.count) change sets more: run `moniker recover --rebuild-journal`; nothing was changed",
            details: ["path": path, "change_sets": "\(lost.count)"])
    }

    private static func freeName(_ base: String) throws(MonikerError) -> String {
        for number in 1...10_000 {
            let name = "\(base)-\(number)"
            if unsafe access(name, F_OK) != 0 && access(name + "-wal", F_OK) != 0 { return name }
        }
        throw MonikerError(
            .journalLost, "there are too many damaged journals beside \(base): remove some")
    }

    private static func remove(_ path: String) throws(MonikerError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw ManifestFolder.failure("remove", path)
        }
    }

    private static func move(_ path: String, to target: String) throws(MonikerError) {
        guard unsafe rename(path, target) == 0 else { throw ManifestFolder.failure("move", path) }
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { String(path[..<$0]) } ?? "."
        let folder = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw ManifestFolder.failure("open", parent) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw ManifestFolder.failure("make durable", parent) }
    }
}
