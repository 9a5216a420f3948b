import Engine
import Files
import Glibc
import Inventory
import Journal
public import Model
import ReferenceIndex
import Rewriting
import SiteDatabase
import WordPress

/// One command's work on one site: the site opened, the home locked, what a crash left recovered.
///
/// A session belongs to one thread and lives as long as one command.
public final class Session {
    private let outside = Outside()
    private let home: OpenHome
    let site: OpenedSite
    let store: any ChangeJournal
    let files: LocalMediaFiles
    let homeFolder: [UInt8]
    private let progress: (ProgressReport) -> Void
    private let isCancelled: () -> Bool
    /// What a person should know that is no result: change sets that were recovered.
    public private(set) var notes: [String] = []
    /// The lock of the home; nil until something is written.
    private var lock: SiteLock?
    /// The reference index, once it has been asked for.
    private var openedIndex: ReferenceIndex?
    /// What the database's server says of itself, once it has been asked.
    private var description: DatabaseDescription?
    /// The inventory, once it has been asked for.
    private var openedInventory: Inventory?

    /// Opens a site.
    ///
    /// - Parameters:
    ///   - options: which site.
    ///   - home: what is open of the site's home already, and stays open for the next session.
    ///   - progress: hears how far the work has come.
    ///   - isCancelled: asked between two steps of a change whether to stop.
    ///   - willChange: hears of each change set before anything of it is written down, but for
    ///     corrections that are made in passing; where it throws, there is none.
    /// - Throws: `not-a-site`, `computed-configuration`, `access-denied`, `database-unreachable`,
    ///   `uploads-unreadable`, `journal-unusable`, `permission-denied`. Nothing is changed.
    public init(
        _ options: SessionOptions, home: OpenHome = OpenHome(),
        progress: @escaping (ProgressReport) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false },
        willChange: ((JournalID) throws(MonikerError) -> Void)? = nil
    ) throws(MonikerError) {
        self.home = home
        self.progress = progress
        self.isCancelled = isCancelled
        site = try OpenedSite(options, outside: outside)
        homeFolder = HomeFolder.path(options)
        try HomeFolder.create(homeFolder)
        files = try LocalMediaFiles(
            uploads: site.uploads.directory, home: homeFolder, calls: outside.calls)
        let journal = String(decoding: homeFolder, as: UTF8.self) + "/journal.sqlite"
        if options.rebuildsJournal {
            lock = try SiteLock.acquire(
                home: homeFolder, uploads: site.uploads.directory, calls: outside.calls)
            notes += try Self.rebuild(journal)
        }
        let opened = outside.journal(try home.journal(at: journal))
        guard let willChange else {
            store = opened
            return
        }
        store = AnnouncingJournal(opened) { (record) throws(MonikerError) in
            if record.kind != .sweep { try willChange(record.id) }
        }
    }

    /// Makes the journal again from its manifests, and says what came of it.
    private static func rebuild(_ journal: String) throws(MonikerError) -> [String] {
        guard let rebuilt = try JournalStore.rebuild(path: journal) else {
            return ["the journal is sound and was left as it is"]
        }
        let kept = rebuilt.previous.map { "; the damaged one is \($0)" } ?? ""
        return ["the journal was rebuilt with \(rebuilt.changeSets) change sets\(kept)"]
    }

    /// The path of the uploads folder's URL, without a trailing slash.
    var uploadsURLPath: String { site.uploads.urlPaths.first ?? "" }

    var ports: EnginePorts {
        EnginePorts(
            database: site.database, files: files, journal: store, clock: outside.clock,
            random: outside.random)
    }

    /// The reference index of this home, on or off; nil where the database cannot keep one.
    func referenceIndex() throws(MonikerError) -> ReferenceIndex? {
        if let openedIndex { return openedIndex }
        let index = try ReferenceIndex(
            file: home.index(at: String(decoding: homeFolder, as: UTF8.self) + "/index.sqlite"),
            database: site.database, policy: site.policy(), location: site.location,
            tablePrefix: site.layout.basePrefix, notesPrefix: site.prefix, random: outside.random,
            groups: attachedFileGroups)
        openedIndex = index
        return index
    }

    private var attachedFileGroups: AttachedFileGroups {
        AttachedFileGroups(table: site.prefix + "postmeta")
    }

    /// What the database's server said of itself when this session first asked.
    func databaseDescription() throws(MonikerError) -> DatabaseDescription {
        if let description { return description }
        let told = try site.database.describe()
        description = told
        return told
    }

    /// The inventory in the home, as it is.
    ///
    /// - Throws: `inventory-unusable`.
    func inventory() throws(MonikerError) -> Inventory {
        if let openedInventory { return openedInventory }
        let inventory = try Inventory.open(home: String(decoding: homeFolder, as: UTF8.self))
        openedInventory = inventory
        return inventory
    }

    var scope: SiteScope {
        SiteScope(
            tablePrefix: site.layout.basePrefix, markerPrefix: site.prefix,
            uploadsFolder: site.uploads.directory, location: site.location)
    }

    var engine: Engine { engine(ports) }

    func engine(_ ports: EnginePorts) -> Engine {
        Engine(
            ports: ports, scope: scope, progress: { [progress] in progress(ProgressReport($0)) },
            isCancelled: isCancelled)
    }

    func planner(_ ports: EnginePorts) -> Planner {
        Planner(ports: ports, scope: scope) { [progress] in progress(ProgressReport($0)) }
    }

    func report(_ progress: Progress) { self.progress(ProgressReport(progress)) }

    func report(_ progress: ProgressReport) { self.progress(progress) }

    // MARK: Writing

    /// Takes the home for writing, finishes or rolls back what a crash left, and retires old names
    /// whose time is up.
    ///
    /// Every command that writes begins with this.
    ///
    /// - Throws: `busy` when another process holds the home; `database-read-only`.
    func beginWriting() throws(MonikerError) {
        try lockHome()
        try requireOwnSite()
        let description = try databaseDescription()
        guard !description.isReadOnly else {
            throw MonikerError(
                .databaseReadOnly,
                "the database \(description.name) takes no writes (read_only is set): nothing was changed; use the primary server",
                details: ["database": description.name])
        }
        for entry in try recoverUnfinished() {
            notes.append(
                "\(entry.id) was interrupted and has been \(entry.state == .done ? "finished" : "rolled back")"
            )
        }
        let lost = try engine.lostChangeSets()
        if !lost.isEmpty {
            notes.append(
                "the database does not know \(lost.map(\.id.description).joined(separator: ", ")): it was restored from an older dump; run `moniker verify --repair`"
            )
        }
        _ = try engine.tidy(retention: .max)
    }

    /// Adds something that a person should know and that is no result.
    func note(_ text: String) { notes.append(text) }

    /// Takes the locks of the site, once: before anything is looked at, so that no plan is older
    /// than the last change.
    func lockHome() throws(MonikerError) {
        guard lock == nil else { return }
        lock = try acquireLocks()
        try referenceIndex()?.upkeep = home.indexUpkeep
    }

    /// So long a command waits for a process that has the site: a service that brings its index up to
    /// date between two changes takes less, and nobody who sees it idle would understand a refusal.
    private static let patience = Duration.milliseconds(500)

    private func acquireLocks() throws(MonikerError) -> SiteLock {
        // Who keeps the home open has others waiting behind it.
        let patience = home.indexUpkeep == .between ? .zero : Self.patience
        let deadline = ContinuousClock.now + patience
        while true {
            do throws(MonikerError) {
                let acquired = try SiteLock.acquire(
                    home: homeFolder, uploads: site.uploads.directory, calls: outside.calls)
                // The same uploads folder may be mounted on another host.
                guard try site.database.acquireAdvisoryLock("moniker:\(site.prefix)") else {
                    throw MonikerError(
                        .busy,
                        "another moniker process is working on this site's database: wait for it to end and try again"
                    )
                }
                return acquired
            } catch  where error.code == .busy && ContinuousClock.now < deadline {
                usleep(5000)
            }
        }
    }

    /// Finishes or rolls back what a crash left.
    ///
    /// - Parameter choice: what becomes of a change set that was stopped between two transactions.
    func recoverUnfinished(
        stopped choice: StoppedChoice = .finish
    ) throws(MonikerError) -> [RecoveredChangeSet] {
        let unfinished = try store.unfinished()
        guard !unfinished.isEmpty else { return [] }
        var attachments: Set<AttachmentID> = []
        for record in unfinished {
            attachments.formUnion(try store.moves(of: record.id).map(\.attachment))
        }
        return try engine.recover(
            policy: try policy(for: attachments), textFiles: try uploadedTextFiles(),
            stopped: choice)
    }

    // MARK: Library

    /// Reads attachments.
    func library(_ selection: MediaLibrary.Selection) throws(MonikerError) -> MediaLibrary {
        // Who only reads has nothing else to ask the index: examining it takes longer than looking
        // at the attached files of a small site.
        let index = lock == nil ? nil : try indexInUse()
        return try MediaLibrary(
            database: site.database, files: files, prefix: site.prefix, uploads: site.uploads,
            selection: selection,
            lookup: index.map { IndexedAttachedFiles(index: $0, groups: attachedFileGroups) })
    }

    /// Which cells may be touched when these attachments change: in the metadata of each, and of
    /// every other that shares its file, names stand without a folder.
    func policy(for attachments: Set<AttachmentID>) throws(MonikerError) -> SitePolicy {
        guard attachments.count < Self.manyAttachments else {
            let shared = try SharedFolders(
                of: attachments, database: site.database, prefix: site.prefix,
                uploads: site.uploads)
            return site.policy(metadataDirectories: shared.folders)
        }
        var library = try library(.some(attachments))
        var directories: [AttachmentID: MediaPath?] = [:]
        for attachment in attachments {
            guard let family = try library.family(of: attachment) else { continue }
            for member in family.attachments {
                directories.updateValue(family.directory, forKey: member)
            }
        }
        return site.policy(metadataDirectories: directories)
    }

    /// From how many attachments on looking through all of them is faster than looking each up.
    private static let manyAttachments = 500

    /// The generated text files below uploads.
    func uploadedTextFiles() throws(MonikerError) -> [MediaPath] {
        try UploadedTextFiles.list(in: files)
    }
}
