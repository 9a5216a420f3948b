import GRDB
public import Model

extension JournalStore {
    // MARK: Released originals

    /// The digests of originals that were given up and that no later intent needs.
    public func releasedOriginals() throws(MonikerError) -> Set<ContentDigest> {
        try read { database in
            Set(
                try Row.fetchAll(database, sql: "SELECT digest FROM released_original").map {
                    try RowCoding.digest($0["digest"])
                })
        }
    }

    /// Gives originals up before their data goes (P10).
    public func releaseOriginals(
        _ digests: [ContentDigest], at time: Int64
    ) throws(MonikerError) {
        guard !digests.isEmpty else { return }
        try write { database in
            for digest in digests {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO released_original (digest, released) VALUES (?,?)",
                    arguments: [RowCoding.blob(digest.bytes), time])
            }
            try writeHome(database)
        }
    }

    // MARK: Change sets

    /// Marks a finished change set as one that the site's database has lost, or as found again.
    public func setLost(_ isLost: Bool, of id: JournalID) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: "UPDATE change_set SET is_lost = ? WHERE id = ?",
                arguments: [isLost, id.description])
            try writeState(id, database)
        }
    }

    /// Forgets change sets that were rolled back, with everything recorded of them.
    ///
    /// Unknown ids and change sets in any other state are left alone.
    public func purge(_ ids: [JournalID]) throws(MonikerError) {
        guard !ids.isEmpty else { return }
        try write { database in
            var purged: [JournalID] = []
            for id in ids {
                let state = try String.fetchOne(
                    database, sql: "SELECT state FROM change_set WHERE id = ?",
                    arguments: [id.description])
                guard state == ChangeSetRecord.State.aborted.rawValue else { continue }
                for table in [
                    "file_move", "assignment", "cell_edit", "file_edit", "directory_time",
                    "finding",
                ] {
                    try database.execute(
                        sql: "DELETE FROM \(table) WHERE change_set = ?",
                        arguments: [id.description])
                }
                try database.execute(
                    sql: "DELETE FROM change_set WHERE id = ?", arguments: [id.description])
                purged.append(id)
            }
            // Before the rows: a manifest without a row would count as a loss.
            try manifests.remove(purged)
        }
    }

    // MARK: The site

    /// The sites that this journal was last written for, by the prefix of their markers.
    public func bindings() throws(MonikerError) -> [SiteBinding] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM site_binding ORDER BY prefix").map {
                let device: Int64 = $0["device"]
                let inode: Int64 = $0["inode"]
                return SiteBinding(
                    prefix: $0["prefix"], incarnation: $0["incarnation"],
                    database: $0["database_name"], uploads: RowCoding.bytes($0["uploads"]),
                    identity: FileIdentity(
                        device: UInt64(bitPattern: device), inode: UInt64(bitPattern: inode)))
            }
        }
    }

    /// Writes down the site that this journal is for.
    public func bind(_ binding: SiteBinding) throws(MonikerError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO site_binding
                        (prefix, incarnation, database_name, uploads, device, inode)
                    VALUES (?,?,?,?,?,?)
                    """,
                arguments: [
                    binding.prefix, binding.incarnation, binding.database,
                    RowCoding.blob(binding.uploads),
                    Int64(bitPattern: binding.identity.device),
                    Int64(bitPattern: binding.identity.inode),
                ])
            try writeHome(database)
        }
    }
}
