import Model
import Offline
import Testing

@Suite("Offline: decoration is proposed, never decided")
struct DecorativeTests {
    @Test(
        "Spacers, lines and one colour",
        arguments: [
            PictureFacts(width: 1, height: 1, kind: .flat),
            PictureFacts(width: 1200, height: 3, kind: .continuous),
            PictureFacts(width: 20, height: 20, kind: .graphic),
            PictureFacts(width: 800, height: 600, colours: [.white], entropy: 0, kind: .flat),
        ])
    func flat(picture: PictureFacts) {
        let said = Sample.describe(ImageContext(fileName: "spacer-image.gif"), picture: picture)
        #expect(said.isDecorative)
        #expect(said.confidence == .low)
        #expect(said.texts == [.alt: ""])
    }

    @Test("Not where somebody wrote something, or it shows a product, or holds text")
    func informative() {
        let flat = PictureFacts(width: 800, height: 600, colours: [.white], entropy: 0, kind: .flat)
        let written = ImageContext(
            fileName: "a.png", embedded: EmbeddedTexts(alt: "White wall paint sample"))
        let product = ImageContext(fileName: "a.png", uses: [Sample.product("Wall paint")])
        #expect(!Sample.describe(written, picture: flat).isDecorative)
        #expect(!Sample.describe(product, picture: flat).isDecorative)
        #expect(
            !Sample.describe(ImageContext(fileName: "a.png"), picture: flat, text: "Open today")
                .isDecorative)
        #expect(!Sample.describe(ImageContext(fileName: "a.png")).isDecorative)
    }
}
