/// A table of text columns for people.
struct Table {
    /// How a column's text stands in it.
    enum Alignment {
        case left
        case right
    }

    private let headings: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []
    /// How wide each column is, by its cells.
    private(set) var widths: [Int]

    /// Creates a table.
    ///
    /// - Parameter widths: how wide each column is at least; nil for as wide as its heading.
    init(_ headings: [(String, Alignment)], widths: [Int]? = nil) {
        self.headings = headings
        self.widths = zip(headings, widths ?? headings.map { _ in 0 }).map {
            max($1, Self.columns(of: $0.0))
        }
    }

    /// How many rows there are, the headings not counted.
    var rowCount: Int { rows.count }

    mutating func add(_ cells: [String]) {
        // Titles of a site may hold what steers a terminal.
        let cells = cells.map(PlainLine.of)
        rows.append(cells)
        for (column, cell) in cells.enumerated() {
            widths[column] = max(widths[column], Self.columns(of: cell))
        }
    }

    /// The lines of the table, headings first.
    ///
    /// The last column is cut where it would not fit.
    func lines(width: Int, hasHeadings: Bool = true) -> [String] {
        let all = (hasHeadings ? [headings.map(\.title)] : []) + rows
        var widths = widths
        let others = widths.dropLast().reduce(0) { $0 + $1 + 2 }
        if let last = widths.indices.last {
            widths[last] = max(8, min(widths[last], width - others))
        }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let text = Self.cut(cell, to: widths[column])
                let padding = String(
                    repeating: " ", count: widths[column] - Self.columns(of: text))
                let isLast = column == row.count - 1
                switch headings[column].alignment {
                case .right: line += padding + text
                case .left: line += isLast ? text : text + padding
                }
                if !isLast { line += "  " }
            }
            return line
        }
    }

    private static func cut(_ text: String, to width: Int) -> String {
        guard columns(of: text) > width else { return text }
        var result = ""
        var used = 0
        for character in text {
            let next = columns(of: String(character))
            guard used + next < width else { break }
            result.append(character)
            used += next
        }
        return result + "…"
    }

    /// The columns that text takes on a terminal: two for East Asian wide characters.
    private static func columns(of text: String) -> Int {
        text.reduce(0) { total, character in
            let value = character.unicodeScalars.first?.value ?? 0
            let isWide =
                (0x1100...0x115F).contains(value) || (0x2E80...0xA4CF).contains(value)
                || (0xAC00...0xD7A3).contains(value) || (0xF900...0xFAFF).contains(value)
                || (0xFE30...0xFE6F).contains(value) || (0xFF00...0xFF60).contains(value)
                || (0x1F300...0x1FAFF).contains(value) || (0x20000...0x3FFFD).contains(value)
            return total + (isWide ? 2 : 1)
        }
    }
}
