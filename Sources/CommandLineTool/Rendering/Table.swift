/// A table of text columns for people.
struct Table {
    /// How a column's text stands in it.
    enum Alignment {
        case left
        case right
    }

    private let headings: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    init(_ headings: [(String, Alignment)]) { self.headings = headings }

    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The lines of the table, headings first.
    ///
    /// The last column is cut where it would not fit.
    func lines(width: Int) -> [String] {
        let all = [headings.map(\.title)] + rows
        var widths = headings.indices.map { column in
            all.map { Self.columns(of: $0[column]) }.max() ?? 0
        }
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
