import Engine
import Files
public import Model
import WordPress

extension Session {
    /// Finishes or rolls back what a crash left.
    public func recover() throws(MonikerError) -> [RecoveryEntry] {
        try lockHome()
        return try recoverUnfinished().map {
            RecoveryEntry(journal: $0.id.description, state: $0.state.rawValue)
        }
    }

    /// Retires old names whose time is up and removes originals beyond their retention.
    public func tidy(retentionSeconds: Int64) throws(MonikerError) -> TidySummary {
        try lockHome()
        _ = try recoverUnfinished()
        let report = try engine.tidy(
            retention: min(retentionSeconds, .max / 1_000_000_000) * 1_000_000_000)
        return TidySummary(
            retiredNames: report.retiredNames, removedOriginals: report.removedOriginals,
            nextRetirement: report.nextRetirement.map { $0 / 1_000_000_000 })
    }

    /// Checks journal, originals, files and references against each other.
    public func verify(
        readingData: Bool, repairing: Bool
    ) throws(MonikerError) -> VerifyReport {
        if repairing { try lockHome() }
        var attachments: Set<AttachmentID> = []
        let records = try store.changeSets()
        for record in records where record.state == .done {
            attachments.formUnion(try store.moves(of: record.id).map(\.attachment))
        }
        var problems = try engine.verify(
            policy: try policy(for: attachments), readingData: readingData, repairing: repairing
        ).map {
            VerifyReport.Problem(
                check: $0.check.rawValue, message: $0.message, repaired: $0.isRepaired)
        }
        let library = try library(.all)
        problems += try metadataProblems(library)
        return VerifyReport(
            isClean: problems.allSatisfy(\.repaired),
            changeSets: records.count { $0.state == .done },
            originals: try files.originals().count, attachments: library.attachments.count,
            problems: problems)
    }

    /// F7: every file that an attachment's metadata names is on disk.
    private func metadataProblems(
        _ library: MediaLibrary
    ) throws(MonikerError) -> [VerifyReport.Problem] {
        var problems: [VerifyReport.Problem] = []
        for attachment in library.attachments {
            for path in Set(attachment.claimedPaths).sorted()
            where try files.status(of: path) == nil {
                problems.append(
                    VerifyReport.Problem(
                        check: VerifyFinding.Check.metadata.rawValue,
                        message:
                            "attachment \(attachment.id) names \(path), which is not on disk",
                        repaired: false))
            }
        }
        return problems
    }

    /// Removes everything that Moniker keeps in the site's database.
    ///
    /// - Throws: `needs-attention` while a change set is unfinished, because its marker decides.
    public func forget() throws(MonikerError) {
        try lockHome()
        _ = try recoverUnfinished()
        try site.database.removeTraces(prefix: site.prefix)
    }
}
