import Access
import Dashboard
import Foundation
import HTTPTypes
import Jobs
import Model
import UseCases

/// Copies and poor texts, before and after.
struct AnalysisPage: Sendable {
    private let routes: AnalysisRoutes
    private let frame: PageMaker

    /// The most groups of copies that the page shows, and images of each.
    private static let mostGroups = 50
    private static let mostImages = 12

    init(_ environment: PageEnvironment) {
        routes = AnalysisRoutes(jobs: environment.jobs, worker: environment.jobsWorker)
        frame = environment.frame
    }

    var endpoints: [Endpoint] { [Endpoint(.get, "/analysis", .page, show)] }

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let standing = try await routes.standing()
        var report: AnalysisView.Report?
        if let job = standing.job, let text = job.report {
            report = try Self.report(text, made: job.finished ?? job.created)
        }
        return try frame.answer(
            AnalysisView(report: report, pending: standing.pending.map(JobPages.row)), request)
    }

    // MARK: Reading

    private struct Document: Decodable {
        struct Counts: Decodable {
            var present: Int
            var missing: Int
            var decorative: Int
        }
        struct Coverage: Decodable {
            var taken: String
            var images: Int
            var fields: [String: Counts]
            var score: Int?
        }
        struct Band: Decodable {
            var from: Int
            var through: Int
            var images: Int
        }
        struct Example: Decodable {
            var id: Int64
            var file: String
            var text: String?
        }
        struct Finding: Decodable {
            var code: String
            var field: String
            var severity: String
            var meaning: String
            var images: Int
            var examples: [Example]
        }
        struct Quality: Decodable {
            var score: Int
            var distribution: [Band]
            var alt_score: Int?
            var findings: [Finding]
        }
        struct Group: Decodable {
            var key: String
            var images: [Example]
        }
        struct Duplicates: Decodable {
            var content: [Group]
            var content_bytes: Int64
            var text: [Group]
        }
        struct Sample: Decodable {
            var images: Int
            var bytes: Int64
            var examples: [Example]
        }

        var images: Int
        var coverage: Coverage
        var before: Coverage?
        var history: [Coverage]
        var quality: Quality
        var duplicates: Duplicates
        var unused: Sample
        var camera_names: Sample
    }

    private static func report(
        _ text: String, made: Int64
    ) throws(MonikerError) -> AnalysisView.Report {
        let document: Document
        do {
            document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        } catch {
            throw MonikerError(
                .jobsUnusable,
                "the report of the last analysis cannot be read: begin another one", cause: error)
        }
        var report = AnalysisView.Report()
        report.made = made
        report.images = document.images
        report.now = coverage(document.coverage)
        report.before = document.before.map(coverage)
        report.history = document.history.map(coverage)
        report.score = document.quality.score
        report.altScore = document.quality.alt_score
        report.distribution = document.quality.distribution.map {
            ($0.from, $0.through, $0.images)
        }
        report.findings = document.quality.findings.map {
            AnalysisView.Finding(
                code: $0.code, field: $0.field, isRejection: $0.severity == "reject",
                meaning: PageMaker.sentence($0.meaning), count: $0.images,
                examples: $0.examples.map(example))
        }
        report.copies = document.duplicates.content.prefix(mostGroups).map { group($0, digits: 12) }
        report.copiesCount = document.duplicates.content.count
        report.copiesBytes = document.duplicates.content_bytes
        report.sameTexts = document.duplicates.text.prefix(mostGroups).map {
            group($0, digits: nil)
        }
        report.sameTextsCount = document.duplicates.text.count
        report.cameraNames = document.camera_names.images
        report.cameraExamples = document.camera_names.examples.map(example)
        report.unused = document.unused.images
        report.unusedBytes = document.unused.bytes
        report.unusedExamples = document.unused.examples.map(example)
        return report
    }

    private static func coverage(_ coverage: Document.Coverage) -> AnalysisView.Coverage {
        AnalysisView.Coverage(
            taken: seconds(coverage.taken),
            percents: coverage.fields.mapValues {
                let all = $0.present + $0.missing + $0.decorative
                return all == 0 ? 100 : ($0.present + $0.decorative) * 100 / all
            }, score: coverage.score)
    }

    private static func seconds(_ text: String) -> Int64 {
        do {
            return Int64(
                try Date.ISO8601FormatStyle().parse(text).timeIntervalSince1970)
        } catch {
            // Our own report has no other times; a page is not worth failing for one.
            return 0
        }
    }

    private static func example(_ example: Document.Example) -> AnalysisView.Example {
        AnalysisView.Example(
            id: example.id, file: example.file,
            text: example.text.flatMap { $0.isEmpty ? nil : $0 })
    }

    private static func group(_ group: Document.Group, digits: Int?) -> AnalysisView.Group {
        AnalysisView.Group(
            name: digits.map { String(group.key.prefix($0)) } ?? group.key,
            count: group.images.count, images: group.images.prefix(mostImages).map(example))
    }
}
