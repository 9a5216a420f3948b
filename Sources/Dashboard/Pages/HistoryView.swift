/// Change sets, newest first.
public struct HistoryView: PageContent {
    /// The template that shows it.
    public static let template = "history"
    /// The entry of the navigation that it belongs to.
    public static let page: DashboardPage? = .history
    /// The scripts that it begins with.
    public static let scripts: [String] = []

    /// The heading.
    public let title = "History"
    let entries: [HistoryEntry]
    let next: String?
    let isContinued: Bool

    /// Creates the page.
    ///
    /// - Parameter next: the cursor of the next page; nil where this is the last.
    public init(entries: [HistoryEntry], next: String?, isContinued: Bool) {
        self.entries = entries
        self.next = next.map { "/history?cursor=\($0)" }
        self.isContinued = isContinued
    }
}

/// A change set in short.
public struct HistoryEntry: Sendable {
    let journal: String
    let kindName: String
    let state: String
    let stateName: String
    let stateClass: String
    let created: PageTime
    let reverts: String?
    let attachments: Int
    let files: Int
    let references: Int
    let texts: Int
    let summary: String
    let example: String?
    let canRevert: Bool

    /// Creates an entry.
    public init(
        journal: String, kind: String, state: String, created: Int64, reverts: String?,
        attachments: Int, files: Int, cells: Int, references: Int, texts: Int, example: String?
    ) {
        self.journal = journal
        kindName =
            switch kind {
            case "rename": "Renamed files"
            case "generate" where files > 0:
                texts > 0 ? "Generated texts and file names" : "Generated file names"
            case "generate": "Generated texts"
            case "edit": "Edited texts"
            case "clear": "Cleared texts"
            case "revert": "Took back a change set"
            default: kind
            }
        self.state = state
        (stateName, stateClass) =
            switch state {
            case "done": ("in effect", "badge-ok")
            case "reverted": ("taken back", "")
            case "partly-reverted": ("partly taken back", "badge-warning")
            case "aborted": ("never took effect", "")
            default: ("unfinished", "badge-error")
            }
        self.created = PageTime(created)
        self.reverts = reverts
        self.attachments = attachments
        self.files = files
        self.references = references
        self.texts = texts
        summary =
            [
                Wording.count(attachments, "image", "images"),
                files > 0 ? Wording.count(files, "file", "files") : nil,
                references > 0
                    ? Wording.count(references, "reference", "references") + " in "
                        + Wording.count(cells, "place", "places") : nil,
                texts > 0 ? Wording.count(texts, "text", "texts") : nil,
            ].compactMap(\.self).joined(separator: ", ")
        self.example = example
        canRevert = state == "done" || state == "partly-reverted"
    }
}
