import Files
import Glibc
import Model
import WordPress

/// Whether the site is the one that the home belongs to.
///
/// A copy of a site carries the incarnation id of its source, and a copied home its journal. What
/// tells them apart is where the uploads folder and the database are.
extension Session {
    /// Makes sure that this home belongs to this site, before anything is written.
    ///
    /// - Parameter adopting: whether a person has said that it does, because the site was moved.
    /// - Throws: `foreign-journal` where that is not certain. Nothing is changed then.
    func requireOwnSite(adopting: Bool = false) throws(MonikerError) {
        var incarnation = try site.database.incarnation(prefix: site.prefix)
        if let strangeness = try strangeness(incarnation) {
            guard adopting, strangeness.canBeAdopted else {
                throw MonikerError(
                    .foreignJournal, "\(strangeness.message); nothing was changed",
                    details: ["home": displayText(homeFolder)])
            }
        }
        if incarnation == nil,
            let bound = try store.bindings().first(where: { $0.prefix == site.prefix })
        {
            // A dump from before the first change set was restored: it is the same site, so the
            // journal goes on to belong to it.
            incarnation = try site.database.establishIncarnation(
                bound.incarnation, prefix: site.prefix)
        }
        if let incarnation { try bind(incarnation) }
    }

    /// Why this home may not belong to this site; nil where it does, as far as one can tell.
    func foreignSite() throws(MonikerError) -> String? {
        try strangeness(try site.database.incarnation(prefix: site.prefix))?.message
    }

    /// Writes down where the site is, if that is not known yet.
    func bind() throws(MonikerError) {
        guard let incarnation = try site.database.incarnation(prefix: site.prefix) else { return }
        try bind(incarnation)
    }

    private func bind(_ incarnation: String) throws(MonikerError) {
        let seen = try currentBinding(incarnation: incarnation)
        if try !store.bindings().contains(seen) { try store.bind(seen) }
    }

    /// Why a home may not belong to a site.
    private struct Strangeness {
        var message: String
        /// Whether a moved site looks the same, so that a person can decide.
        var canBeAdopted: Bool
    }

    private func strangeness(_ incarnation: String?) throws(MonikerError) -> Strangeness? {
        let seen = try currentBinding(incarnation: incarnation ?? "")
        guard let bound = try store.bindings().first(where: { $0.prefix == site.prefix }) else {
            // Before there were bindings, a change set recorded the path of its uploads folder.
            guard let incarnation,
                let newest = try store.changeSets().first(where: {
                    $0.incarnation == incarnation
                }), newest.uploads != seen.uploads
            else { return nil }
            return moved(
                "its uploads folder is \(displayText(seen.uploads)), and this home has changed \(displayText(newest.uploads))"
            )
        }
        if let incarnation, incarnation != bound.incarnation {
            return Strangeness(
                message:
                    "the home \(displayText(homeFolder)) does not belong to this site (its database is another one than the one this home has changed): use the home that belongs to this site, or --home with a new folder",
                canBeAdopted: false)
        }
        guard seen.uploads == bound.uploads || seen.identity == bound.identity else {
            return moved(
                "its uploads folder is \(displayText(seen.uploads)), and this home has changed \(displayText(bound.uploads))"
            )
        }
        guard seen.database == bound.database else {
            return moved(
                "its database is \(seen.database), and this home has changed \(bound.database)")
        }
        return nil
    }

    private func moved(_ reason: String) -> Strangeness {
        Strangeness(
            message:
                "the home \(displayText(homeFolder)) may not belong to this site (\(reason)): if this is a copy of that site, use --home with a new folder; if the site was moved here, run `moniker recover --adopt`",
            canBeAdopted: true)
    }

    private func currentBinding(incarnation: String) throws(MonikerError) -> SiteBinding {
        SiteBinding(
            prefix: site.prefix, incarnation: incarnation,
            database: try databaseDescription().name, uploads: site.uploads.directory,
            identity: try uploadsIdentity())
    }

    private func uploadsIdentity() throws(MonikerError) -> FileIdentity {
        var status = stat()
        let path = site.uploads.directory.map { CChar(bitPattern: $0) } + [0]
        // SAFETY: the path ends with NUL, and the call writes one `stat`.
        guard unsafe stat(path, &status) == 0 else {
            throw MonikerError(
                .uploadsUnreadable,
                "the uploads folder \(displayText(site.uploads.directory)) cannot be looked at: check that it exists and that this user may list it"
            )
        }
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}
