import UseCases

/// What a site over REST is, for people.
struct RestCheckText {
    private let report: RemoteCheckReport

    init(_ report: RemoteCheckReport) { self.report = report }

    func write() {
        let roles =
            report.user.roles.isEmpty ? "no role" : report.user.roles.joined(separator: ", ")
        var lines = [
            "Site      \(PlainLine.of(report.name))",
            "API       \(PlainLine.of(report.api))",
            "Language  \(report.language ?? "not known")",
            "User      \(PlainLine.of(report.user.name)) (\(PlainLine.of(roles)))",
            "May edit  \(report.canEditOthers ? "all images" : "own images only")",
            "Media     \(report.media), \(count(report.images, "image")) among them",
        ]
        if !report.canStoreAnyHTML {
            lines.append("WordPress takes HTML that it does not allow out of this user's texts.")
        }
        for line in lines { Output.standard.line(line) }
    }
}

/// A change over REST, for people.
struct RestChangeText {
    private let report: ChangeReport
    private let isVerbose: Bool

    init(_ report: ChangeReport, isVerbose: Bool) {
        self.report = report
        self.isVerbose = isVerbose
    }

    func write() {
        for line in lines { Output.standard.line(line) }
    }

    private var lines: [String] {
        list(
            (report.changes ?? []).flatMap {
                [
                    "\($0.attachment ?? 0) \($0.field ?? "")", "  - \(PlainLine.of($0.before))",
                    "  + \(PlainLine.of($0.after))",
                ]
            })
            + [headline]
            + (report.journal.map {
                ["Change set \($0); take it back with: moniker rest revert \($0)"]
            } ?? [])
            + list(
                report.conflicts.map {
                    "\($0.attachment ?? 0) \($0.field ?? ""): \(Self.meaning(of: $0.reason))"
                })
            + list(
                report.skipped.map {
                    "skipped \($0.attachment) (\($0.reason)): \(PlainLine.of($0.detail))"
                })
    }

    private var headline: String {
        let what = "\(count(report.cells, "text")) of \(count(report.attachments, "attachment"))"
        return switch report.state {
        case .planned: "Would write \(what). Nothing was changed (--dry-run)."
        case .refused: "Nothing was changed."
        case .done, .partial:
            report.reverts.map { "Took back \($0): \(what)." } ?? "Wrote \(what)."
        }
    }

    private static func meaning(of reason: String) -> String {
        switch reason {
        case "altered": "WordPress made something else of it; see moniker rest history"
        case "uncertain": "the site holds neither the old text nor the new one; look at it there"
        case "pending": "the site could not be asked; the next writing command asks"
        default: "somebody was faster (\(reason)); the text was left as it is"
        }
    }

    private func list(_ lines: [String]) -> [String] {
        BriefList.of(lines, isVerbose: isVerbose)
    }
}

/// What was written over REST, for people.
enum RestHistoryText {
    /// Prints the list of change sets.
    static func write(_ entries: [RemoteHistoryEntry]) {
        guard !entries.isEmpty else {
            Output.standard.line("Nothing was written to this site with this home.")
            return
        }
        var table = Table([
            ("CHANGE SET", .left), ("WHEN", .left), ("STATE", .left), ("IMAGES", .right),
            ("TEXTS", .left),
        ])
        for entry in entries {
            table.add([
                entry.journal, Moment.text(entry.created),
                entry.reverts.map { "\(entry.state), of \($0)" } ?? entry.state,
                "\(entry.attachments)", states(entry),
            ])
        }
        for line in table.lines(width: Output.standard.width) { Output.standard.line(line) }
    }

    /// Prints one change set.
    static func write(_ detail: RemoteHistoryDetail) {
        let entry = detail.entry
        Output.standard.line(
            "\(entry.journal)  \(entry.state)  \(Moment.text(entry.created))  \(states(entry))")
        if let reverts = entry.reverts { Output.standard.line("Takes back \(reverts)") }
        for text in detail.texts {
            var line = "\(text.attachment) \(text.field), \(text.state)"
            let author = [text.provider, text.model].compactMap { $0 }.joined(separator: " ")
            if text.source != nil { line += ", by \(author.isEmpty ? "a person" : author)" }
            if let revert = text.revertedBy { line += "  (taken back by \(revert))" }
            if let reason = text.reason { line += "  (\(reason))" }
            Output.standard.line(line)
            Output.standard.line("  - \(PlainLine.of(text.before))")
            Output.standard.line("  + \(PlainLine.of(text.after))")
            if let stored = text.stored { Output.standard.line("  = \(PlainLine.of(stored))") }
        }
    }

    private static func states(_ entry: RemoteHistoryEntry) -> String {
        entry.states.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ")
    }
}
