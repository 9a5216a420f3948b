/// A table of any length: its columns are as wide as the rows of a page need, at least as wide as
/// those before.
struct StreamedTable {
    private let headings: [(String, Table.Alignment)]
    private var widths: [Int]
    private var isBegun = false

    init(_ headings: [(String, Table.Alignment)]) {
        self.headings = headings
        widths = headings.map { _ in 0 }
    }

    /// The lines of some rows, with the headings before the first ones.
    mutating func lines(_ rows: [[String]], width: Int) -> [String] {
        guard !rows.isEmpty else { return [] }
        var table = Table(headings, widths: widths)
        for row in rows { table.add(row) }
        let lines = table.lines(width: width, hasHeadings: !isBegun)
        widths = table.widths
        isBegun = true
        return lines
    }
}
