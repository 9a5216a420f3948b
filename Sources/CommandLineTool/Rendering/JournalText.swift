import UseCases
import WebAPI

/// The list of change sets, for people.
struct JournalText {
    private let entries: [JournalEntry]

    init(_ entries: [JournalEntry]) { self.entries = entries }

    func write() {
        guard !entries.isEmpty else {
            Output.standard.line("The journal is empty.")
            return
        }
        var table = Table([
            ("JOURNAL", .left), ("WHEN", .left), ("KIND", .left), ("STATE", .left),
            ("FILES", .right), ("CELLS", .right), ("WHAT", .left),
        ])
        for entry in entries {
            table.add([
                entry.journal, Moment.text(entry.created), entry.kind, entry.state,
                "\(entry.files)", "\(entry.cells)",
                entry.reverts.map { "of \($0)" } ?? entry.example ?? "",
            ])
        }
        for line in table.lines(width: Output.standard.width) { Output.standard.line(line) }
    }
}

/// One change set, for people.
struct JournalDetailText {
    private let detail: JournalDetail
    private let asked: AuditEntry?
    private let isVerbose: Bool

    init(_ detail: JournalDetail, asked: AuditEntry?, isVerbose: Bool) {
        self.detail = detail
        self.asked = asked
        self.isVerbose = isVerbose
    }

    func write() {
        let entry = detail.entry
        Output.standard.line(
            "\(entry.journal)  \(entry.kind)  \(entry.state)  \(Moment.text(entry.created))")
        if let reverts = entry.reverts { Output.standard.line("Takes back \(reverts)") }
        if let asked {
            Output.standard.line(
                "Asked for over HTTP by \(asked.name) (\(asked.caller)), request \(asked.request)")
        }
        if !detail.dependants.isEmpty {
            Output.standard.line(
                "Renamed again by \(detail.dependants.joined(separator: ", ")), which a revert takes back as well"
            )
        }
        Output.standard.line("Files (\(detail.files.count))")
        for file in shown(detail.files) {
            var line = "  \(file.old) -> \(file.new)"
            if let revert = file.revertedBy { line += "  (taken back by \(revert))" }
            if let reason = file.keptBecause { line += "  (old name kept: \(reason))" }
            Output.standard.line(line)
        }
        if !detail.texts.isEmpty { Output.standard.line("Texts (\(detail.texts.count))") }
        for text in shown(detail.texts) {
            let author = [text.provider, text.model].compactMap { $0 }.joined(separator: " ")
            var line =
                "  \(Self.place(text)), by \(author.isEmpty ? "a person" : author)"
            if !text.isWritten { line += "  (left: somebody was faster)" }
            if let revert = text.revertedBy { line += "  (taken back by \(revert))" }
            Output.standard.line(line)
            Output.standard.line("    - \(text.before ?? "")")
            Output.standard.line("    + \(text.after ?? "")")
        }
        Output.standard.line("Cells (\(detail.cells.count))")
        for cell in shown(detail.cells) {
            Output.standard.line(
                "  \(cell.table).\(cell.column)#\(cell.key)  \(count(cell.references, "reference"))"
            )
        }
        for file in detail.textFiles { Output.standard.line("Text file \(file)") }
        for cell in detail.conflicts {
            Output.standard.line(
                "conflict: \(cell.table ?? "").\(cell.column ?? "")#\(cell.key?.description ?? "") (\(cell.reason))"
            )
        }
        for cell in detail.opaque {
            Output.standard.line(
                "left as it is: \(cell.table ?? "").\(cell.column ?? "")#\(cell.key?.description ?? "") (\(cell.reason))"
            )
        }
        for attachment in detail.skipped {
            Output.standard.line("skipped \(attachment.attachment): \(attachment.detail)")
        }
    }

    /// Whose text it is.
    private static func place(_ text: JournalDetail.Text) -> String {
        guard let post = text.post, let shown = text.shown else {
            return "\(text.attachment) \(text.field)"
        }
        return
            "\(text.field) of \(shown.map { "\($0)" }.joined(separator: ", ")) in the content of post \(post)"
    }

    private func shown<Element>(_ elements: [Element]) -> ArraySlice<Element> {
        isVerbose ? elements[...] : elements.prefix(40)
    }
}

/// What `verify` found, for people.
struct VerifyText {
    private let report: VerifyReport

    init(_ report: VerifyReport) { self.report = report }

    func write() {
        for problem in report.problems {
            Output.standard.line(
                "\(problem.repaired ? "repaired" : "problem") (\(problem.check)): \(problem.message)"
            )
        }
        for note in report.notes {
            Output.standard.line("note (\(note.check)): \(note.message)")
        }
        Output.standard.line(
            report.isClean
                ? "Everything holds: \(count(report.changeSets, "change set")), \(count(report.originals, "original")), \(count(report.attachments, "attachment"))."
                : "\(count(report.problems.count { !$0.repaired }, "problem")).")
    }
}
