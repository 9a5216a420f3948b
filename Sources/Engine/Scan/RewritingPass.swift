internal import Dispatch
import Model
import Rewriting

/// One pass over a site's tables that rewrites what it finds.
///
/// Where the database can be read over further connections, threads read and rewrite stretch after
/// stretch while the caller writes what they found; elsewhere one page is read, rewritten and
/// written after the other.
struct RewritingPass {
    private let database: any SiteDatabase
    private let rewriter: Rewriter
    private let tasks: [ScanTask]
    /// Connections that only read; none where one page is read after the other.
    private let readers: [any SiteDatabase]
    /// The tables, as rows name them.
    let tables: [TableSchema]
    /// The weight of all tasks together.
    let weight: Int

    /// How many connections read at the same time: what a machine with two cores can use, and
    /// no server notices.
    private static let readerCount = 2
    /// From which weight on, in the units of `ScanTask.weight`, more connections are worth opening.
    private static let worthReaders = 64

    /// Prepares a pass.
    init(
        database: any SiteDatabase, tablePrefix: String, policy: any CellPolicy,
        rewriter: Rewriter, index: (any ReferenceLookup)?, paths: [MediaPath]
    ) throws(MonikerError) {
        self.database = database
        self.rewriter = rewriter
        let scan = try ReferenceScan(
            database: database, tablePrefix: tablePrefix, policy: policy, rewriter: rewriter,
            index: index, paths: paths)
        tables = scan.tables
        tasks = try ScanTask.all(of: scan, in: database)
        weight = tasks.reduce(0) { $0 + $1.weight }
        var readers: [any SiteDatabase] = []
        while weight >= Self.worthReaders,
            readers.count < min(Self.readerCount, tasks.count),
            let reader = try database.makeConnection()
        {
            readers.append(reader)
        }
        self.readers = readers
    }

    /// Whether the database of the pass is free for another thread while batches are handed out.
    var leavesDatabaseFree: Bool { !readers.isEmpty }

    /// Hands every batch to `body`, on the caller's thread, in no particular order.
    ///
    /// `body` may use the database of the pass. What it throws ends the pass.
    func forEachBatch(
        _ body: (RewrittenBatch) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        guard !readers.isEmpty else {
            for task in tasks {
                try task.forEachBatch(from: database, rewriter: rewriter) {
                    (batch) throws(MonikerError) -> Bool in
                    try body(batch)
                    return true
                }
            }
            return
        }
        try runReaders(body)
    }

    private func runReaders(
        _ body: (RewrittenBatch) throws(MonikerError) -> Void
    ) throws(MonikerError) {
        let channel = BatchChannel(tasks: tasks, readers: readers.count)
        let group = DispatchGroup()
        for reader in readers {
            let handed = HandedOver(reader)
            DispatchQueue.ownThread.async(group: group) { [rewriter] in
                do throws(MonikerError) {
                    while let task = channel.nextTask() {
                        try task.forEachBatch(
                            from: handed.value, rewriter: rewriter, leavesLong: true
                        ) {
                            (batch) throws(MonikerError) -> Bool in channel.send(batch)
                        }
                    }
                    channel.finish(nil)
                } catch {
                    channel.finish(error)
                }
            }
        }
        defer {
            channel.cancel()
            group.wait()
        }
        while let batch = try channel.next() { try body(batch) }
    }
}
