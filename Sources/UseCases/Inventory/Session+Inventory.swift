import Engine
import Foundation
import Inventory
public import Model
import WordPress

/// Which files a scan hashes, to find copies.
public enum HashChoice: String, CaseIterable, Hashable, Sendable {
    /// None.
    case none
    /// Those that have the size of another one: only they can be copies.
    case sameSize = "same-size"
    /// All.
    case all

    var hashing: Inventory.Hashing {
        switch self {
        case .none: .none
        case .sameSize: .sameSize
        case .all: .all
        }
    }
}

/// The inventory of the home: what `scan` takes and the reading commands tell.
extension Session {
    /// The site as the inventory reads it.
    var inventorySite: InventorySite {
        InventorySite(
            database: site.database, files: files, prefix: site.prefix, uploads: site.uploads,
            location: site.location)
    }

    /// The inventory, after it has read what has changed on the site.
    ///
    /// While another process refreshes it, what was there before is answered from, with a note.
    ///
    /// - Parameter refreshes: whether the site is asked; an inventory that was never taken is taken
    ///   in any case.
    func refreshedInventory(
        refreshes: Bool = true, hashing: Inventory.Hashing = .none
    ) throws(MonikerError) -> Inventory {
        let inventory = try inventory()
        let isTaken = try inventory.isTaken()
        guard refreshes || !isTaken else { return inventory }
        do {
            _ = try inventory.refresh(
                inventorySite, hashing: hashing, progress: { report(ProgressReport($0)) })
        } catch  where error.code == .busy && isTaken {
            note("another process is taking the inventory: this is how it was before")
        }
        return inventory
    }

    /// Takes the inventory: reads what has changed since the last time, and counts.
    ///
    /// Nothing is written to the site.
    ///
    /// - Parameters:
    ///   - full: whether everything is read anew, and every table is searched for references.
    ///   - hashing: which files are hashed, to find copies.
    /// - Throws: what reading the site throws; `inventory-unusable`; `busy` while another process
    ///   takes it.
    public func scan(
        full: Bool = false, hashing: HashChoice = .sameSize
    ) throws(MonikerError) -> ScanReport {
        let start = ContinuousClock.now
        let inventory = try inventory()
        let refresh = try inventory.refresh(
            inventorySite, full: full, hashing: hashing.hashing,
            progress: { report(ProgressReport($0)) })
        let coverage = try inventory.coverage()
        _ = try recordCoverage(
            CoverageSnapshot(taken: ports.clock.now() / 1_000_000_000, coverage: coverage))
        let attachments = try attachmentCount()
        let references = full ? try referenceCount() : nil
        let elapsed = ContinuousClock.now - start
        return ScanReport(
            attachments: attachments, coverage: coverage, refresh: refresh, references: references,
            duplicateGroups: try inventory.duplicates().count,
            seconds: Double(elapsed.components.seconds)
                + Double(elapsed.components.attoseconds) / 1e18)
    }

    /// Adds today's coverage to the history, and returns all of it.
    func recordCoverage(
        _ snapshot: CoverageSnapshot
    ) throws(MonikerError) -> [CoverageSnapshot] {
        let history = try CoverageHistory(home: String(decoding: homeFolder, as: UTF8.self))
        try history.record(snapshot, of: site.prefix)
        return try history.snapshots(of: site.prefix)
    }

    /// The number of attachments of any kind, as the media library lists them.
    private func attachmentCount() throws(MonikerError) -> Int {
        var number = 0
        try site.database.forEachRow(
            of: RowQuery(
                table: site.prefix + "posts", columns: ["ID"],
                filter: .equals(column: "post_type", .string("attachment")))
        ) { (_) throws(MonikerError) in
            number += 1
            return true
        }
        return number
    }

    /// The number of references in all tables to files of the library.
    private func referenceCount() throws(MonikerError) -> Int {
        var library = try library(.all)
        var families: [FileFamily] = []
        for attachment in library.attachments {
            if let family = try library.family(of: attachment.id) { families.append(family) }
        }
        return try ReferenceCensus(self, families: families, listsReferences: false).total
    }
}

extension ProgressReport {
    /// A refresh of the inventory in words.
    init(_ progress: RefreshProgress) {
        let phase =
            switch progress.step {
            case .attachments: "Reading attachments"
            case .files: "Looking at folders"
            case .posts: "Reading posts"
            case .contents: "Reading contents"
            case .metadata: "Reading metadata"
            case .options: "Reading options"
            case .hashes: "Hashing files"
            }
        self.init(phase: phase, done: progress.done, total: progress.total)
    }
}
