import Model

/// The reverts that took back a part of a change set before the rest of it is taken back.
///
/// What they did to a value is undone first, newest first; then the change set's own record leads
/// back to the value before it, byte for byte.
struct PartialReverts {
    /// One of them, and the old paths that it brought back.
    let reverts: [(id: JournalID, paths: Set<MediaPath>)]
    /// Every path that some of them brought back.
    let paths: Set<MediaPath>

    init(of changeSet: JournalID, in journal: any ChangeJournal) throws(MonikerError) {
        var paths: [JournalID: Set<MediaPath>] = [:]
        for (old, revert) in try journal.oldNamesBroughtBack(of: changeSet) {
            paths[revert, default: []].insert(old)
        }
        reverts = paths.map { (id: $0.key, paths: $0.value) }.sorted { $0.id > $1.id }
        self.paths = reverts.reduce(into: []) { $0.formUnion($1.paths) }
    }
}
