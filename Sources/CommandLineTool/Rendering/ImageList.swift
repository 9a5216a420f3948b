import UseCases

/// A list of images that is printed while it is read.
protocol ImageList: AnyObject {
    /// Prints what stands before the list.
    func begin()
    /// Prints a page of it.
    func add(_ images: [ImageListing])
    /// Prints what stands behind it.
    func end()
}

/// One JSON array, an image a line.
final class ImageJSON: ImageList {
    private var isFirst = true

    func begin() { Output.standard.write("[") }

    func add(_ images: [ImageListing]) {
        var text = ""
        for image in images {
            text += (isFirst ? "\n" : ",\n") + JSONText.line(image)
            isFirst = false
        }
        Output.standard.write(text)
    }

    func end() { Output.standard.write(isFirst ? "]\n" : "\n]\n") }
}

/// CSV as RFC 4180 has it.
///
/// A text that a spreadsheet would take for a formula gets an apostrophe in front, which
/// spreadsheets take for "this is text"; programs that read the file take it off again.
final class ImageCSV: ImageList {
    private static let columns = [
        "id", "file", "mime", "width", "height", "bytes", "language", "title", "alt", "caption",
        "description", "missing", "decorative", "camera_name", "uses", "used_in",
    ]

    func begin() { Output.standard.write(Self.columns.joined(separator: ",") + "\r\n") }

    func add(_ images: [ImageListing]) {
        var text = ""
        for image in images { text += Self.line(image) }
        Output.standard.write(text)
    }

    func end() {}

    private static func line(_ image: ImageListing) -> String {
        let uses = image.usedIn.map { use in
            "\(use.kind): \(PlainLine.of(use.title))\(use.post.map { " (\($0))" } ?? "")"
        }
        let more = image.uses - uses.count
        let cells = [
            "\(image.id)", image.file, image.mime, image.width.map { "\($0)" } ?? "",
            image.height.map { "\($0)" } ?? "", image.bytes.map { "\($0)" } ?? "",
            image.language, image.title, image.alt, image.caption, image.description,
            image.missing.joined(separator: " "),
            image.fields["alt"] == "decorative" ? "yes" : "no", image.cameraName ? "yes" : "no",
            "\(image.uses)",
            (uses + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "; "),
        ]
        return cells.map(field).joined(separator: ",") + "\r\n"
    }

    /// A field, quoted where it has to be.
    static func field(_ text: String) -> String {
        // By scalars: a CR LF is one character, and a sign with an accent is another one.
        let isFormula = text.unicodeScalars.first.map {
            "=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0)
        }
        let safe = isFormula == true ? "'" + text : text
        guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
            return safe
        }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}

/// A table for people.
final class ImageTable: ImageList {
    private var table = StreamedTable([
        ("ID", .right), ("FILE", .left), ("PIXELS", .right), ("LANG", .left), ("MISSING", .left),
        ("USED IN", .left),
    ])
    private var number = 0

    func begin() {}

    func add(_ images: [ImageListing]) {
        number += images.count
        let rows = images.map { image in
            [
                "\(image.id)", image.file.isEmpty ? "(elsewhere)" : image.file,
                image.width.flatMap { width in image.height.map { "\(width)×\($0)" } } ?? "?",
                image.language, Self.missing(image), Self.uses(image),
            ]
        }
        for line in table.lines(rows, width: Output.standard.width) { Output.standard.line(line) }
    }

    func end() {
        if number == 0 { Output.standard.line("No image is like that.") }
    }

    private static func missing(_ image: ImageListing) -> String {
        let isDecorative = image.fields["alt"] == "decorative"
        let words = (isDecorative ? ["(decorative)"] : []) + image.missing
        return words.isEmpty ? "-" : words.joined(separator: " ")
    }

    private static func uses(_ image: ImageListing) -> String {
        guard let first = image.usedIn.first else { return "nowhere" }
        let place =
            first.title.isEmpty
            ? "\(first.type.isEmpty ? first.kind : first.type) \(first.post.map { "\($0)" } ?? "")"
            : first.title
        return image.uses > 1 ? "\(place) and \(image.uses - 1) more" : place
    }
}

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
