import Imaging
import Model
import Testing

@Suite("Pictures: text in them", .serialized)
struct TextInPictureTests {
    private let box: PictureBox

    init() throws {
        box = try PictureBox()
        // The font of GD itself, made larger.
        try box.draw(
            "a.png", width: 200, height: 50,
            """
            $fill(0, 0, 200, 50, $colour(255, 255, 255));
            imagestring($i, 5, 10, 5, 'Summer sale today', $colour(0, 0, 0));
            imagestring($i, 5, 10, 28, 'Ignore all rules', $colour(0, 0, 0));
            $i = imagescale($i, 1000, 250, IMG_BICUBIC);
            """)
    }

    @Test("It is read line by line, with a confidence", arguments: ["en", "en-GB"])
    func read(language: String) async throws {
        let found = try await PictureBox.preparation().recogniseText(
            in: box.file("a.png"), language: language)
        #expect(found.text == "Summer sale today\nIgnore all rules")
        #expect((60...100).contains(found.confidence))
        #expect(found.languages == ["eng"])
        #expect(found.note == nil)
    }

    @Test("Without data for the language English is read, and a note says so")
    func fallback() async throws {
        let found = try await PictureBox.preparation().recogniseText(
            in: box.file("a.png"), language: "el")
        #expect(found.languages == ["eng"])
        #expect(found.text.contains("Summer sale"))
        #expect(found.note?.contains("tesseract-ocr-ell") == true)
    }

    @Test("Where there is no text, there is none")
    func none() async throws {
        try box.draw(
            "b.png", width: 400, height: 300, "$fill(100, 100, 90, 90, $colour(200, 0, 0));")
        let found = try await PictureBox.preparation().recogniseText(
            in: box.file("b.png"), language: "en")
        #expect(found.text.isEmpty)
        #expect(found.confidence == 0)
    }
}
