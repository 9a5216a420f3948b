import UseCases

/// Charts as inline SVG, which take their colours from the page.
enum Charts {
    /// A bar of parts of a whole.
    static func stackedBar(_ parts: [(style: String, name: String, number: Int)]) -> HTML {
        let whole = parts.reduce(0) { $0 + $1.number }
        guard whole > 0 else { return "" }
        var pieces: [HTML] = []
        var position = 0
        for part in parts where part.number > 0 {
            // In thousandths of the bar, so that the parts end where the whole does.
            let end = position + part.number
            let from = position * 1000 / whole
            let width = end * 1000 / whole - from
            pieces.append(
                """
                <rect class="\(part.style)" x="\(from)" y="0" width="\(width)" height="20"/>
                """)
            position = end
        }
        let label = parts.map { "\($0.number) \($0.name)" }.joined(separator: ", ")
        return """
            <svg class="bar" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" \
            aria-label="\(label)"><title>\(label)</title>\(pieces)</svg>
            """
    }

    /// Columns, one for each band of scores.
    static func columns(_ bands: [AnalysisReport.Band]) -> HTML {
        let most = max(1, bands.map(\.images).max() ?? 1)
        let pieces = bands.enumerated().map { index, band -> HTML in
            let height = band.images * 120 / most
            let x = 10 + index * 100
            return """
                <rect class="band\(index)" x="\(x)" y="\(140 - height)" width="80" \
                height="\(height)"/><text x="\(x + 40)" y="\(132 - height)" \
                text-anchor="middle">\(Amount.number(band.images))</text><text x="\(x + 40)" \
                y="158" text-anchor="middle">\(band.from)–\(band.through)</text>
                """
        }
        let label = bands.map { "\($0.images) with \($0.from) to \($0.through)" }
            .joined(separator: ", ")
        return """
            <svg class="columns" viewBox="0 0 510 166" role="img" \
            aria-label="Images by score: \(label)"><title>Images by score: \(label)</title>\
            <line class="axis" x1="0" y1="140.5" x2="510" y2="140.5"/>\(pieces)</svg>
            """
    }

    /// A line through percentages in the order of time, at even distances.
    static func line(_ points: [(day: String, percent: Int)]) -> HTML {
        guard points.count > 1 else { return "" }
        let step = 640 / (points.count - 1)
        let places = points.enumerated().map { (x: 40 + $0 * step, y: 120 - $1.percent) }
        let path = places.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        let dots = zip(points, places).map { point, place -> HTML in
            """
            <circle class="dot" cx="\(place.x)" cy="\(place.y)" r="3.5"><title>\(point.day): \
            \(point.percent) %</title></circle>
            """
        }
        let grid = [0, 50, 100].map { percent -> HTML in
            """
            <line class="grid" x1="40" y1="\(120 - percent)" x2="690" y2="\(120 - percent)"/>\
            <text x="34" y="\(124 - percent)" text-anchor="end">\(percent) %</text>
            """
        }
        let first = points[0]
        let last = points[points.count - 1]
        let label =
            "Share of images with an alt text: \(first.percent) % on \(first.day), \(last.percent) % on \(last.day)"
        return """
            <svg class="line" viewBox="0 0 720 150" role="img" aria-label="\(label)">\
            <title>\(label)</title>\(grid)<polyline class="curve" points="\(path)"/>\(dots)\
            <text x="40" y="142">\(first.day)</text><text x="690" y="142" \
            text-anchor="end">\(last.day)</text></svg>
            """
    }
}
