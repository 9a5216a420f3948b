import Files
public import Generation
import Inventory
public import Model
import WordPress

/// What a site is, as far as it can be told in milliseconds.
public struct SiteStatus: Sendable {
    /// The site's address, as its uploads have it.
    public var url: String
    /// The uploads folder.
    public var uploads: String
    /// `mariadb`, `mysql` or `sqlite`.
    public var engine: String
    /// The server's or library's version.
    public var version: String
    /// Whether the database takes no writes.
    public var isDatabaseReadOnly: Bool
    /// Whether files can be written.
    public var areUploadsWritable: Bool
}

/// What the inventory counts.
public struct LibraryStatus: Sendable {
    /// Images.
    public var images: Int
    /// The texts, by field.
    public var fields: [String: FieldCounts]
    /// Images that are used somewhere.
    public var used: Int
    /// The size of the attached files of those that are used nowhere.
    public var unusedBytes: Int64
    /// Images with a name that a camera or a program gave.
    public var cameraNames: Int
    /// Images that are copies of another file.
    public var duplicates: Int
    /// Images without a file on disk.
    public var missingFiles: Int
}

/// One image, as far as it can be told in milliseconds: everything but who refers to it.
public struct ImageRecord: Sendable {
    /// Rows and files; without references.
    public var report: AttachmentReport
    /// What the inventory knows of it; nil for attachments of other kinds, and for new ones.
    public var image: ImageFacts?
    /// The change sets that changed it, newest first.
    public var history: [JournalEntry]
}

/// What the dashboard shows of a site, without waiting for the site to be read.
extension Session {
    /// What the site is.
    ///
    /// - Throws: what asking the database and the file system throws.
    public func siteStatus() throws(MonikerError) -> SiteStatus {
        let description = try site.database.describe()
        let url = site.uploads.url
        let end = url.firstRange(of: "/wp-content/")?.lowerBound ?? url.endIndex
        return SiteStatus(
            url: String(url[..<end]), uploads: displayText(site.uploads.directory),
            engine: description.engine, version: description.version,
            isDatabaseReadOnly: description.isReadOnly,
            areUploadsWritable: try files.capabilities().isWritable)
    }

    /// What the inventory counts; nil where it was never taken.
    ///
    /// - Parameter refreshes: whether changes on the site are read first; takes it where it never was.
    /// - Throws: what reading the site throws; `inventory-unusable`.
    /// - Complexity: one pass over the inventory's images, besides the refresh.
    public func libraryStatus(refreshes: Bool) throws(MonikerError) -> LibraryStatus? {
        let inventory = try refreshes ? refreshedInventory() : inventory()
        guard try inventory.isTaken() else { return nil }
        let coverage = try inventory.coverage()
        return LibraryStatus(
            images: coverage.images, fields: FieldCounts.all(coverage), used: coverage.used,
            unusedBytes: coverage.unusedBytes, cameraNames: coverage.cameraNames,
            duplicates: coverage.duplicates, missingFiles: coverage.missingFiles)
    }

    /// How many images a filter lets through, as the inventory is.
    ///
    /// - Throws: `inventory-unusable`.
    /// - Complexity: by index where there is one condition; else one pass over the images.
    public func imageCount(_ filter: ImageFilter) throws(MonikerError) -> Int {
        try inventory().count(filter.inventory)
    }

    /// What has been paid to providers since a moment, for the answers that are kept.
    ///
    /// - Parameter start: seconds since 1970.
    /// - Throws: `generation-unusable`.
    public func spending(since start: Int64) throws(MonikerError) -> [ModelSpending] {
        try GenerationStore(home: String(decoding: homeFolder, as: UTF8.self))
            .spending(since: start)
    }

    /// The change sets that a crash left unfinished, oldest first.
    ///
    /// - Throws: `journal-unusable`.
    public func unfinishedChanges() throws(MonikerError) -> [JournalEntry] {
        var entries: [JournalEntry] = []
        for record in try store.unfinished() { entries.append(try entry(of: record)) }
        return entries
    }

    /// One image with its rows, its files and its history, and what the inventory knew of it last.
    ///
    /// - Throws: `unknown-attachment`; `inventory-unusable`; what reading the site throws.
    public func imageRecord(_ id: AttachmentID) throws(MonikerError) -> ImageRecord {
        let report = try attachment(id, listsReferences: false)
        let inventory = try inventory()
        var history: [JournalEntry] = []
        for record in try store.changeSets(changing: id).prefix(Self.mostHistory) {
            history.append(try entry(of: record))
        }
        return ImageRecord(
            report: report,
            image: try inventory.isTaken() ? try facts(of: id, in: inventory) : nil,
            history: history)
    }

    /// The most change sets that an image's history shows.
    private static let mostHistory = 50
}
