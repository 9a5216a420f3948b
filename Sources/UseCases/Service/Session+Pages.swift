import Inventory
public import Model

/// A page of images.
public struct ImagePage: Sendable {
    /// The images, by id.
    public var items: [ImageListing]
    /// What the next page begins after; nil where this is the last.
    public var next: AttachmentID?
}

/// A page of change sets.
public struct JournalPage: Sendable {
    /// The change sets, newest first.
    public var items: [JournalEntry]
    /// What the next page begins after; nil where this is the last.
    public var next: JournalID?
}

/// What a service asks for, which answers in pages and goes on from where it was.
extension Session {
    /// The images that a filter lets through, a page of them.
    ///
    /// - Parameters:
    ///   - after: the image before the page; nil for the first page.
    ///   - limit: the most images.
    ///   - refreshes: whether changes on the site are read first.
    /// - Throws: what reading the site throws; `inventory-unusable`.
    /// - Complexity: by index; the same for every page.
    public func imagePage(
        _ filter: ImageFilter, after: AttachmentID?, limit: Int, refreshes: Bool
    ) throws(MonikerError) -> ImagePage {
        let inventory = try refreshedInventory(refreshes: refreshes)
        let page = try inventory.items(filter.inventory, after: after, limit: limit)
        var items: [ImageListing] = []
        for item in page.items {
            items.append(
                ImageListing(
                    item,
                    uses: item.isUsed ? try inventory.uses(of: AttachmentID(item.id), limit: 5) : []
                ))
        }
        return ImagePage(items: items, next: page.next)
    }

    /// Whether there is an inventory that lists can be answered from.
    ///
    /// - Throws: `inventory-unusable`.
    public func isInventoryTaken() throws(MonikerError) -> Bool { try inventory().isTaken() }

    /// Reads what has changed on the site since the last time, or all of it for the first time.
    ///
    /// - Parameter findsCopies: whether files of the same size are hashed, to find copies: the first
    ///   time that takes long.
    /// - Throws: what reading the site throws; `inventory-unusable`; `busy` while another process
    ///   takes the inventory and there was none.
    public func refreshInventory(findsCopies: Bool) throws(MonikerError) {
        _ = try refreshedInventory(hashing: findsCopies ? .sameSize : .none)
    }

    /// Change sets, newest first, a page of them.
    ///
    /// - Parameters:
    ///   - before: the change set before the page; nil for the first page.
    ///   - limit: the most change sets.
    /// - Complexity: the ids of all change sets are read, the rest of a page's alone.
    public func journalPage(
        before: JournalID?, limit: Int
    ) throws(MonikerError) -> JournalPage {
        let records = try store.changeSets().filter { record in
            before.map { record.id < $0 } ?? true
        }
        var items: [JournalEntry] = []
        for record in records.prefix(limit) { items.append(try entry(of: record)) }
        return JournalPage(
            items: items, next: records.count > limit ? records[limit - 1].id : nil)
    }

    /// Makes sure that the site's database answers, by the least that can be asked.
    ///
    /// - Throws: what the database throws: `connection-lost`, `database-unreachable`.
    public func requireDatabase() throws(MonikerError) {
        _ = try site.database.incarnation(prefix: site.prefix)
    }

    /// Takes the site for writing before anything is planned, so that nobody else changes it between
    /// a plan and its application.
    ///
    /// Finishes or rolls back what a crash left, and retires old names whose time is up, as every
    /// writing command does.
    ///
    /// - Throws: `busy` when another process holds the home; what writing commands throw.
    public func prepareToWrite() throws(MonikerError) { try beginWriting() }
}
