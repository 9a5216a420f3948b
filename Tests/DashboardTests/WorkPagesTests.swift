import Foundation
import Testing

@testable import Dashboard

@Suite("Hostile texts on Review, Jobs, History, Analysis and Settings") struct WorkPagesTests {
    private func review(_ text: String) -> ReviewView {
        ReviewView(
            proposals: [
                ReviewView.Proposal(
                    id: 7, file: text, provider: text, model: text, since: 0, renames: true,
                    rules: [
                        ReviewView.Rule(
                            code: text, field: text, sentence: text, isRejection: true)
                    ],
                    fields: [ReviewView.Field(name: "alt", current: text, proposed: text)])
            ], total: 1, next: nil, isContinued: false)
    }

    private func row(_ text: String) -> JobRow {
        var values = JobRow.Values()
        values.id = text
        values.kind = text
        values.state = text
        values.request = text
        values.origin = text
        values.phase = text
        values.errorCode = text
        values.errorMessage = text
        values.schedule = text
        values.created = 1
        return JobRow(values)
    }

    private func jobs(_ text: String) -> JobsView {
        JobsView(
            lanes: [
                JobsView.Lane(
                    origin: text, queued: 1, running: 1, paused: 1, done: 1, total: 2,
                    etaSeconds: 5, waiting: 3)
            ], jobs: [row(text)],
            schedules: [
                JobsView.Schedule(id: text, kind: text, cron: text, next: 5, lastJob: text)
            ], state: nil, next: nil, provider: text, isOffline: false)
    }

    private func job(_ text: String) -> JobView {
        JobView(
            job: row(text), options: [JobView.Fact(text, text)],
            items: [JobView.Item(attachment: 7, state: text, code: text, detail: text)],
            journals: [text], next: nil)
    }

    private func entry(_ text: String) -> HistoryEntry {
        HistoryEntry(
            journal: text, kind: text, state: "done", created: 0, reverts: text, attachments: 2,
            files: 1, cells: 1, references: 1, texts: 1, example: text)
    }

    private func changeSet(_ text: String) -> ChangeSetView {
        ChangeSetView(
            entry: entry(text), requester: text,
            images: [
                ChangeSetView.Image(
                    attachment: 7,
                    changes: [.init(what: text, before: text, after: "other", note: text)],
                    family: [.init(what: text, before: "other", after: text)],
                    isReverted: false, canRevert: true)
            ], imageCount: 1,
            cells: [.init(place: text, references: 1, excerpts: [(text, text + "more")])],
            cellCount: 2, textFiles: [text], dependants: [text],
            conflicts: [.init(place: text, code: text)], opaque: [.init(place: text, code: text)],
            skipped: [.init(place: text, code: text, detail: text)], keptUntil: 9)
    }

    private func analysis(_ text: String) -> AnalysisView {
        var report = AnalysisView.Report()
        let example = AnalysisView.Example(id: 7, file: text, text: text)
        report.before = AnalysisView.Coverage(taken: 0, percents: ["alt": 10], score: 5)
        report.now = AnalysisView.Coverage(taken: 9, percents: ["alt": 90], score: 50)
        report.history = [report.now, report.now]
        report.distribution = [(0, 19, 3), (20, 39, 0)]
        report.findings = [
            AnalysisView.Finding(
                code: text, field: text, isRejection: true, meaning: text, count: 1,
                examples: [example])
        ]
        report.copies = [AnalysisView.Group(name: text, count: 2, images: [example])]
        report.sameTexts = report.copies
        report.cameraExamples = [example]
        report.unusedExamples = [example]
        return AnalysisView(report: report, pending: row(text))
    }

    private func settings(_ text: String) -> SettingsView {
        var values = SettingsView.Values()
        values.language = text
        values.context = text
        values.commandContext = text
        values.iconWords = [text]
        values.types = [text]
        values.baseURL = text
        values.model = text
        values.budget = text
        values.effectiveProvider = text
        values.effectiveServer = text
        values.effectiveModel = text
        values.keySource = text
        values.tokens = [
            .init(id: text, name: text, scope: text, state: "active", created: 0, expires: 5)
        ]
        return SettingsView(values)
    }

    private func check<Content: PageContent>(_ content: Content, _ payload: String) throws {
        let page = try ParsedPage.rendering(content)
        page.expectHarmless()
        #expect(page.text.contains(payload), "\(Content.template)")
        let ids = page.tags.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count, "\(Content.template)")
    }

    @Test("They are shown as they are", arguments: EscapingTests.payloads)
    func hostile(_ payload: String) throws {
        try check(review(payload), payload)
        try check(jobs(payload), payload)
        try check(job(payload), payload)
        try check(HistoryView(entries: [entry(payload)], next: nil, isContinued: false), payload)
        try check(changeSet(payload), payload)
        try check(analysis(payload), payload)
        try check(settings(payload), payload)
        let flows = DataFlowsView(flows: [
            .init(
                service: payload, server: payload, purpose: payload, data: [payload],
                when: payload, isActive: true, terms: nil, privacy: nil)
        ])
        try check(flows, payload)
    }

    @Test("Each control, picture and dialog has a name")
    func names() throws {
        try expectNames(try ParsedPage.rendering(review("a.jpg")))
        try expectNames(try ParsedPage.rendering(jobs("scan")))
        try expectNames(try ParsedPage.rendering(changeSet("a")))
        try expectNames(try ParsedPage.rendering(settings("a")))
    }

    private func expectNames(_ page: ParsedPage) throws {
        let ids = Set(page.tags.compactMap { $0.attributes["id"] })
        for tag in page.tags {
            for name in ["aria-labelledby", "aria-describedby"] {
                for target in (tag.attributes[name] ?? "").split(separator: " ") {
                    #expect(ids.contains(String(target)), "\(name)=\(target) leads nowhere")
                }
            }
            if tag.tag == "img" { #expect(tag.attributes["alt"] != nil) }
            if tag.tag == "dialog" { #expect(tag.attributes["aria-labelledby"] != nil) }
            if tag.tag == "svg" {
                #expect(
                    tag.attributes["role"] == "img"
                        && (tag.attributes["aria-labelledby"] ?? tag.attributes["aria-label"])
                            != nil
                )
            }
        }
    }
}

@Suite("What differs between two texts") struct TextDifferenceTests {
    private func marked(_ old: String?, _ new: String?) -> (String, String) {
        let difference = TextDifference(old, new)
        func text(_ parts: [TextDifference.Part]) -> String {
            parts.map { $0.isChanged ? "[\($0.text)]" : $0.text }.joined()
        }
        return (text(difference.before), text(difference.after))
    }

    @Test(
        "Only what changed is marked",
        arguments: [
            ("05/IMG_1.jpg", "05/red-bike.jpg", "05/[IMG_1].jpg", "05/[red-bike].jpg"),
            ("a red bike", "a red bike", "a red bike", "a red bike"),
            ("a red bike", "a blue bike", "a [red] bike", "a [blue] bike"),
            ("", "new text", "", "[new text]"), ("old", "", "[old]", ""),
        ])
    func parts(_ old: String, _ new: String, _ before: String, _ after: String) {
        let found = marked(old, new)
        #expect(found.0 == before)
        #expect(found.1 == after)
    }

    @Test("Both texts are there whole, whatever they are", arguments: 0..<40 as Range<UInt64>)
    func whole(seed: UInt64) {
        var random = Random(state: seed &+ 1)
        func text() -> String {
            String(
                String.UnicodeScalarView(
                    (0..<Int(random.next() % 60)).map { _ in
                        ["a", "b", " ", "-", "\u{301}", "é", "<", "\u{1F600}"][
                            Int(random.next() % 8)]
                    }.flatMap { String($0).unicodeScalars }))
        }
        let (old, new) = (text(), text())
        let difference = TextDifference(old, new)
        #expect(Array(difference.before.map(\.text).joined().utf8) == Array(old.utf8))
        #expect(Array(difference.after.map(\.text).joined().utf8) == Array(new.utf8))
        // What is not marked is the same text on both sides.
        #expect(
            difference.before.filter { !$0.isChanged }.map(\.text).joined().unicodeScalars
                .elementsEqual(
                    difference.after.filter { !$0.isChanged }.map(\.text).joined()
                        .unicodeScalars))
    }

    private struct Random {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
