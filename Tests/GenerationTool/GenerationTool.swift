import Files
import Foundation
import Generation
import HTTPClient
import Imaging
import Inventory
import Model
import Providers
import Rewriting
import SiteDatabase
import WordPress

/// A process that generates texts for a SQLite site, for tests that kill it and for measurements.
///
///     generation-tool FOLDER BASE-URL CONCURRENCY [--rename]
///
/// FOLDER holds site.sqlite, uploads/ and home/. Prints a line for each image, then a summary.
@main
struct GenerationTool {
    static func main() async throws {
        if CommandLine.arguments.dropFirst().first == PictureWorker.argument { PictureWorker.run() }
        let arguments = CommandLine.arguments
        let root = URL(fileURLWithPath: arguments[1])
        let uploads = Array(root.appendingPathComponent("uploads").path.utf8)
        let home = root.appendingPathComponent("home").path
        let database = try SQLiteDatabase(path: root.appendingPathComponent("site.sqlite").path)
        let site = InventorySite(
            database: database,
            files: try LocalMediaFiles(uploads: uploads, home: Array(home.utf8)), prefix: "wp_",
            uploads: UploadsFolder(
                directory: uploads, spellings: [uploads],
                url: "https://example.com/wp-content/uploads",
                urlPaths: ["/wp-content/uploads"], hosts: ["example.com"],
                usesYearMonthFolders: true),
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [uploads],
                assumesUsualServerFolders: false))
        let inventory = try Inventory.open(home: home)
        _ = try inventory.refresh(site)

        var options = GenerationOptions(fields: [.alt, .title])
        options.concurrency = Int(arguments[3]) ?? 4
        options.renames = arguments.contains("--rename")
        var settings = ProviderSettings(
            .anthropic, baseURL: arguments[2], key: APIKey("sk-ant-canary-0123456789abcdefghij"))
        settings.concurrency = options.concurrency
        let generator = Generator(
            inventory: inventory, site: site, store: try GenerationStore(home: home),
            pictures: SitePictures(
                PicturePreparation(workers: 2), uploads: String(decoding: uploads, as: UTF8.self)),
            describing: .model(try settings.describer(client: try HTTPClient())), options: options)
        let (start, processor) = (ContinuousClock.now, clock())
        let result = try await generator.run { event in
            if case .item(let item) = event { print(item.line) }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let milliseconds = Double(clock() - processor) / 1000
        print(
            "end: \(result.changes.count) applied, \(result.review.count) review, "
                + "\(result.skipped.count) skipped, \(result.failed.count) failed, "
                + "\(result.usage.requests) requests, \(result.uncertainRequests) uncertain, "
                + "\(seconds) s, \(milliseconds) ms")
    }
}
