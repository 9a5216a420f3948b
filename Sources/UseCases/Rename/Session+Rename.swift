import Engine
public import Model
import Naming
import ReferenceIndex
import WordPress

extension Session {
    /// Gives one attachment another file name.
    ///
    /// - Parameters:
    ///   - name: the name as typed, with or without the extension; nil to make one from the title
    ///     or the alternative text.
    /// - Throws: with nothing changed, `unknown-attachment`, `external-file`, `file-missing`,
    ///   `name-unchanged`, `name-taken` and the codes of names that cannot be used; what planning
    ///   and applying throw.
    public func rename(
        _ attachment: AttachmentID, to name: [UInt8]?, keepOld: KeepOld, isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        if !isDryRun { try beginWriting() }
        let proposal = try proposal(naming: attachment, name, keepOld: keepOld)
        return try carryOut(proposal, isDryRun: isDryRun)
    }

    private func proposal(
        naming attachment: AttachmentID, _ name: [UInt8]?, keepOld: KeepOld
    ) throws(MonikerError) -> ChangeProposal {
        var proposer = RenameProposer(try library(.some([attachment])))
        try proposer.add(attachment, name: name)
        return try proposal(of: proposer, findings: [], keepOld: keepOld)
    }

    /// Gives many attachments other file names, in one pass over the database.
    ///
    /// An attachment that cannot be renamed is left out and listed; the others go on.
    ///
    /// - Throws: the reason of the first, when none can be renamed.
    public func rename(
        _ map: RenameMapFile, keepOld: KeepOld, isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        if !isDryRun { try beginWriting() }
        let proposal = try proposal(naming: map, keepOld: keepOld)
        guard !proposal.moves.isEmpty else {
            return ChangeReport(refusedFor: proposal.findings)
        }
        return try carryOut(proposal, isDryRun: isDryRun)
    }

    /// A function of its own, so that the library is not in memory while the proposal is carried out.
    private func proposal(
        naming map: RenameMapFile, keepOld: KeepOld
    ) throws(MonikerError) -> ChangeProposal {
        var proposer = RenameProposer(try library(.all))
        var findings: [FindingRecord] = []
        for line in map.lines {
            do {
                try proposer.add(line.attachment, name: line.name.isEmpty ? nil : line.name)
            } catch {
                findings.append(
                    FindingRecord(
                        kind: .skipped, reason: error.code.rawValue,
                        attachment: line.attachment,
                        detail: "line \(line.number): \(error.message)"))
            }
        }
        return try proposal(of: proposer, findings: findings, keepOld: keepOld)
    }

    private func proposal(
        of proposer: RenameProposer, findings: [FindingRecord], keepOld: KeepOld
    ) throws(MonikerError) -> ChangeProposal {
        ChangeProposal(
            kind: .rename, moves: proposer.moves,
            policy: site.policy(metadataDirectories: proposer.directories),
            textFiles: try textFiles(naming: proposer.moves.map(\.old)), oldNames: keepOld.policy,
            findings: findings)
    }

    /// Plans a proposal and, unless it is only to be looked at, applies it.
    func carryOut(
        _ proposal: ChangeProposal, isDryRun: Bool
    ) throws(MonikerError) -> ChangeReport {
        let index = try indexInUse()
        var ports = ports
        ports.index = index
        let plan = try planner(ports).plan(proposal, previewing: isDryRun)
        defer { for text in index?.notes ?? [] where !notes.contains(text) { note(text) } }
        guard !isDryRun else {
            var report = ChangeReport(planned: plan)
            report.index = index?.use.rawValue
            return report
        }
        let outcome = try engine(ports).apply(plan)
        repair(index)
        do {
            try bind()
        } catch {
            // The next command that writes does it.
            note("where the site is could not be written down: \(error.message)")
        }
        var report = ChangeReport(outcome, plan: plan)
        report.index = index?.use.rawValue
        return report
    }
}

/// Works out which files get which names.
struct RenameProposer {
    private var library: MediaLibrary
    private(set) var moves: [ProposedMove] = []
    /// The folders of all attachments whose own metadata changes.
    private(set) var directories: [AttachmentID: MediaPath?] = [:]
    /// New paths that are given away already, by this proposal.
    private var taken: Set<MediaPath> = []

    init(_ library: MediaLibrary) { self.library = library }

    /// Adds an attachment.
    ///
    /// - Throws: why it cannot be renamed; then nothing of it was added.
    mutating func add(_ id: AttachmentID, name: [UInt8]?) throws(MonikerError) {
        let (attachment, family) = try family(of: id)
        if directories[id] != nil {
            throw MonikerError(
                .fileShared,
                "attachment \(id) shares its file with another attachment, which is renamed at the same time and gives both the new name",
                details: ["attachment": "\(id)"])
        }
        let stem = try stem(name, of: attachment, family)
        let renamed = try family.renamed(to: stem)
        for (member, new) in renamed where taken.contains(new) && member.path != new {
            throw nameTaken(id, new)
        }
        for (member, new) in renamed {
            taken.insert(new)
            moves.append(
                ProposedMove(
                    attachment: id, role: member.role, old: member.path, new: new,
                    keepReason: member.sharedWith.isEmpty ? nil : .shared))
        }
        for row in family.attachments { directories.updateValue(family.directory, forKey: row) }
    }

    private mutating func family(
        of id: AttachmentID
    ) throws(MonikerError) -> (Attachment, FileFamily) {
        guard let attachment = library.attachment(id) else { throw Session.unknownAttachment(id) }
        if let external = attachment.externalFile {
            throw MonikerError(
                .externalFile,
                "attachment \(id) has no file below uploads (\(external)): it can only be renamed where the file is",
                details: ["attachment": "\(id)"])
        }
        guard let family = try library.family(of: id), family.attached?.isOnDisk == true else {
            throw MonikerError(
                .fileMissing,
                "the file \(attachment.attachedFile.map { "\($0)" } ?? "") of attachment \(id) is not on disk: restore it first",
                details: ["attachment": "\(id)"])
        }
        return (attachment, family)
    }

    private mutating func stem(
        _ name: [UInt8]?, of attachment: Attachment, _ family: FileFamily
    ) throws(MonikerError) -> [UInt8] {
        if let name {
            let stem = try TypedName.stem(from: name, currentExtension: family.pathExtension)
            guard stem != family.stem else { throw unchanged(attachment.id, stem) }
            if let collision = try library.collision(of: family, renamedTo: stem) {
                throw nameTaken(attachment.id, collision)
            }
            return stem
        }
        let texts = [attachment.title, attachment.alt, attachment.caption]
        guard let suggested = SuggestedName.stem(from: texts) else {
            throw MonikerError(
                .emptyName,
                "attachment \(attachment.id) has no title, alternative text or caption to make a name of: give a name",
                details: ["attachment": "\(attachment.id)"])
        }
        guard suggested != family.stem else { throw unchanged(attachment.id, suggested) }
        var library = library
        let taken = taken
        let stem = try UniqueName.stem(suggested) { (candidate) throws(MonikerError) in
            guard candidate != family.stem else { return false }
            if try library.collision(of: family, renamedTo: candidate) != nil { return true }
            return try family.renamed(to: candidate).contains { taken.contains($0.new) }
        }
        guard stem != family.stem else { throw unchanged(attachment.id, stem) }
        return stem
    }

    private func unchanged(_ id: AttachmentID, _ stem: [UInt8]) -> MonikerError {
        MonikerError(
            .nameUnchanged,
            "attachment \(id) has the file name \"\(displayText(stem))\" already: nothing to do",
            details: ["attachment": "\(id)"])
    }

    private func nameTaken(_ id: AttachmentID, _ path: MediaPath) -> MonikerError {
        MonikerError(
            .nameTaken,
            "attachment \(id) cannot be renamed: \(path) is there already; choose another name",
            details: ["attachment": "\(id)", "path": "\(path)"])
    }
}
