/// Copies and poor texts, before and after.
public struct AnalysisView: PageContent {
    /// The template that shows it.
    public static let template = "analysis"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .analysis
    /// The scripts that it begins with.
    public static let scripts = ["analysis.js"]

    /// How many images have each text, at a point in time.
    public struct Coverage: Sendable {
        let taken: Int64
        let percents: [String: Int]
        let score: Int?

        /// Creates coverage.
        ///
        /// - Parameter percents: the share of images that have a text or need none, by field.
        public init(taken: Int64, percents: [String: Int], score: Int?) {
            self.taken = taken
            self.percents = percents
            self.score = score
        }
    }

    /// An image as an example.
    public struct Example: Sendable {
        let id: Int64
        let file: String
        let text: String?

        /// Creates an example.
        public init(id: Int64, file: String, text: String? = nil) {
            self.id = id
            self.file = file
            self.text = text
        }
    }

    /// What the gate finds in a text of many images.
    public struct Finding: Sendable {
        let code: String
        let field: String
        let isRejection: Bool
        let meaning: String
        let count: Int
        let examples: [Example]

        /// Creates a finding.
        public init(
            code: String, field: String, isRejection: Bool, meaning: String, count: Int,
            examples: [Example]
        ) {
            self.code = code
            self.field = FieldName.label(field)
            self.isRejection = isRejection
            self.meaning = meaning
            self.count = count
            self.examples = examples
        }
    }

    /// Images that have something in common.
    public struct Group: Sendable {
        let name: String
        let count: Int
        let images: [Example]

        /// Creates a group.
        public init(name: String, count: Int, images: [Example]) {
            self.name = name
            self.count = count
            self.images = images
        }
    }

    /// What the newest report says.
    public struct Report: Sendable {
        /// When it was made, in seconds since 1970.
        public var made: Int64 = 0
        /// How many images there are.
        public var images = 0
        /// Coverage now.
        public var now = Coverage(taken: 0, percents: [:], score: nil)
        /// Coverage when the site was first seen; nil where that is now.
        public var before: Coverage?
        /// Coverage on every day that is kept.
        public var history: [Coverage] = []
        /// The quality of all texts, of 100.
        public var score = 0
        /// The quality of alt texts; nil where there are none.
        public var altScore: Int?
        /// Images by score: from, through, how many.
        public var distribution: [(Int, Int, Int)] = []
        /// What is wrong, the most frequent first.
        public var findings: [Finding] = []
        /// The same picture in several files.
        public var copies: [Group] = []
        /// How many groups of copies there are.
        public var copiesCount = 0
        /// How many bytes the copies take.
        public var copiesBytes: Int64 = 0
        /// Different pictures with the same alt text.
        public var sameTexts: [Group] = []
        /// How many groups of these there are.
        public var sameTextsCount = 0
        /// Images with a name by a camera.
        public var cameraNames = 0
        /// Some of them.
        public var cameraExamples: [Example] = []
        /// Images that nothing uses.
        public var unused = 0
        /// How many bytes these take.
        public var unusedBytes: Int64 = 0
        /// Some of these.
        public var unusedExamples: [Example] = []

        /// Creates a report of nothing.
        public init() {}
    }

    /// A row of the table beside the chart.
    struct CoverageRow: Sendable {
        let label: String
        let before: String
        let now: String
        let change: String
    }

    /// The report as the template sees it.
    struct Shown: Sendable {
        let made: PageTime
        let images: Int
        let score: Int
        let altScore: String
        let scoreBefore: String?
        let since: PageTime?
        let bars: [Chart.Bar]
        let barsHeight: Int
        let rows: [CoverageRow]
        let line: Chart.Line?
        let columns: [Chart.Bar]
        let findings: [Finding]
        let copies: [Group]
        let copiesCount: Int
        let copiesBytes: String
        let sameTexts: [Group]
        let sameTextsCount: Int
        let cameraNames: Int
        let cameraExamples: [Example]
        let unused: Int
        let unusedBytes: String
        let unusedExamples: [Example]

        init(_ report: Report) {
            made = PageTime(report.made)
            images = report.images
            score = report.score
            altScore = report.altScore.map { "\($0)" } ?? "–"
            scoreBefore = report.before?.score.map { "\($0)" }
            since = report.before.map { PageTime($0.taken) }
            var shares: [(label: String, percent: Int, isBefore: Bool)] = []
            var rows: [CoverageRow] = []
            for field in FieldName.all {
                let now = report.now.percents[field] ?? 0
                let label = FieldName.label(field)
                if let before = report.before?.percents[field] {
                    shares.append(("\(label), before", before, true))
                    rows.append(
                        CoverageRow(
                            label: label, before: "\(before) %", now: "\(now) %",
                            change: now >= before ? "+\(now - before)" : "−\(before - now)"))
                } else {
                    rows.append(
                        CoverageRow(label: label, before: "–", now: "\(now) %", change: "–"))
                }
                shares.append(("\(label), now", now, false))
            }
            bars = Chart.shares(shares)
            barsHeight = max(30, shares.count * 30)
            self.rows = rows
            line = Chart.line(
                report.history.map { (PageTime($0.taken), $0.percents["alt"] ?? 0) })
            columns = Chart.columns(report.distribution.map { ("\($0.0)–\($0.1)", $0.2) })
            findings = report.findings
            copies = report.copies
            copiesCount = report.copiesCount
            copiesBytes = Wording.bytes(report.copiesBytes)
            sameTexts = report.sameTexts
            sameTextsCount = report.sameTextsCount
            cameraNames = report.cameraNames
            cameraExamples = report.cameraExamples
            unused = report.unused
            unusedBytes = Wording.bytes(report.unusedBytes)
            unusedExamples = report.unusedExamples
        }
    }

    /// The heading.
    public let title = "Analysis"
    let report: Shown?
    let hasReport: Bool
    let pending: JobRow?

    /// Creates the page.
    ///
    /// - Parameters:
    ///   - report: nil where the site was never analysed.
    ///   - pending: the job that makes the next report; nil where there is none.
    public init(report: Report?, pending: JobRow?) {
        self.report = report.map(Shown.init)
        hasReport = report != nil
        self.pending = pending
    }
}
