/// The beginning of a list, for people.
enum BriefList {
    /// How many lines are shown before the rest is only counted.
    private static let shownLines = 20

    static func of(_ lines: [String], isVerbose: Bool) -> [String] {
        guard !isVerbose, lines.count > shownLines else { return lines }
        return lines.prefix(shownLines)
            + ["… and \(lines.count - shownLines) more lines (--verbose shows all)"]
    }
}
