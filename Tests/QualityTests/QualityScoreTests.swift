import Model
import Quality
import Testing

@Suite("Scores of existing texts")
struct QualityScoreTests {
    private func score(_ texts: [MetadataField: String], decorative: Bool = false) -> QualityScore {
        QualityGate().score(
            texts, context: ImageContext(fileName: "a.jpg"), isDecorative: decorative)
    }

    @Test("Missing, bad, fair and good texts come in this order")
    func order() {
        let title = "Bicycle in Oslo"
        let alts = [
            "", "IMG_1234", "Image of a bicycle", "Woman holding a photo of her dog",
            "Red bicycle leaning against a wall",
        ]
        let scores = alts.map { score([.alt: $0, .title: title]) }
        #expect(scores.map { $0.fields[.alt] } == [0, 20, 60, 90, 100])
        #expect(scores.map(\.value) == [25, 40, 70, 92, 100])
    }

    @Test("A decoration needs no alt text; captions and descriptions are not missed")
    func weights() {
        #expect(score([:]).value == 0)
        #expect(score([:], decorative: true).value == 75)
        #expect(score([.title: "Wavy divider"], decorative: true).value == 100)
        let caption = score([
            .alt: "Red bicycle on a wall", .title: "Bicycle", .caption: "<b>x</b>",
        ])
        #expect(caption.fields == [.alt: 100, .title: 100, .caption: 20])
        #expect(caption.value == 91)
    }

    @Test("Quotations of existing texts are not doubted; duplicates are")
    func comparisons() {
        let text = "Shop with the sign “Open”"
        #expect(score([.alt: text, .title: "Shop"]).value == 100)
        let duplicate = QualityGate().score(
            [.alt: text, .title: "Shop"], context: ImageContext(fileName: "a.jpg"),
            otherAlts: { _ in AttachmentID(rawValue: 3) })
        #expect(duplicate.findings.map(\.code) == [.duplicate])
        #expect(duplicate.fields[.alt] == 60)
    }
}
