public import Model

/// What `tidy` removed.
public struct TidyReport: Hashable, Sendable {
    /// Old names that were retired.
    public var retiredNames: Int
    /// Change sets whose trash was emptied.
    public var emptiedTrash: Int
    /// Originals that no change set within the retention needs.
    public var removedOriginals: Int
    /// When the next old name's time is up, in nanoseconds since 1970; nil where none waits.
    public var nextRetirement: Int64?

    /// Creates a report.
    public init(
        retiredNames: Int = 0, emptiedTrash: Int = 0, removedOriginals: Int = 0,
        nextRetirement: Int64? = nil
    ) {
        self.retiredNames = retiredNames
        self.emptiedTrash = emptiedTrash
        self.removedOriginals = removedOriginals
        self.nextRetirement = nextRetirement
    }
}

extension Engine {
    /// Retires old names whose time is up and removes originals and trash beyond their retention.
    ///
    /// References decide before data goes: an original stays while any change set younger than the
    /// retention could need it (P10).
    ///
    /// - Parameter retention: how long originals are kept, in nanoseconds.
    public func tidy(retention: Int64) throws(MonikerError) -> TidyReport {
        var report = TidyReport()
        let now = ports.clock.now()
        for record in try ports.journal.changeSets().reversed() where record.state == .done {
            if !isTimeUp(record) {
                let waits = try ports.journal.moves(of: record.id).contains {
                    $0.oldName == .alive && $0.revertedBy == nil && $0.keepReason == nil
                }
                if waits, record.keepOldUntil != .max {
                    report.nextRetirement = min(
                        report.nextRetirement ?? .max, record.keepOldUntil)
                }
            } else {
                report.retiredNames += try retire(record)
            }
            if now - record.created > retention {
                try ports.files.emptyTrash(of: record.id)
                report.emptiedTrash += 1
            }
        }
        report.removedOriginals = try removeOriginals(olderThan: now - retention)
        return report
    }

    private func retire(_ record: ChangeSetRecord) throws(MonikerError) -> Int {
        let waiting = try ports.journal.moves(of: record.id).contains {
            $0.status != nil && $0.oldName == .alive && $0.revertedBy == nil
                && $0.keepReason == nil
        }
        guard waiting else { return 0 }
        var directories = try ports.journal.directoryTimes(of: record.id)
        let untouched = try times(of: directories)
        let retired = try retireOldNames(of: record)
        let now = try times(of: directories)
        for index in directories.indices
        where directories[index].after == untouched[directories[index].directory] {
            directories[index].after = now[directories[index].directory]
        }
        try ports.journal.recordRetired(retired, directories: directories, of: record.id)
        return retired.count
    }

    private func removeOriginals(olderThan limit: Int64) throws(MonikerError) -> Int {
        var young: Set<JournalID> = []
        for record in try ports.journal.changeSets() where record.created >= limit {
            young.insert(record.id)
        }
        var removed = 0
        for original in try ports.journal.originalsInUse() where !young.contains(original.newest) {
            guard try ports.files.hasOriginal(original.digest, readingData: false) else { continue }
            try ports.files.removeOriginal(original.digest)
            removed += 1
        }
        return removed
    }
}
