import UseCases

/// What `site` found, for people.
struct SiteText {
    private let report: SiteReport

    init(_ report: SiteReport) { self.report = report }

    func write() {
        var facts: [(String, String)] = [
            ("WordPress", report.root),
            ("Database", "\(report.engine) \(report.version), \(report.database)"),
            ("Charset", report.charset ?? "not set"),
            ("Table prefix", report.prefix),
            (
                "Tables",
                report.tables.map {
                    "\($0.count) \($0.engine)\($0.transactional ? "" : " (no transactions)")"
                }.joined(separator: ", ")
            ),
            ("Uploads", report.uploads),
            ("Address", report.uploadsURL),
            ("Own hosts", report.hosts.joined(separator: ", ")),
            ("Attachments", "\(report.attachments)"),
            ("Hard links", report.hardLinks ? "yes" : "no: files are copied"),
            ("Reflinks", report.reflinks ? "yes" : "no: originals are copied"),
            (
                "Commits",
                report.durableCommits
                    ? "on disk at once" : "on disk within seconds: old names are kept that long"
            ),
        ]
        if report.multisite {
            facts.insert(("Network", "blog \(report.blog ?? 1)"), at: 4)
        }
        for (name, value) in facts {
            Output.standard.line(
                name + String(repeating: " ", count: max(1, 14 - name.count)) + value)
        }
        for warning in report.warnings {
            Output.standard.line("warning: \(warning.message)")
        }
    }
}

/// What `scan` counted, for people.
struct ScanText {
    private let report: ScanReport

    init(_ report: ScanReport) { self.report = report }

    func write() {
        Output.standard.line(
            "\(count(report.attachments, "attachment")), \(count(report.files, "file")) on disk, \(count(report.references, "reference")) in the database."
        )
        Output.standard.line(
            "\(count(report.unused, "attachment")) that nothing names; \(count(report.missingFiles, "attachment")) without a file on disk."
        )
        let missing = report.missing.filter { $0.value > 0 }.sorted { $0.key < $1.key }
        for (field, number) in missing {
            Output.standard.line("\(count(number, "attachment")) without \(field)")
        }
    }
}

/// A list of attachments, for people and spreadsheets.
struct ImageText {
    private let images: [ImageSummary]

    init(_ images: [ImageSummary]) { self.images = images }

    func write() {
        guard !images.isEmpty else {
            Output.standard.line("No attachments.")
            return
        }
        var table = Table([
            ("ID", .right), ("FILE", .left), ("FILES", .right), ("REFS", .right),
            ("MISSING", .left), ("TITLE", .left),
        ])
        for image in images {
            table.add([
                "\(image.id)", image.file, "\(image.files)",
                image.references.map { "\($0)" } ?? "?", image.missing.joined(separator: ","),
                image.title,
            ])
        }
        for line in table.lines(width: Output.standard.width) { Output.standard.line(line) }
    }

    /// RFC 4180.
    ///
    /// Text that a spreadsheet would take for a formula gets a quote in front.
    var csv: String {
        let header = "id,file,mime,title,alt,files,references,missing\n"
        return header
            + images.map { image in
                [
                    "\(image.id)", image.file, image.mime, image.title, image.alt,
                    "\(image.files)", image.references.map { "\($0)" } ?? "",
                    image.missing.joined(separator: " "),
                ].map(Self.field).joined(separator: ",") + "\n"
            }.joined()
    }

    private static func field(_ text: String) -> String {
        let safe = text.first.map { "=+-@\t\r".contains($0) } == true ? "'" + text : text
        guard safe.contains(where: { ",\"\n\r".contains($0) }) else { return safe }
        return "\""
            + safe.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}

/// One attachment, for people.
struct AttachmentText {
    private let report: AttachmentReport

    init(_ report: AttachmentReport) { self.report = report }

    func write() {
        let attachment = report.attachment
        Output.standard.line("\(attachment.id)  \(attachment.file)  \(attachment.mime)")
        for (name, value) in [
            ("Title", attachment.title), ("Alt", attachment.alt), ("Caption", report.caption),
            ("Description", report.description),
        ] {
            Output.standard.line(
                "  \(name)" + String(repeating: " ", count: 13 - name.count)
                    + (value.isEmpty ? "-" : value))
        }
        for text in report.provenance {
            let author = [text.provider, text.model].compactMap { $0 }.joined(separator: " ")
            Output.standard.line(
                "  The \(text.field) is by \(author.isEmpty ? "a person" : author), \(Moment.text(text.created)), \(text.journal)"
            )
        }
        if report.attachments.count > 1 {
            Output.standard.line(
                "  Shared by    attachments \(report.attachments.map { "\($0)" }.joined(separator: ", "))"
            )
        }
        Output.standard.line("Files")
        var files = Table([("PATH", .left), ("ROLE", .left), ("BYTES", .right)])
        for file in report.family {
            files.add([file.path, file.role, file.bytes.map { "\($0)" } ?? "not on disk"])
        }
        for line in files.lines(width: Output.standard.width) { Output.standard.line("  " + line) }
        Output.standard.line("References")
        var references = Table([("WHERE", .left), ("ENCODING", .left), ("NAMES", .left)])
        for reference in report.references {
            references.add([
                "\(reference.table).\(reference.column)#\(reference.key)",
                reference.encoding.isEmpty ? "plain" : reference.encoding.joined(separator: " > "),
                reference.file,
            ])
        }
        for line in references.lines(width: Output.standard.width) {
            Output.standard.line("  " + line)
        }
        for cell in report.opaque {
            Output.standard.line(
                "cannot be rewritten: \(cell.table ?? "").\(cell.column ?? "")#\(cell.key?.description ?? "") (\(cell.reason))"
            )
        }
        for (host, number) in report.foreign.sorted(by: { $0.key < $1.key }) {
            Output.standard.line("\(count(number, "URL")) on \(host): another host")
        }
    }
}
