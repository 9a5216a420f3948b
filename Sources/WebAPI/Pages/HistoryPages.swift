import Access
import Dashboard
import HTTPTypes
import Jobs
import Model
import UseCases

/// Change sets: all of them, and one of them with what takes it back.
struct HistoryPages: Sendable {
    private let site: Site
    private let store: ServiceStore
    private let storeWorker: Worker
    private let jobs: JobStore
    private let frame: PageMaker

    private static let pageSize = 30

    init(_ environment: PageEnvironment) {
        site = environment.site
        store = environment.store
        storeWorker = environment.storeWorker
        jobs = environment.jobs
        frame = environment.frame
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/history", .page, list),
            Endpoint(.get, "/history/{id}", .page, show),
        ]
    }

    @Sendable private func list(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: ["cursor"])
        var before: JournalID?
        if let cursor = request.query["cursor"] {
            guard let id = JournalID(cursor) else { throw AttachmentRoutes.wrongCursor }
            before = id
        }
        let start = before
        let page = try await site.read { session throws(MonikerError) in
            try session.journalPage(before: start, limit: Self.pageSize)
        }
        return try frame.answer(
            HistoryView(
                entries: page.items.map(Self.entry), next: page.next?.description,
                isContinued: before != nil), request)
    }

    private static func entry(_ entry: JournalEntry) -> HistoryEntry {
        HistoryEntry(
            journal: entry.journal, kind: entry.kind, state: entry.state, created: entry.created,
            reverts: entry.reverts, attachments: entry.attachments, files: entry.files,
            cells: entry.cells, references: entry.references, texts: entry.texts,
            example: entry.example)
    }

    // MARK: One change set

    @Sendable private func show(_ request: APIRequest) async throws(MonikerError) -> APIAnswer {
        try request.requireQuery(of: [])
        let id = try request.journal()
        let detail = try await site.examine { session throws(MonikerError) in
            try session.journal(id)
        }
        let audit = try await storeWorker.run { [store, jobs] () throws(MonikerError) in
            try store.audit(of: id, job: try jobs.job(making: id))
        }
        let images = Self.images(detail)
        let cells = detail.cells.filter { !$0.excerpts.isEmpty }
        return try frame.answer(
            ChangeSetView(
                entry: Self.entry(detail.entry),
                requester: audit.map {
                    $0.caller == "dashboard"
                        ? "this dashboard" : "the token \u{201C}\($0.name)\u{201D} (\($0.caller))"
                }, images: Array(images.prefix(ChangeSetView.most)), imageCount: images.count,
                cells: cells.prefix(ChangeSetView.most).map { cell in
                    ChangeSetView.Cell(
                        place: "\(cell.table).\(cell.column) (\(cell.key))",
                        references: cell.references,
                        excerpts: cell.excerpts.map { ($0.before, $0.after) })
                }, cellCount: cells.count, textFiles: detail.textFiles,
                dependants: Self.dependants(detail), conflicts: detail.conflicts.map(Self.left),
                opaque: detail.opaque.map(Self.left),
                skipped: detail.skipped.map {
                    ChangeSetView.Left(
                        place: "Image \($0.attachment)", code: $0.reason,
                        detail: $0.detail.isEmpty ? "" : PageMaker.sentence($0.detail))
                }, keptUntil: detail.keepOldUntil), request)
    }

    /// Later changes, but for those that have taken parts of this one back.
    private static func dependants(_ detail: JournalDetail) -> [String] {
        let reverting = Set(
            detail.files.compactMap(\.revertedBy) + detail.texts.compactMap(\.revertedBy))
        return detail.dependants.filter { !reverting.contains($0) }
    }

    /// What was changed, image by image.
    private static func images(_ detail: JournalDetail) -> [ChangeSetView.Image] {
        var changes: [Int64: [ChangeSetView.Change]] = [:]
        var family: [Int64: [ChangeSetView.Change]] = [:]
        var standing: Set<Int64> = []
        for file in detail.files {
            let isAttached = file.role == "attached"
            let change = ChangeSetView.Change(
                what: isAttached ? "File" : "File (\(file.role))", before: file.old,
                after: file.new,
                note: file.oldName == "alive" ? "the old name still works" : nil)
            if isAttached {
                changes[file.attachment, default: []].append(change)
            } else {
                family[file.attachment, default: []].append(change)
            }
            if file.revertedBy == nil { standing.insert(file.attachment) }
        }
        for text in detail.texts where text.isWritten {
            let post = text.post.map { "in the content of post \($0)" }
            let author =
                text.source == "model"
                ? "by \(text.provider ?? "") \(text.model ?? "")" : "by a person"
            changes[text.attachment, default: []].append(
                ChangeSetView.Change(
                    field: text.field, before: text.before, after: text.after,
                    note: post ?? author))
            if text.revertedBy == nil { standing.insert(text.attachment) }
        }
        let isDone = ["done", "partly-reverted"].contains(detail.entry.state)
        return Set(changes.keys).union(family.keys).sorted().map { id in
            ChangeSetView.Image(
                attachment: id, changes: changes[id] ?? [], family: family[id] ?? [],
                isReverted: isDone && !standing.contains(id),
                canRevert: isDone && standing.contains(id) && detail.entry.attachments > 1)
        }
    }

    private static func left(_ cell: ChangeReport.LeftCell) -> ChangeSetView.Left {
        let place: String =
            if let table = cell.table {
                "\(table).\(cell.column ?? "") (\(cell.key?.description ?? ""))"
            } else if let attachment = cell.attachment {
                "image \(attachment), \(cell.field ?? "")"
            } else {
                cell.file ?? ""
            }
        return ChangeSetView.Left(place: place, code: cell.reason)
    }
}
