/// Charts as numbers that a template writes into SVG: no library, no script, no inline style.
///
/// Widths and heights are in units of the drawing, which scales with the page.
enum Chart {
    /// A bar with its label.
    struct Bar: Sendable {
        let label: String
        let value: String
        let x: Int
        let y: Int
        let width: Int
        let height: Int
        let labelY: Int
        let isBefore: Bool
    }

    /// A line through points in time.
    struct Line: Sendable {
        let points: String
        let first: PageTime
        let last: PageTime
        let firstValue: String
        let lastValue: String
    }

    /// Horizontal bars below each other, of a share of 100 each.
    static func shares(
        _ values: [(label: String, percent: Int, isBefore: Bool)]
    ) -> [Bar] {
        values.enumerated().map { index, value in
            Bar(
                label: value.label, value: "\(value.percent) %", x: 0, y: index * 30 + 14,
                width: max(0, min(100, value.percent)) * 3, height: 11, labelY: index * 30 + 10,
                isBefore: value.isBefore)
        }
    }

    /// Columns next to each other, as high as their share of the highest.
    static func columns(_ values: [(label: String, count: Int)]) -> [Bar] {
        let most = max(1, values.map(\.count).max() ?? 1)
        return values.enumerated().map { index, value in
            let height = value.count * 80 / most
            return Bar(
                label: value.label, value: "\(value.count)", x: index * 60 + 8,
                y: 95 - height, width: 44, height: height, labelY: 89 - height, isBefore: false)
        }
    }

    /// A line of shares of 100; nil for fewer than two points.
    static func line(_ values: [(time: PageTime, percent: Int)]) -> Line? {
        guard values.count > 1, let first = values.first, let last = values.last else { return nil }
        let points = values.enumerated().map { index, value in
            "\(index * 300 / (values.count - 1)),\(100 - max(0, min(100, value.percent)))"
        }
        return Line(
            points: points.joined(separator: " "), first: first.time, last: last.time,
            firstValue: "\(first.percent) %", lastValue: "\(last.percent) %")
    }
}
