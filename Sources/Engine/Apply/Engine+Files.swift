import Model

/// The originals that a change set has to store.
struct PreparedOriginals {
    /// What stores them; some may hold packs that are not in the store yet.
    let workers: FileWorkers
    /// How many they are.
    let count: Int
    /// The files of those that are not in a pack, as places in the plan.
    let rest: [Int]
}

extension Engine {
    /// Stores originals and gives every file its new name beside the old one; all are durable when
    /// the call returns.
    ///
    /// - Throws: `file-changed` when a file is no longer the one that was planned.
    func backUpAndLink(
        _ plan: ChangePlan, _ originals: PreparedOriginals
    ) throws(MonikerError) {
        let workers = originals.workers
        try storeOriginals(of: plan, originals)
        let synchronize = { () throws(MonikerError) -> Void in
            for files in workers.all { try files.synchronizeOriginals() }
        }
        guard workers.areTwo else {
            try synchronize()
            return try linkNewNames(plan)
        }
        // The disk is waited for while the names are made.
        let synchronizing = BackgroundCall(synchronize)
        do throws(MonikerError) {
            try linkNewNames(plan)
        } catch {
            _ = synchronizing.wait()
            throw error
        }
        try synchronizing.wait().get()
    }

    /// Finds out which originals have to be stored, and puts those of thousands of files into packs
    /// that are not in the store yet: anybody else still finds the store as it was.
    ///
    /// - Throws: `file-changed` when a file is no longer the one that was planned.
    func prepareOriginals(of plan: ChangePlan) throws(MonikerError) -> PreparedOriginals {
        let missing = try originalsToStore(of: plan)
        let workers = try FileWorkers(ports.files, count: missing.count)
        guard storage(ofOriginals: missing.count) == .packed else {
            return PreparedOriginals(
                workers: workers, count: missing.count, rest: missing)
        }
        let arePacked = try workers.map(missing, tick: tick(of: missing.count)) {
            (files, index) throws(MonikerError) -> Bool in
            let move = plan.moves[index]
            guard let digest = try files.packOriginal(move.old) else { return false }
            guard digest == move.digest else { throw Self.fileChanged(move) }
            return true
        }
        return PreparedOriginals(
            workers: workers, count: missing.count,
            rest: zip(missing, arePacked).filter { !$0.1 }.map(\.0))
    }

    /// The files whose originals have to be stored, as places in a plan; changes nothing.
    ///
    /// What a revert takes back has been stored, and made durable, before the change set was
    /// finished: where it is there, as long as the file, it is not stored again. A file that still is
    /// in every respect what it was when it was hashed for the plan is not hashed again.
    ///
    /// - Throws: `file-changed` when a file is no longer the one that was planned.
    private func originalsToStore(of plan: ChangePlan) throws(MonikerError) -> [Int] {
        let stored = Set(plan.proposal.moves.compactMap { $0.fallback?.digest })
        let files = backups(of: plan)
        guard !stored.isEmpty else { return files.map(\.index) }
        let workers = try FileWorkers(ports.files, count: files.count)
        let areMissing = try workers.map(files, tick: tick(of: files.count)) {
            (files, backup) throws(MonikerError) -> Bool in
            let move = plan.moves[backup.index]
            guard stored.contains(backup.digest),
                try files.originalSize(backup.digest) == move.status?.size
            else { return true }
            let changed =
                backup.index < plan.lastChanges.count ? plan.lastChanges[backup.index] : nil
            try Self.requireUnchanged(move, changed: changed, in: files)
            return false
        }
        return zip(files, areMissing).filter(\.1).map(\.0.index)
    }

    /// The files of a plan with the digests of their originals: of many, folder by folder of the
    /// store, so that no two threads want the same one.
    private func backups(of plan: ChangePlan) -> [(index: Int, digest: ContentDigest)] {
        var backups: [(index: Int, digest: ContentDigest)] = []
        for (index, move) in plan.moves.enumerated() where move.status != nil {
            if let digest = move.digest { backups.append((index, digest)) }
        }
        if backups.count > partLimit.rows { backups.sort { $0.digest < $1.digest } }
        return backups
    }

    /// Stores what preparing left, durable when the workers' stores have been synchronized (P3).
    ///
    /// - Throws: `file-changed` when a file is no longer the one that was planned.
    func storeOriginals(
        of plan: ChangePlan, _ originals: PreparedOriginals
    ) throws(MonikerError) {
        let storage = storage(ofOriginals: originals.count)
        let rest = originals.rest
        _ = try originals.workers.map(rest, tick: tick(of: rest.count)) {
            (files, index) throws(MonikerError) -> Void in
            let move = plan.moves[index]
            guard try files.storeOriginal(move.old, as: storage) == move.digest
            else { throw Self.fileChanged(move) }
        }
    }

    /// How that many originals are stored.
    private func storage(ofOriginals count: Int) -> OriginalStorage {
        if count >= packedFrom { return .packed }
        return count > partLimit.rows ? .fileOfMany : .file
    }

    /// Makes sure that a file has the content that was planned, or is gone: a revert may bring it back
    /// from its original.
    ///
    /// - Parameter changed: when anything of the file had last been changed as it was hashed, if that
    ///   tells anything.
    private static func requireUnchanged(
        _ move: FileMoveRecord, changed: Int64?, in files: any MediaFiles
    ) throws(MonikerError) {
        let path = move.old
        let version = try files.versions(of: [path.name], in: path.directory)?.files.first ?? nil
        guard let version else { return }
        if let changed, let status = move.status,
            version
                == EntryVersion(
                    identity: status.identity, size: status.size, modified: status.modified,
                    changed: changed)
        {
            return
        }
        guard try files.digest(of: path) == move.digest else { throw fileChanged(move) }
    }

    /// Gives every file its new name beside the old one and makes the names durable (P4).
    ///
    /// A name that is there already, for the same file, is no error: recovery and old names that
    /// still work come this way.
    func linkNewNames(_ plan: ChangePlan) throws(MonikerError) {
        let count = plan.moves.count
        let workers = try FileWorkers(ports.files, count: count)
        _ = try workers.map(plan.moves) { (files, move) throws(MonikerError) -> Void in
            guard let status = move.status, let digest = move.digest else { return }
            if move.newNameExisted, try Self.isOurs(move.new, of: move, in: files) { return }
            do throws(MonikerError) {
                try files.link(move.old, as: move.new, identity: status.identity)
            } catch {
                if try Self.isOurs(move.new, of: move, in: files) { return }
                switch error.code {
                case .fileMissing:
                    try files.restoreOriginal(digest, as: move.new, status: status)
                case .fileChanged: throw Self.fileChanged(move)
                default: throw error
                }
            }
        }
        try ports.files.synchronize(directories: Set(plan.files.map(\.new.directory)))
        progress(Progress(phase: .files, done: count, total: count))
    }

    /// Whether a path names the file of a move: the same inode, or, where the file system refused a
    /// hard link, a copy with the same content.
    func isOurs(_ path: MediaPath, of move: FileMoveRecord) throws(MonikerError) -> Bool {
        try Self.isOurs(path, of: move, in: ports.files)
    }

    private static func isOurs(
        _ path: MediaPath, of move: FileMoveRecord, in files: any MediaFiles
    ) throws(MonikerError) -> Bool {
        guard let planned = move.status, let status = try files.status(of: path) else {
            return false
        }
        if status.identity == planned.identity { return true }
        guard status.size == planned.size, status.modified == planned.modified else { return false }
        return try files.digest(of: path) == move.digest
    }

    /// Shows how far the work on files is, and ends it when somebody wants that.
    private func tick(of total: Int) -> (Int) throws(MonikerError) -> Void {
        { (done) throws(MonikerError) in
            try checkCancellation()
            progress(Progress(phase: .files, done: done, total: total))
        }
    }

    /// Takes the new names away again, after making sure that the old ones are there (P7).
    ///
    /// A name that a value in a table without transactions goes on naming stays.
    func unlinkNewNames(
        _ moves: some Sequence<FileMoveRecord>, of id: JournalID
    ) throws(MonikerError) {
        var directories: Set<MediaPath?> = []
        let used = try pathsLeftRewritten(by: id)
        for move in moves
        where move.status != nil && !move.newNameExisted && !used.contains(move.old) {
            // Also where nothing is there: a process that was killed may have taken the name away
            // without making that durable.
            directories.insert(move.new.directory)
            guard try isOurs(move.new, of: move) else { continue }
            if try ports.files.status(of: move.old) == nil {
                try ports.files.link(move.new, as: move.old)
                try ports.files.synchronize(directories: [move.old.directory])
            }
            if let status = try ports.files.status(of: move.new) {
                _ = try ports.files.retire(
                    move.new, identity: status.identity, into: id, as: move.sequence)
            }
        }
        try ports.files.synchronize(directories: directories)
        try ports.files.emptyTrash(of: id)
    }

    private static func fileChanged(_ move: FileMoveRecord) -> MonikerError {
        MonikerError(
            .fileChanged,
            "the file \(move.old) of attachment \(move.attachment) was changed while it was being renamed: try again",
            details: ["attachment": "\(move.attachment)", "path": "\(move.old)"])
    }
}
