import UseCases

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
