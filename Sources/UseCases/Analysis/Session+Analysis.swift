import Engine
import Foundation
import Inventory
public import Model
import Quality
import WordPress

extension Session {
    /// How many images are read at once.
    private static let pageSize = 500
    /// The most examples of a finding.
    private static let exampleCount = 5
    /// The most images of a sample.
    private static let sampleSize = 20

    /// Takes the inventory, judges the texts of all images and counts.
    ///
    /// Nothing is written to the site; the coverage is added to the history in the home.
    ///
    /// - Parameter refreshes: whether changes on the site are read first.
    /// - Throws: what reading the site throws; `inventory-unusable`.
    /// - Complexity: two passes over the images; memory for every text alternative.
    public func analysis(refreshes: Bool = true) throws(MonikerError) -> AnalysisReport {
        let inventory = try refreshedInventory(refreshes: refreshes, hashing: .sameSize)
        let coverage = try inventory.coverage()
        var judge = ImageJudge()
        var paths: [Int64: ImageExample] = [:]
        let groups = try inventory.duplicates()
        let copies = Set(groups.flatMap(\.attachments))
        var done = 0
        try forEachPage(of: inventory) { (page) throws(MonikerError) in
            for item in page {
                judge.add(item)
                if copies.contains(item.id) { paths[item.id] = ImageExample(item) }
            }
            done += page.count
            report(ProgressReport(phase: "Comparing texts", done: done, total: coverage.images))
        }

        var tally = QualityTally(exampleCount: Self.exampleCount)
        var cameraNames = AnalysisReport.Sample(images: 0, bytes: 0, examples: [])
        var unused = AnalysisReport.Sample(images: 0, bytes: coverage.unusedBytes, examples: [])
        done = 0
        try forEachPage(of: inventory) { (page) throws(MonikerError) in
            for item in page {
                let uses =
                    item.isUsed ? try inventory.uses(of: AttachmentID(item.id), limit: 20) : []
                tally.add(item, judge.score(item, uses: uses))
                if item.hasCameraName {
                    cameraNames.add(item, sampleSize: Self.sampleSize)
                    cameraNames.bytes += item.bytes ?? 0
                }
                if !item.isUsed { unused.addLargest(item, sampleSize: Self.sampleSize) }
            }
            done += page.count
            report(ProgressReport(phase: "Judging texts", done: done, total: coverage.images))
        }

        let quality = tally.quality
        let snapshot = CoverageSnapshot(
            taken: ports.clock.now() / 1_000_000_000, coverage: coverage, score: quality.score)
        let history = try recordCoverage(snapshot).map(AnalysisReport.Coverage.init)
        let now = AnalysisReport.Coverage(snapshot)
        var before = history.first
        // The first scan may have judged nothing; progress of the texts is told from the first that did.
        let scored = history.filter { $0.score != nil }
        before?.score = scored.count > 1 ? scored.first?.score : nil
        if history.count < 2 { before = nil }
        return AnalysisReport(
            site: siteAddress, made: now.taken, images: coverage.images, files: coverage.files,
            coverage: now, before: before, history: history, quality: quality,
            duplicates: duplicates(groups, paths: paths, judge), cameraNames: cameraNames,
            unused: unused)
    }

    private func forEachPage(
        of inventory: Inventory, _ body: ([InventoryItem]) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        var cursor: AttachmentID?
        repeat {
            let page = try inventory.items(after: cursor, limit: Self.pageSize)
            try body(page.items)
            cursor = page.next
        } while cursor != nil
    }

    private func duplicates(
        _ groups: [DuplicateGroup], paths: [Int64: ImageExample], _ judge: ImageJudge
    ) -> AnalysisReport.Duplicates {
        let content = groups.map { group in
            AnalysisReport.Group(
                key: group.sha256, images: group.attachments.compactMap { paths[$0] })
        }
        let bytes = zip(groups, content).reduce(Int64(0)) { sum, group in
            let files = Set(group.1.images.map(\.file)).count
            return sum + group.0.bytes * Int64(max(0, files - 1))
        }
        let text = judge.groups.values.filter(\.isShared)
            .sorted {
                ($1.images.count, $0.images[0].id) < ($0.images.count, $1.images[0].id)
            }
            .map { AnalysisReport.Group(key: $0.alt, images: $0.images) }
        return AnalysisReport.Duplicates(content: content, contentBytes: bytes, text: text)
    }

    /// The site's address, as far as the uploads folder's tells.
    private var siteAddress: String {
        let url = site.uploads.url
        let content = url.firstRange(of: "/wp-content/")
        return String(content.map { url[..<$0.lowerBound] } ?? url[...])
    }
}

extension AnalysisReport.Coverage {
    init(_ snapshot: CoverageSnapshot) {
        self.init(
            taken: Self.text(snapshot.taken), images: snapshot.coverage.images,
            fields: FieldCounts.all(snapshot.coverage), score: snapshot.score)
    }

    /// A time as RFC 3339 tells it, in UTC.
    private static func text(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}

extension AnalysisReport.Sample {
    /// Counts an image and keeps it as an example while there are few.
    mutating func add(_ item: InventoryItem, sampleSize: Int) {
        images += 1
        if examples.count < sampleSize { examples.append(ImageExample(item)) }
    }

    /// Counts an image and keeps it as an example while it is one of the largest.
    mutating func addLargest(_ item: InventoryItem, sampleSize: Int) {
        images += 1
        let size = item.bytes ?? 0
        guard examples.count < sampleSize || size > examples.last?.bytes ?? 0 else { return }
        let place = examples.firstIndex { ($0.bytes ?? 0) < size } ?? examples.endIndex
        examples.insert(ImageExample(item), at: place)
        if examples.count > sampleSize { examples.removeLast() }
    }
}
