import Model
import UseCases

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
        return "\"" + safe.replacingScalars("\"", with: "\"\"") + "\""
    }
}
