import Engine
public import Model
import WordPress

extension Session {
    /// Writes texts of attachments and gives files other names, as one change set.
    ///
    /// Texts are stored as WordPress stores them; `post_modified` stays as it is, so that a revert
    /// leaves nothing behind. What cannot be done is listed, and the rest goes on: an attachment that
    /// is none, a text that somebody has changed since it was read, one that its column cannot hold, a
    /// name that is taken.
    ///
    /// - Parameters:
    ///   - changes: one for each attachment.
    ///   - kind: what asks for it; for `clear`, an empty text alternative takes its rows away instead
    ///     of marking decoration.
    ///   - updatesContents: whether the text alternatives in posts follow, where they are missing,
    ///     empty or what the library had; those that a person wrote for a post stay.
    ///   - findings: what was left out before.
    /// - Throws: what planning and applying throw.
    public func write(
        _ changes: [AttachmentChange], kind: ChangeSetRecord.Kind, keepOld: KeepOld,
        isDryRun: Bool, updatesContents: Bool = false, findings: [FindingRecord] = []
    ) throws(MonikerError) -> ChangeReport {
        if !isDryRun { try beginWriting() }
        var findings = findings
        let texts = try StoredTexts(
            of: changes.map(\.attachment), in: site.database, prefix: site.prefix)
        let known = changes.filter { texts.contains($0.attachment) }
        for change in changes where !texts.contains(change.attachment) {
            findings.append(
                FindingRecord(
                    kind: .skipped, reason: ErrorCode.unknownAttachment.rawValue,
                    attachment: change.attachment,
                    detail: "there is no attachment \(change.attachment) on this site"))
        }
        var assignments = known.flatMap {
            Self.assignments($0, texts, removing: kind == .clear, &findings)
        }
        if updatesContents {
            assignments += try StoredContents(in: site.database, prefix: site.prefix)
                .assignments(following: Self.alternatives(known, texts))
        }
        let proposer = try names(known, &findings)
        let moves = proposer?.moves ?? []
        guard !assignments.isEmpty || !moves.isEmpty else {
            return ChangeReport(nothingToWrite: findings)
        }
        let proposal = ChangeProposal(
            kind: kind, moves: moves, assignments: assignments,
            policy: site.policy(metadataDirectories: proposer?.directories ?? [:]),
            textFiles: moves.isEmpty ? [] : try textFiles(naming: moves.map(\.old)),
            oldNames: keepOld.policy, findings: findings)
        return try carryOut(proposal, isDryRun: isDryRun)
    }

    private static func assignments(
        _ change: AttachmentChange, _ texts: StoredTexts, removing: Bool,
        _ findings: inout [FindingRecord]
    ) -> [CellAssignment] {
        var assignments: [CellAssignment] = []
        for field in MetadataField.allCases {
            guard let text = change.texts[field] else { continue }
            guard isAsExpected(field, change, texts) else {
                findings.append(
                    FindingRecord(
                        kind: .conflict, reason: "changed-meanwhile", attachment: change.attachment,
                        address: texts.address(of: field, of: change.attachment),
                        detail: field.rawValue))
                continue
            }
            assignments += texts.actions(
                writing: Array(text.utf8), as: field, of: change.attachment, removing: removing
            ).map {
                CellAssignment(
                    attachment: change.attachment, field: field, source: change.source, action: $0)
            }
        }
        return assignments
    }

    /// Whether a text is what it was when it was read.
    private static func isAsExpected(
        _ field: MetadataField, _ change: AttachmentChange, _ texts: StoredTexts
    ) -> Bool {
        guard let expected = change.expected[field] else { return true }
        let current = texts.text(field, of: change.attachment)
        return current.elementsEqual(expected.utf8)
            || String(decoding: current, as: UTF8.self) == expected
    }

    /// The text alternatives that are written, over which.
    private static func alternatives(
        _ changes: [AttachmentChange], _ texts: StoredTexts
    ) -> [AttachmentID: (old: [UInt8], new: [UInt8], source: TextSource)] {
        var alternatives: [AttachmentID: (old: [UInt8], new: [UInt8], source: TextSource)] = [:]
        for change in changes where isAsExpected(.alt, change, texts) {
            guard let text = change.texts[.alt] else { continue }
            alternatives[change.attachment] = (
                texts.text(.alt, of: change.attachment), Array(text.utf8), change.source
            )
        }
        return alternatives
    }

    /// The most attachments whose neighbours are looked for one folder after the other.
    private static let fewAttachments = 50

    private func names(
        _ changes: [AttachmentChange], _ findings: inout [FindingRecord]
    ) throws(MonikerError) -> RenameProposer? {
        let renamed = changes.filter { $0.stem != nil }
        guard !renamed.isEmpty else { return nil }
        var proposer = RenameProposer(
            try library(
                renamed.count > Self.fewAttachments ? .all : .some(Set(renamed.map(\.attachment)))))
        for change in renamed {
            do throws(MonikerError) {
                try proposer.add(change.attachment, name: change.stem)
            } catch {
                findings.append(
                    FindingRecord(
                        kind: .skipped, reason: error.code.rawValue,
                        attachment: change.attachment, detail: error.message))
            }
        }
        return proposer
    }
}

extension ChangeReport {
    /// The report of a change of which nothing is to be done, or nothing can be.
    init(nothingToWrite findings: [FindingRecord]) {
        self.init(findings: findings)
        let isUnchanged = { (reason: String) in reason == ErrorCode.nameUnchanged.rawValue }
        guard !skipped.allSatisfy({ isUnchanged($0.reason) }) || !conflicts.isEmpty else {
            state = .done
            return
        }
        if let first = skipped.first(where: { !isUnchanged($0.reason) }) {
            error = Failure(
                code: first.reason, message: "nothing was changed: \(first.detail)",
                details: ["attachment": "\(first.attachment)"])
        } else if let first = conflicts.first {
            error = Failure(
                code: first.reason,
                message:
                    "nothing was changed: the text in \(first.table ?? "").\(first.column ?? "")#\(first.key?.description ?? "") is not the one that was read; read it again",
                details: [:])
        }
    }
}
