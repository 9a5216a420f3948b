import UseCases

/// The analysis of a site's images, for people.
struct AnalysisText {
    private let report: AnalysisReport
    private let isVerbose: Bool

    init(_ report: AnalysisReport, isVerbose: Bool) {
        self.report = report
        self.isVerbose = isVerbose
    }

    func write() {
        for line in lines { Output.standard.line(line) }
    }

    /// How many lines of a list are shown before the rest is only counted.
    private var shownLines: Int { isVerbose ? .max : 8 }

    private var lines: [String] {
        guard report.images > 0 else { return ["There are no images on \(report.site)."] }
        return ["\(count(report.images, "image")) of \(report.site)", ""]
            + coverage + [""] + quality + [""] + duplicates + names
    }

    private var coverage: [String] {
        var columns: [(String, Table.Alignment)] = [
            ("TEXT", .left), ("COVERAGE", .right), ("PRESENT", .right), ("MISSING", .right),
            ("DECORATIVE", .right),
        ]
        if report.before != nil { columns.append(("AT FIRST", .right)) }
        var table = Table(columns)
        for field in ["alt", "title", "caption", "description"] {
            guard let now = report.coverage.fields[field] else { continue }
            var cells = [
                field, "\(Self.percent(now)) %", "\(now.present)", "\(now.missing)",
                field == "alt" ? "\(now.decorative)" : "",
            ]
            if let before = report.before?.fields[field] {
                cells.append("\(Self.percent(before)) %")
            }
            table.add(cells)
        }
        var lines = table.lines(width: Output.standard.width)
        if let before = report.before {
            lines.append(
                "At first means \(before.taken.prefix(10)), with \(count(before.images, "image")).")
        }
        return lines
    }

    private var quality: [String] {
        var line = "Quality of the texts: \(report.quality.score) of 100"
        if let before = report.before?.score { line += ", at first \(before)" }
        if let alt = report.quality.altScore { line += "; alt texts alone \(alt)" }
        var lines = [line]
        let most = max(1, report.quality.distribution.map(\.images).max() ?? 1)
        for band in report.quality.distribution {
            let bar = String(
                repeating: "█", count: (band.images * 30 + most - 1) / most)
            lines.append(
                "  \(Self.padded("\(band.from)-\(band.through)", 7)) \(bar) \(band.images)")
        }
        let findings = report.quality.findings
        guard !findings.isEmpty else { return lines }
        var table = Table([
            ("IMAGES", .right), ("TEXT", .left), ("FINDING", .left), ("MEANING", .left),
            ("SUCH AS", .left),
        ])
        for finding in findings.prefix(shownLines) {
            table.add([
                "\(finding.images)", finding.field, finding.code, finding.meaning,
                finding.examples.first.map {
                    $0.text.isEmpty ? "\($0.id)" : "\($0.id) \u{201C}\($0.text)\u{201D}"
                } ?? "",
            ])
        }
        lines += table.lines(width: Output.standard.width)
        return lines + Self.more(findings.count - shownLines, "finding")
    }

    private var duplicates: [String] {
        let found = report.duplicates
        var lines = [
            "Same content in different files: \(count(found.content.count, "group"))"
                + (found.content.isEmpty
                    ? "" : ", \(Amount.bytes(found.contentBytes)) more than needed")
        ]
        for group in found.content.prefix(shownLines) {
            lines.append("  " + Self.names(group.images))
        }
        lines += Self.more(found.content.count - shownLines, "group")
        lines.append("Same alt text on different images: \(count(found.text.count, "text"))")
        for group in found.text.prefix(shownLines) {
            lines.append(
                "  \u{201C}\(PlainLine.of(group.key))\u{201D}: \(Self.names(group.images))")
        }
        return lines + Self.more(found.text.count - shownLines, "text")
    }

    private var names: [String] {
        var lines = ["Names that a camera or a program gave: \(report.cameraNames.images)"]
        if report.cameraNames.images > 0 {
            lines.append("  " + Self.names(report.cameraNames.examples))
        }
        lines.append(
            "Used nowhere: \(count(report.unused.images, "image")), \(Amount.bytes(report.unused.bytes))"
        )
        if report.unused.images > 0 {
            lines.append("  " + Self.names(report.unused.examples))
        }
        return lines
    }

    private static func names(_ images: [ImageExample]) -> String {
        let shown = images.prefix(4).map { "\($0.id) \(PlainLine.of($0.file))" }
        let more = images.count - shown.count
        return shown.joined(separator: ", ") + (more > 0 ? ", …" : "")
    }

    private static func more(_ number: Int, _ noun: String) -> [String] {
        number > 0 ? ["  … and \(count(number, "more \(noun)")) (--verbose shows all)"] : []
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func percent(_ counts: FieldCounts) -> Int {
        Amount.percent(counts.present, of: counts.present + counts.missing)
    }
}
