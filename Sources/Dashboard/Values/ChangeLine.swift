/// A change set in a list.
public struct ChangeLine: Sendable {
    let id: String
    /// Where it is shown whole.
    let address: String
    let time: PageTime
    /// What it was, in words.
    let what: String
    /// A file or a text of it, to recognise it by; nil for nothing.
    let example: String?
    let state: String
    /// `ok`, `warning`, `error` or `info`: the badge's look.
    let tone: String
    /// Whether it can be taken back.
    let isRevertible: Bool

    /// Describes a change set.
    ///
    /// - Parameters:
    ///   - kind: what made it, as the journal calls it.
    ///   - state: `done`, `reverted`, `partly-reverted`, `aborted` or `unfinished`.
    public init(
        id: String, created: Int64, kind: String, state: String, attachments: Int, files: Int,
        references: Int, texts: Int, example: String?
    ) {
        self.id = id
        address = "/history/\(id)"
        time = PageTime(created)
        var parts: [String] = []
        if files > 0 { parts.append(Wording.count(files, "file", "files")) }
        if references > 0 { parts.append(Wording.count(references, "reference", "references")) }
        if texts > 0 { parts.append(Wording.count(texts, "text", "texts")) }
        let images = Wording.count(attachments, "image", "images")
        what =
            "\(Self.name(kind)) of \(images)"
            + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
        self.example = example
        (self.state, tone) =
            switch state {
            case "done": ("done", "ok")
            case "reverted": ("taken back", "info")
            case "partly-reverted": ("partly taken back", "info")
            case "aborted": ("stopped, nothing changed", "warning")
            case "unfinished": ("unfinished", "error")
            default: (state, "info")
            }
        isRevertible = ["done", "partly-reverted"].contains(state) && kind != "revert"
    }

    private static func name(_ kind: String) -> String {
        switch kind {
        case "rename": "Rename"
        case "revert": "Taking back"
        case "metadata": "New texts"
        case "clear": "Emptying texts"
        default: kind.prefix(1).uppercased() + kind.dropFirst()
        }
    }
}
