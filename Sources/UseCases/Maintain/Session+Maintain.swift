import Engine
import Files
public import Model
import ReferenceIndex
import WordPress

extension Session {
    /// Finishes or rolls back what a crash left, and says which change sets the database has lost.
    ///
    /// - Parameter adopting: whether the home is to belong to this site from now on, although the
    ///   site was somewhere else before.
    /// - Parameter rollingBack: whether a change set that was stopped between two transactions is
    ///   taken back instead of finished. What a crash left in any other way has only one end.
    public func recover(
        adopting: Bool = false, rollingBack: Bool = false
    ) throws(MonikerError) -> [RecoveryEntry] {
        try lockHome()
        try requireOwnSite(adopting: adopting)
        var entries: [RecoveryEntry] = []
        for recovered in try recoverUnfinished(stopped: rollingBack ? .close : .finish) {
            if recovered.isClosed {
                _ = try revert(recovered.id, only: nil, keepOld: .none, isDryRun: false)
            }
            entries.append(
                RecoveryEntry(
                    journal: recovered.id.description,
                    state: recovered.isClosed ? "reverted" : recovered.state.rawValue))
        }
        entries += try engine.lostChangeSets().map {
            RecoveryEntry(journal: $0.id.description, state: "lost")
        }
        return entries
    }

    /// Retires old names whose time is up and removes originals beyond their retention.
    public func tidy(retentionSeconds: Int64) throws(MonikerError) -> TidySummary {
        try lockHome()
        try requireOwnSite()
        _ = try recoverUnfinished()
        let report = try engine.tidy(
            retention: min(retentionSeconds, .max / 1_000_000_000) * 1_000_000_000)
        return TidySummary(
            retiredNames: report.retiredNames, removedOriginals: report.removedOriginals,
            forgottenChangeSets: report.forgottenChangeSets,
            nextRetirement: report.nextRetirement.map { $0 / 1_000_000_000 })
    }

    /// Checks journal, originals, files and references against each other.
    public func verify(
        readingData: Bool, repairing: Bool
    ) throws(MonikerError) -> VerifyReport {
        if repairing {
            try lockHome()
            try requireOwnSite()
        }
        var attachments: Set<AttachmentID> = []
        let records = try store.changeSets()
        let library = try library(.all)
        let present = Set(library.attachments.map(\.id))
        var deleted: Set<MediaPath> = []
        for record in records where record.state == .done {
            let moves = try store.moves(of: record.id)
            attachments.formUnion(moves.map(\.attachment))
            deleted.formUnion(moves.filter { !present.contains($0.attachment) }.map(\.new))
        }
        var findings = try engine.verify(
            policy: try policy(for: attachments),
            options: VerifyOptions(
                readingData: readingData, repairing: repairing,
                textFiles: try uploadedTextFiles(), attachments: present))
        findings += try siteFindings()
        findings += try redirectFindings(deleted: deleted)
        findings += try metadataFindings(library)
        let problems = findings.filter { !$0.isInformation }
        return VerifyReport(
            isClean: problems.allSatisfy(\.isRepaired),
            changeSets: records.count { $0.state == .done },
            originals: try files.originals().count, attachments: library.attachments.count,
            problems: problems.map {
                VerifyReport.Problem(
                    check: $0.check.rawValue, message: $0.message, repaired: $0.isRepaired)
            },
            notes: findings.filter(\.isInformation).map {
                VerifyReport.Note(check: $0.check.rawValue, message: $0.message)
            })
    }

    /// F4: the site is where the journal says it is.
    private func siteFindings() throws(MonikerError) -> [VerifyFinding] {
        guard let message = try foreignSite() else { return [] }
        return [VerifyFinding(check: .incarnation, message: message)]
    }

    /// F7: every file that an attachment's metadata names is on disk.
    private func metadataFindings(
        _ library: MediaLibrary
    ) throws(MonikerError) -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        for attachment in library.attachments {
            for path in Set(attachment.claimedPaths).sorted()
            where try files.status(of: path) == nil {
                findings.append(
                    VerifyFinding(
                        check: .metadata,
                        message: "attachment \(attachment.id) names \(path), which is not on disk"))
            }
        }
        return findings
    }

    /// F14: every redirect leads to a file, and away from none that is somebody else's.
    private func redirectFindings(
        deleted: Set<MediaPath>
    ) throws(MonikerError) -> [VerifyFinding] {
        var findings: [VerifyFinding] = []
        let prefix = uploadsURLPath + "/"
        for redirect in try redirects() {
            guard let old = MediaPath(ifValid: redirect.old.utf8.dropFirst(prefix.utf8.count)),
                let new = MediaPath(ifValid: redirect.new.utf8.dropFirst(prefix.utf8.count))
            else { continue }
            guard let target = try files.status(of: new) else {
                findings.append(
                    VerifyFinding(
                        check: .redirect,
                        message:
                            "the redirect from \(old) leads to \(new), which is not on disk",
                        isInformation: deleted.contains(new)))
                continue
            }
            if let other = try files.status(of: old), other.identity != target.identity,
                other.size != target.size || other.modified != target.modified
            {
                findings.append(
                    VerifyFinding(
                        check: .redirect,
                        message:
                            "the redirect from \(old) hides another file that has this name now: leave it out of the server's configuration",
                        isInformation: true))
            }
        }
        return findings
    }

    /// Removes everything that Moniker keeps in the site's database, the reference index included.
    ///
    /// - Throws: `needs-attention` while a change set is unfinished, because its marker decides.
    public func forget() throws(MonikerError) {
        try lockHome()
        try requireOwnSite()
        _ = try recoverUnfinished()
        try site.database.removeTraces(prefix: site.prefix)
        try referenceIndex()?.discard()
    }
}
