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
