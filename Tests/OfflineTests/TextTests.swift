import Model
import Offline
import Testing

@Suite("Offline: shape of the texts")
struct TextTests {
    @Test("Long texts end at a word, within 125 characters and 20 words")
    func cutting() {
        let long = (1...40).map { "word\($0)" }.joined(separator: " ")
        let alt =
            Sample.describe(
                ImageContext(fileName: "a.jpg", embedded: EmbeddedTexts(alt: long))
            ).texts[.alt] ?? ""
        #expect(alt.count <= 125 && alt.split(separator: " ").count <= 20)
        #expect(long.hasPrefix(alt + " "))
        #expect(alt.split(separator: " ").count > 10)
    }

    @Test("A cut text alternative is no longer trusted")
    func cutIsLooked() {
        let long = (1...40).map { "word\($0)" }.joined(separator: " ")
        let context = ImageContext(fileName: "a.jpg", embedded: EmbeddedTexts(alt: long))
        #expect(Sample.describe(context).confidence == .medium)
    }

    @Test("Title, caption and description differ from the alternative and from each other")
    func distinct() {
        let context = ImageContext(
            fileName: "IMG_1.jpg", uses: [Sample.product("Oak table", categories: ["Furniture"])])
        let texts = Sample.describe(context, text: "Made in Norway").texts
        #expect(texts[.alt] == "Text: Made in Norway, Oak table")
        #expect(texts[.title] == "Oak table")
        #expect(texts.count == 4)
        #expect(Set(texts.values.map { $0.lowercased() }).count == 4)
        let description = texts[.description] ?? ""
        #expect(description.contains("Used on: Oak table"))
        #expect(description.contains("Size: 4000 × 3000 pixels"))
    }

    @Test(
        "A short name gets colours, so that there are three words",
        arguments: DescriptionMode.allCases)
    func threeWords(mode: DescriptionMode) {
        let alt =
            Sample.describe(
                ImageContext(fileName: "IMG_1.jpg", uses: [Sample.product("Mug")]), mode: mode
            ).texts[.alt] ?? ""
        #expect(alt == "Mug, mostly blue and green")
    }

    @Test(
        "A title that has to be taken from the alternative ends where a thought does",
        arguments: [
            ("Two cats asleep on a stone wall", "Two cats asleep"),
            ("Fischer am Hafen, im Morgenlicht", "Fischer am Hafen"),
            ("The harbour at dusk – seen from the ferry", "The harbour at dusk"),
            ("Tulips", nil),
            (
                "Fishermen mend their green nets on the quay of the old harbour in the fog",
                "Fishermen mend their green nets on the quay"
            ),
            (
                "Evening in the mountains, with the last light on the snow of the highest peaks",
                "Evening in the mountains"
            ),
        ])
    func titleOfAlt(alt: String, title: String?) {
        let context = ImageContext(fileName: "IMG_1.jpg", embedded: EmbeddedTexts(alt: alt))
        #expect(Sample.describe(context).texts[.title] == title)
    }

    @Test("A caption, which visitors see, never consists of colours or formats")
    func caption() {
        for name in ["IMG_1.jpg", "oak-table.jpg"] {
            #expect(Sample.describe(ImageContext(fileName: name)).texts[.caption] == nil)
        }
        let product = Sample.product("Oak table", categories: ["Furniture"])
        let texts = Sample.describe(
            ImageContext(fileName: "IMG_1.jpg", uses: [product]), position: 1, count: 2
        ).texts
        #expect(texts[.caption] == "Oak table")
    }

    @Test("Only the fields that were asked for")
    func fields() {
        let context = ImageContext(fileName: "oak-table.jpg")
        #expect(Set(Sample.describe(context, fields: [.title]).texts.keys) == [.title])
        #expect(Sample.describe(context, fields: []).texts.isEmpty)
    }
}
