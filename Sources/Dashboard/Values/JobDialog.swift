/// The dialog that says what a job will do, and starts it.
public struct JobDialog: Sendable {
    let id: String
    let kind: String
    let name: String
    let sentences: [String]
    let renames: Bool
    let isPrimary: Bool
    /// Whether the job is about images that are selected on the page.
    let isForSelection: Bool

    /// Describes a job that describes images.
    ///
    /// - Parameters:
    ///   - kind: `missing-alt`, `complete-metadata` or `metadata-and-filename`.
    ///   - provider: who describes, such as `offline`.
    ///   - count: how many images lack a text; nil where it is not known.
    public init(
        kind: String, provider: String, count: Int? = nil, isPrimary: Bool = false,
        isForSelection: Bool = false
    ) {
        id = "dialog-\(kind)"
        self.kind = kind
        name = JobLine.name(kind)
        renames = kind == "metadata-and-filename"
        self.isPrimary = isPrimary
        self.isForSelection = isForSelection
        let number = count.map { Wording.count($0, "image", "images") }
        let what =
            switch kind {
            case "missing-alt":
                (number.map { "\($0) without an ALT text" } ?? "Images without an ALT text")
                    + (count == 1 ? " gets one." : " get one.")
            case "complete-metadata":
                "Every empty ALT text, title, caption and description is filled."
            default:
                "Every empty ALT text, title, caption and description is filled, and files get names that say what they show. Their sizes and all references in the database follow."
            }
        let outside =
            provider == "offline"
            ? "The descriptions are made on this machine; no picture leaves it."
            : "Each picture is sent to \(provider), made small and without its hidden data; this costs money."
        sentences = [
            what, "Texts that are there already stay as they are.", outside,
            "What is uncertain waits for you under Review. Everything that is written can be taken back under History.",
        ]
    }
}
