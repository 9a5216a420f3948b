import Model

extension Verification {
    // MARK: Originals

    /// F5: every original that the journal counts on is in the store.
    mutating func checkOriginals() throws(MonikerError) {
        let released = try ports.journal.releasedOriginals()
        var seen = released
        for record in records {
            for move in try ports.journal.moves(of: record.id) {
                guard let digest = move.digest, seen.insert(digest).inserted,
                    try !ports.files.hasOriginal(digest, readingData: options.readingData)
                else { continue }
                // A file that has that content can be stored again at any time.
                let isRepaired = options.repairing ? try storeAgain(digest, move) : false
                report(
                    .original,
                    "the original of \(move.old) (\(record.id), SHA-256 \(digest)) is missing from the store or damaged"
                        + (isRepaired
                            ? ": it was stored again"
                            : ": `moniker verify --repair` stores it again from the file, if that is unchanged"),
                    isRepaired: isRepaired)
            }
        }
    }

    private func storeAgain(
        _ digest: ContentDigest, _ move: FileMoveRecord
    ) throws(MonikerError) -> Bool {
        for path in [today(move.new), today(move.old)] {
            guard try ports.files.status(of: path) != nil,
                try ports.files.digest(of: path) == digest
            else { continue }
            guard try ports.files.storeOriginal(path, as: .file) == digest else {
                continue
            }
            try ports.files.synchronizeOriginals()
            return true
        }
        return false
    }

    // MARK: Names

    /// F6 and F15: renamed files under their new and old names.
    mutating func checkFiles() throws(MonikerError) {
        for item in standing {
            let move = item.move
            if let owner = owners[move.new], owner.record.id == item.record.id,
                owner.move.sequence == move.sequence
            {
                try checkNewName(item)
            }
            if owners[move.old] == nil { try checkOldName(item) }
        }
    }

    private mutating func checkNewName(_ item: Standing) throws(MonikerError) {
        let move = item.move
        guard let recorded = move.status else { return }
        guard let status = try ports.files.status(of: move.new) else {
            if isDeleted(move) {
                return note(.file, "\(move.new) went with its attachment \(move.attachment)")
            }
            let isRepaired =
                options.repairing
                ? try bringBack(move.new, linkedTo: move.old, from: [item]) : false
            report(
                .file,
                "\(move.new), which \(item.record.id) made of \(move.old), is gone"
                    + (isRepaired
                        ? ": it was brought back"
                        : ": `moniker verify --repair` brings it back from the old name, the trash or the original"),
                isRepaired: isRepaired)
            return
        }
        try checkContent(item, status, recorded)
        guard
            status.mode != recorded.mode || status.owner != recorded.owner
                || status.group != recorded.group
        else { return }
        let difference =
            "\(move.new) has mode \(String(status.mode, radix: 8)) and owner \(status.owner):\(status.group); \(move.old) had \(String(recorded.mode, radix: 8)) and \(recorded.owner):\(recorded.group)"
        if status.identity == recorded.identity {
            // The same file: a person changed it, as is theirs to do.
            note(.mode, difference)
        } else {
            report(.mode, "\(difference), and it is a copy: use chmod and chown")
        }
    }

    /// Whether the site no longer has the attachment of a move: then WordPress has removed its files.
    private func isDeleted(_ move: FileMoveRecord) -> Bool {
        options.attachments.map { !$0.contains(move.attachment) } ?? false
    }

    private mutating func checkContent(
        _ item: Standing, _ status: FileStatus, _ recorded: FileStatus
    ) throws(MonikerError) {
        let path = item.move.new
        let looksSame = status.size == recorded.size && status.modified == recorded.modified
        guard looksSame else {
            note(.file, "\(path) has been changed since \(item.record.id), by somebody else")
            return
        }
        guard options.readingData, let digest = item.move.digest,
            try ports.files.digest(of: path) != digest
        else { return }
        report(
            .file,
            "\(path) has other content than \(item.record.id) gave it (SHA-256 \(digest)), although its time says that nobody wrote it: the disk may be failing; its original is in the home, below originals"
        )
    }

    private mutating func checkOldName(_ item: Standing) throws(MonikerError) {
        let move = item.move
        guard !item.record.isLost, !lost.contains(item.record.id), move.oldName == .alive,
            move.keepReason != nil || item.record.keepOldUntil > now, !isDeleted(move),
            try ports.files.status(of: move.old) == nil
        else { return }
        let isRepaired =
            options.repairing
            ? try bringBack(move.old, linkedTo: today(move.new), from: [item]) : false
        report(
            .file,
            "the old name \(move.old) (\(item.record.id)) is gone, and it should still work"
                + (isRepaired
                    ? ": it works again" : ": `moniker verify --repair` makes it work again"),
            isRepaired: isRepaired)
    }
}
