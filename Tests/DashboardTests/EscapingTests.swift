import Dashboard
import Foundation
import Testing

@Suite("Hostile texts on pages") struct EscapingTests {
    /// Texts that end elements, attributes or strings where they are not escaped; the last ones do so
    /// only for who looks at code points, as browsers do.
    static let payloads = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onfocus='alert(1)",
        "javascript:alert(1)", "</title><script>alert(1)</script>", "<!-- --><b>bold</b>",
        "{{title}}{{{title}}}{{#rows}}", "&lt;script&gt;", "`onload=alert(1)`",
        "\"\u{301} onmouseover=alert(1) x=\"\u{301}", "<\u{200D}script>alert(1)", "</dialog></ul>",
        "\"\u{20DD}><b\u{20DD}>bold</b>",
    ]

    private func images(_ text: String) -> ImagesView {
        var view = ImagesView()
        view.filter = ImagesView.Filter(search: text, missing: text, used: text, cameraName: text)
        view.rows = [row(text)]
        view.count = text
        view.dialogs = [JobDialog(kind: text, provider: text, isForSelection: true)]
        return view
    }

    private func row(_ text: String) -> ImagesView.Row {
        ImagesView.Row(
            id: 7, file: text, mime: text, title: text, alt: text, missing: [text],
            isDecorative: true, hasCameraName: true, use: text, bytes: 1, width: 1, height: 1)
    }

    private func change(_ text: String) -> ChangeLine {
        ChangeLine(
            id: text, created: 0, kind: text, state: "done", attachments: 1, files: 1,
            references: 1, texts: 1, example: text)
    }

    @Test("The list of images shows them as they are", arguments: payloads)
    func list(_ payload: String) throws {
        let page = try ParsedPage.rendering(images(payload))
        page.expectHarmless()
        #expect(page.text.contains(payload))
        #expect(
            page.tags.contains {
                $0.tag == "input" && $0.attributes["id"] == "filter-q"
                    && $0.attributes["value"] == payload
            })
        #expect(page.values.contains { $0 == "Select \(payload.afterLastSlash)" })
    }

    @Test("The details show them as they are", arguments: payloads)
    func details(_ payload: String) throws {
        var view = ImageView(row(payload))
        view.texts = TextField.allCases.map { ImageView.Text($0, payload, source: payload) }
        view.files = [
            ImageView.File(path: payload, role: "size:\(payload)", bytes: nil, sharedWith: [3])
        ]
        view.facts = [ImageView.Fact(payload, payload)]
        view.uses = [
            ImageView.Use(kind: payload, type: payload, title: payload, heading: payload, post: 1)
        ]
        view.findings = [
            ImageView.Finding(message: payload, severity: "warn", field: payload)
        ]
        view.copies = [ImageView.Copy(2)]
        view.changes = [change(payload)]
        let page = try ParsedPage.rendering(view)
        page.expectHarmless()
        #expect(page.text.components(separatedBy: payload).count > 10)
    }

    @Test("References show them as they are", arguments: payloads)
    func references(_ payload: String) throws {
        var view = ReferencesView(id: 7, file: payload)
        view.references = [
            ReferencesView.Reference(
                table: payload, row: payload, column: payload, file: payload, excerpt: payload,
                encoding: [payload])
        ]
        view.opaque = [payload]
        view.foreign = [payload]
        view.rest = payload
        let page = try ParsedPage.rendering(view)
        page.expectHarmless()
        #expect(page.text.components(separatedBy: payload).count > 9)
    }

    @Test("The overview shows them as they are", arguments: payloads)
    func overview(_ payload: String) throws {
        var view = OverviewView()
        view.failure = payload
        view.site = OverviewView.SiteFacts(
            url: payload, uploads: payload, engine: payload, version: payload,
            isDatabaseReadOnly: true, areUploadsWritable: true)
        view.jobs = [
            JobLine(
                id: payload, kind: payload, state: payload, phase: payload, done: 0, total: 0,
                etaSeconds: 3)
        ]
        view.spending = OverviewView.Spending([(payload, payload, 1, 20_000)])
        view.changes = [change(payload)]
        view.unfinished = [change(payload)]
        view.dialogs = [JobDialog(kind: payload, provider: payload)]
        let page = try ParsedPage.rendering(view, site: payload)
        page.expectHarmless()
        #expect(page.text.components(separatedBy: payload).count > 10)
    }

    @Test("Login and problems show them as they are", arguments: payloads)
    func others(_ payload: String) throws {
        let login = try ParsedPage.rendering(
            LoginView(next: payload, hasPassword: true, message: payload))
        login.expectHarmless()
        #expect(
            login.tags.contains {
                $0.attributes["name"] == "next" && $0.attributes["value"] == payload
            })
        let problem = try ParsedPage.rendering(
            ProblemView(title: payload, message: payload, code: payload, request: payload))
        problem.expectHarmless()
        #expect(problem.text.components(separatedBy: payload).count > 4)
    }
}

extension String {
    /// What stands after the last slash, as the list shows a file's name.
    fileprivate var afterLastSlash: String {
        lastIndex(of: "/").map { String(self[index(after: $0)...]) } ?? self
    }
}
