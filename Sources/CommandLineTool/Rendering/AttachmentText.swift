import UseCases

/// One attachment, for people.
struct AttachmentText {
    private let detail: AttachmentDetail

    /// How many lines of a list are shown before the rest is only counted.
    private static let shownLines = 20

    init(_ detail: AttachmentDetail) { self.detail = detail }

    func write() {
        for line in head + judgement + uses + rest {
            Output.standard.line(line)
        }
    }

    private var head: [String] {
        let attachment = detail.report.attachment
        let pixels = detail.image.flatMap { image in
            image.width.flatMap { width in image.height.map { "  \(width)×\($0)" } }
        }
        var lines = [
            "\(attachment.id)  \(PlainLine.of(attachment.file))  \(attachment.mime)\(pixels ?? "")"
        ]
        for (name, field, text) in [
            ("Alt text", "alt", attachment.alt), ("Title", "title", attachment.title),
            ("Caption", "caption", detail.report.caption),
            ("Description", "description", detail.report.description),
        ] {
            let state = detail.image?.fields[field]
            let shown =
                state == "decorative"
                ? "(empty on purpose: decorative)" : text.isEmpty ? "(missing)" : text
            lines.append(fact(name, shown))
        }
        for text in detail.report.provenance {
            let author = [text.provider, text.model].compactMap { $0 }.joined(separator: " ")
            lines.append(
                "  The \(text.field) is by \(author.isEmpty ? "a person" : PlainLine.of(author)), \(Moment.text(text.created)), \(text.journal)"
            )
        }
        if let image = detail.image {
            lines.append(fact("Language", image.language))
            if image.cameraName {
                lines.append(fact("File name", "as a camera or a program gave it"))
            }
            if !image.duplicates.isEmpty {
                lines.append(
                    fact(
                        "Same content",
                        "attachment\(image.duplicates.count == 1 ? "" : "s") "
                            + image.duplicates.map { "\($0)" }.joined(separator: ", ")))
            }
        }
        for text in detail.report.provenance {
            let author = [text.provider, text.model].compactMap(\.self).joined(separator: " ")
            lines.append(
                fact(
                    "Written",
                    "\(text.field) by \(author.isEmpty ? "a person" : author), \(Moment.text(text.created)), \(text.journal)"
                ))
        }
        if detail.report.attachments.count > 1 {
            lines.append(
                fact(
                    "Shared by",
                    "attachments "
                        + detail.report.attachments.map { "\($0)" }.joined(separator: ", ")))
        }
        return lines
    }

    private var judgement: [String] {
        guard let quality = detail.image?.quality else { return [] }
        var lines = ["Quality \(quality.score) of 100"]
        for finding in quality.findings {
            lines.append("  \(finding.code): \(PlainLine.of(finding.message))")
        }
        return lines
    }

    private var uses: [String] {
        guard let image = detail.image else { return [] }
        guard image.uses > 0 else { return ["Used nowhere that the inventory knows"] }
        var table = Table([("AS", .left), ("WHERE", .left), ("TITLE", .left)])
        var last: [String] = []
        var told = 0
        for use in image.usedIn {
            let cells = [
                use.kind, use.post.map { "\(use.type) \($0)" } ?? "option",
                use.heading.isEmpty ? use.title : "\(use.title) › \(use.heading)",
            ]
            told += 1
            if cells == last { continue }
            table.add(cells)
            last = cells
            if table.rowCount == Self.shownLines { break }
        }
        let more = image.uses - told
        return ["Used in"] + indent(table) + (more > 0 ? ["  … and \(more) more"] : [])
    }

    private var rest: [String] {
        let report = detail.report
        var files = Table([("PATH", .left), ("ROLE", .left), ("BYTES", .right)])
        for file in report.family {
            files.add([file.path, file.role, file.bytes.map { "\($0)" } ?? "not on disk"])
        }
        var lines = ["Files"] + indent(files)
        if report.references.isEmpty {
            lines.append("No reference to its files")
        } else {
            var references = Table([("WHERE", .left), ("ENCODING", .left), ("NAMES", .left)])
            for reference in report.references {
                references.add([
                    "\(reference.table).\(reference.column)#\(reference.key)",
                    reference.encoding.isEmpty
                        ? "plain" : reference.encoding.joined(separator: " > "),
                    reference.file,
                ])
            }
            lines += ["References"] + indent(references)
        }
        for cell in report.opaque {
            lines.append(
                "cannot be rewritten: \(cell.table ?? "").\(cell.column ?? "")#\(cell.key?.description ?? "") (\(cell.reason))"
            )
        }
        for (host, number) in report.foreign.sorted(by: { $0.key < $1.key }) {
            lines.append("\(count(number, "URL")) on \(host): another host")
        }
        return lines
    }

    private func fact(_ name: String, _ value: String) -> String {
        "  " + name + String(repeating: " ", count: max(1, 14 - name.count)) + PlainLine.of(value)
    }

    private func indent(_ table: Table) -> [String] {
        let width = Output.standard.width
        return table.lines(width: width == .max / 2 ? width : width - 2).map { "  " + $0 }
    }
}
