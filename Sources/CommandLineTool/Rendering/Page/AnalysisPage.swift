import UseCases

/// The analysis of a site's images as one HTML page: no script, nothing from elsewhere, so that it
/// can be sent, shown offline and printed.
struct AnalysisPage {
    private let report: AnalysisReport

    /// How many rows of a list are shown before the rest is only counted.
    private static let shownRows = 25
    private static let fields = [
        ("alt", "Alt text"), ("title", "Title"), ("caption", "Caption"),
        ("description", "Description"),
    ]

    init(_ report: AnalysisReport) { self.report = report }

    /// The page.
    var text: String { page.markup }

    private var page: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Images of \(host)</title>
        <style>\(Self.style)</style>
        </head>
        <body>
        <header>
        <h1>Images of <bdi>\(host)</bdi></h1>
        <p>\(Amount.number(report.images)) images in \(Amount.number(report.files)) files on \
        <bdi>\(report.site)</bdi>, as they were on <time datetime="\(report.made)">\(Self.date(report.made))</time>.</p>
        </header>
        <main>
        \(numbers)
        \(coverage)
        \(quality)
        \(duplicates)
        \(names)
        \(unused)
        \(notes)
        </main>
        <footer><p>Made by Moniker \(Version.current) with <code>moniker analyze --html</code>.</p></footer>
        </body>
        </html>

        """
    }

    private var host: String {
        let rest = report.site.split(separator: "/", maxSplits: 1).last.map(String.init) ?? ""
        return rest.drop { $0 == "/" }.isEmpty ? report.site : String(rest.drop { $0 == "/" })
    }

    // MARK: Numbers

    private var numbers: HTML {
        let now = Self.percent(report.coverage.fields["alt"])
        let before = report.before.map { Self.percent($0.fields["alt"]) }
        let copies = report.duplicates.content.count
        let cards: [HTML] = [
            card("\(now) %", "have an alt text", before.map { "at first \($0) %" }),
            card(
                "\(report.quality.score)", "quality of 100",
                report.before?.score.map { "at first \($0)" }),
            card(
                Amount.number(report.cameraNames.images), "camera-like file names",
                "such as IMG_1234.jpg"),
            card(
                Amount.number(copies),
                copies == 1 ? "image is there twice" : "images are there twice",
                copies == 0 ? nil : Amount.bytes(report.duplicates.contentBytes)),
            card(
                Amount.number(report.unused.images), "are used nowhere",
                report.unused.images == 0 ? nil : Amount.bytes(report.unused.bytes)),
        ]
        return "<ul class=\"cards\">\(cards)</ul>"
    }

    private func card(_ number: String, _ what: String, _ note: String?) -> HTML {
        """
        <li><b>\(number)</b> \(what)\(note.map { " <small>\($0)</small>" as HTML } ?? "")</li>
        """
    }

    // MARK: Coverage

    private var coverage: HTML {
        let rows = Self.fields.map { field, name -> HTML in
            guard let now = report.coverage.fields[field] else { return "" }
            let before = report.before?.fields[field]
            return """
                <tr><th scope="row">\(name)</th><td class="wide">\(bar(now))\
                \(before.map { "<div class=\"before\">\(bar($0))</div>" as HTML } ?? "")</td>\
                <td class="number">\(Self.percent(now)) %\
                \(before.map { "<br><small>at first \(Self.percent($0)) %</small>" as HTML } ?? "")</td>\
                <td class="number">\(Amount.number(now.present))</td>\
                <td class="number">\(field == "alt" ? Amount.number(now.decorative) : "")</td>\
                <td class="number">\(Amount.number(now.missing))</td></tr>
                """
        }
        let since =
            report.before.map { before -> HTML in
                """
                <p>The thin bars show <time datetime="\(before.taken)">\(Self.date(before.taken))</time>, \
                when the site was scanned first: \(Amount.number(before.images)) images.</p>
                """
            } ?? ""
        return """
            <section><h2>Which texts are there</h2>
            <table><thead><tr><th scope="col">Text</th><th scope="col">Images</th>\
            <th scope="col" class="number">Share</th><th scope="col" class="number">Present</th>\
            <th scope="col" class="number">Decorative</th><th scope="col" class="number">Missing</th>\
            </tr></thead><tbody>\(rows)</tbody></table>
            <p class="legend"><span class="key present"></span> present \
            <span class="key decorative"></span> empty on purpose \
            <span class="key missing"></span> missing</p>
            \(since)\(Charts.line(points))</section>
            """
    }

    private var points: [(day: String, percent: Int)] {
        report.history.map { (String($0.taken.prefix(10)), Self.percent($0.fields["alt"])) }
    }

    private func bar(_ counts: FieldCounts) -> HTML {
        Charts.stackedBar([
            ("present", "present", counts.present),
            ("decorative", "empty on purpose", counts.decorative),
            ("missing", "missing", counts.missing),
        ])
    }

    // MARK: Quality

    private var quality: HTML {
        let findings = report.quality.findings
        let rows = findings.prefix(Self.shownRows).map { finding -> HTML in
            let examples = finding.examples.map { example -> HTML in
                example.text.isEmpty
                    ? "<li>\(example.id) <span class=\"file\"><bdi>\(example.file)</bdi></span></li>"
                    : "<li>\(example.id) <q><bdi>\(Self.shortened(example.text))</bdi></q></li>"
            }
            return """
                <tr><td class="number">\(Amount.number(finding.images))</td><td>\(finding.field)</td>\
                <td>\(finding.meaning)<br><code>\(finding.code)</code></td>\
                <td class="wide"><ul>\(examples)</ul></td></tr>
                """
        }
        let alt =
            report.quality.altScore.map { " Alt texts that are there have \($0)." as HTML } ?? ""
        let table: HTML =
            findings.isEmpty
            ? "<p>Nothing was found.</p>"
            : """
            <table><thead><tr><th scope="col" class="number">Images</th><th scope="col">Text</th>\
            <th scope="col">What is wrong</th><th scope="col">Such as</th></tr></thead>\
            <tbody>\(Array(rows))</tbody></table>\(Self.more(findings.count, "findings"))
            """
        return """
            <section><h2>How good they are</h2>
            <p>On average \(report.quality.score) of 100.\(alt)</p>
            \(Charts.columns(report.quality.distribution))
            \(table)</section>
            """
    }

    // MARK: Duplicates, names, use

    private var duplicates: HTML {
        let content = report.duplicates.content
        let text = report.duplicates.text
        return """
            <section><h2>What is there twice</h2>
            <h3>The same picture in different files: \(Amount.number(content.count))</h3>
            \(content.isEmpty ? "<p>None.</p>" : groups(content, showsKey: false))
            <h3>The same alt text on different pictures: \(Amount.number(text.count))</h3>
            \(text.isEmpty ? "<p>None.</p>" : groups(text, showsKey: true))</section>
            """
    }

    private func groups(_ groups: [AnalysisReport.Group], showsKey: Bool) -> HTML {
        let items = groups.prefix(Self.shownRows).map { group -> HTML in
            let key: HTML = showsKey ? "<q><bdi>\(Self.shortened(group.key))</bdi></q> " : ""
            return "<li>\(key)\(images(group.images, most: 6))</li>"
        }
        return "<ul>\(Array(items))</ul>\(Self.more(groups.count, "groups"))"
    }

    private var names: HTML {
        """
        <section><h2>Names that say nothing</h2>
        <p>\(Amount.number(report.cameraNames.images)) files have a name that a camera, a phone or \
        a program gave them.</p>
        \(list(report.cameraNames))</section>
        """
    }

    private var unused: HTML {
        """
        <section><h2>Used nowhere</h2>
        <p>\(Amount.number(report.unused.images)) images are in no post, page, product, gallery, \
        custom field or setting that was found. Their files, without smaller sizes, take \
        \(Amount.bytes(report.unused.bytes)).</p>
        \(list(report.unused))</section>
        """
    }

    private func list(_ sample: AnalysisReport.Sample) -> HTML {
        guard !sample.examples.isEmpty else { return "" }
        let items = sample.examples.map { image -> HTML in
            """
            <li>\(image.id) <span class="file"><bdi>\(image.file)</bdi></span>\
            \(image.bytes.map { " <small>\(Amount.bytes($0))</small>" as HTML } ?? "")</li>
            """
        }
        let more = sample.images - items.count
        let rest: HTML = more > 0 ? "<p>… and \(Amount.number(more)) more.</p>" : ""
        return "<ul>\(items)</ul>\(rest)"
    }

    private func images(_ images: [ImageExample], most: Int) -> HTML {
        let items = images.prefix(most).enumerated().map { index, image -> HTML in
            """
            \(index == 0 ? "" : ", ")\(image.id) <span class="file"><bdi>\(image.file)</bdi></span>
            """
        }
        let more = images.count - most
        return "\(Array(items))\(more > 0 ? " and \(Amount.number(more)) more" : "")"
    }

    private var notes: HTML {
        """
        <section><h2>How this was counted</h2>
        <p>Shares are of the images that need the text: an image whose alt text is empty on purpose \
        is decoration and needs none. Scores come from fixed rules about length, filler, file names, \
        markup, repetition and duplicates; nobody looked at the pictures, so a good score says that \
        a text is well made, not that it is true. The site was only read.</p></section>
        """
    }

    // MARK: Words

    private static func percent(_ counts: FieldCounts?) -> Int {
        guard let counts else { return 100 }
        return Amount.percent(counts.present, of: counts.present + counts.missing)
    }

    private static func more(_ number: Int, _ noun: String) -> HTML {
        number > shownRows ? "<p>… and \(Amount.number(number - shownRows)) more \(noun).</p>" : ""
    }

    private static func shortened(_ text: String) -> String {
        text.count > 160 ? text.prefix(159) + "…" : text
    }

    /// `21 November 2026, 05:24 UTC` of `2026-11-21T05:24:00Z`.
    private static func date(_ time: String) -> String {
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August",
            "September", "October", "November", "December",
        ]
        let parts = time.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[1]) else { return time }
        return
            "\(parts[2]) \(months[parts[1] - 1]) \(parts[0]), \(time.dropFirst(11).prefix(5)) UTC"
    }
}
