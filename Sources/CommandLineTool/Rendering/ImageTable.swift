import UseCases

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
