import Model
import UseCases

/// The review list, printed while it is read.
struct ReviewLines {
    private let isJSON: Bool
    private var isFirst = true

    init(isJSON: Bool) { self.isJSON = isJSON }

    /// Prints what stands before the list.
    func begin() {
        if isJSON { Output.standard.write("[") }
    }

    /// Prints a page of it.
    mutating func add(_ page: [ReviewReport]) {
        for item in page {
            if isJSON {
                Output.standard.write((isFirst ? "\n" : ",\n") + JSONText.line(item))
            } else {
                Self.lines(item).forEach { Output.standard.line($0) }
            }
            isFirst = false
        }
    }

    /// Prints what stands behind it.
    func end() {
        if isJSON {
            Output.standard.write(isFirst ? "]\n" : "\n]\n")
        } else if isFirst {
            Output.standard.line("Nothing waits for a review.")
        }
    }

    /// Prints which images were taken off the list.
    static func showRejected(_ ids: [AttachmentID], _ global: GlobalOptions) {
        if global.json {
            Output.standard.line(JSONText.line(["rejected": ids.map(\.rawValue)]))
        } else if !global.quiet {
            Output.standard.line("\(count(ids.count, "image")) taken off the list.")
        }
    }

    private static func lines(_ item: ReviewReport) -> [String] {
        ["\(item.attachment)  \(PlainLine.of(item.file))  \(item.reason)"]
            + item.texts.sorted { $0.key < $1.key }.map {
                "  \($0.key): \(PlainLine.of($0.value))"
            } + item.findings.map { "  - \(PlainLine.of($0))" }
    }
}
