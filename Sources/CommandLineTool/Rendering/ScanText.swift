import UseCases

/// What `scan` counted, for people.
struct ScanText {
    private let report: ScanReport
    private let isVerbose: Bool

    init(_ report: ScanReport, isVerbose: Bool) {
        self.report = report
        self.isVerbose = isVerbose
    }

    func write() {
        for line in lines { Output.standard.line(line) }
    }

    private var lines: [String] {
        var lines = [
            "\(count(report.images, "image")) with \(count(report.files, "file")) on disk"
                + (report.attachments > report.images
                    ? ", \(count(report.attachments - report.images, "other attachment"))" : "")
        ]
        guard report.images > 0 else { return lines }
        var table = Table([
            ("TEXT", .left), ("PRESENT", .right), ("MISSING", .right), ("DECORATIVE", .right),
            ("COVERAGE", .right),
        ])
        for field in ["alt", "title", "caption", "description"] {
            guard let counts = report.fields[field] else { continue }
            table.add([
                field, "\(counts.present)", "\(counts.missing)",
                field == "alt" ? "\(counts.decorative)" : "",
                "\(Amount.percent(counts.present, of: counts.present + counts.missing)) %",
            ])
        }
        lines += table.lines(width: Output.standard.width).map { "  " + $0 }
        lines.append(
            "used somewhere \(report.used), used nowhere \(report.unused)"
                + (report.unused > 0 ? " (\(Amount.bytes(report.unusedBytes)))" : ""))
        lines.append("names that a camera or a program gave: \(report.cameraNames)")
        lines.append(
            "copies of another image: \(report.duplicates)"
                + (report.duplicates > 0 ? " in \(count(report.duplicateGroups, "group"))" : ""))
        if report.missingFiles > 0 {
            lines.append("without a file on disk: \(report.missingFiles)")
        }
        if let references = report.references {
            lines.append("references in the database: \(references)")
        }
        if isVerbose {
            let work = report.scan
            lines.append(
                "read \(work.full ? "everything" : "what has changed"): \(count(work.changedAttachments, "attachment")), \(count(work.contentsRead, "content")) of \(count(work.posts, "post")), \(count(work.filesHashed, "file")) hashed; \(Int((work.seconds * 1000).rounded())) ms"
            )
        }
        return lines + hints
    }

    /// What to do next.
    private var hints: [String] {
        var hints: [String] = []
        if let alt = report.fields["alt"]?.missing, alt > 0 {
            hints.append("moniker images --missing alt --used   lists those that visitors meet")
        }
        if report.cameraNames > 0 {
            hints.append("moniker images --camera-names         lists the names worth changing")
        }
        return hints.isEmpty ? [] : ["Next:"] + hints.map { "  " + $0 }
    }
}
