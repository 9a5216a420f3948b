import Model
import Offline
import Testing

@Suite("Offline: languages")
struct LanguageTests {
    @Test(
        "Phrases in the language that was asked for",
        arguments: [
            ("en", "Oak table, view 2 of 4, mostly blue and green"),
            ("de-AT", "Oak table, Ansicht 2 von 4, vorwiegend in Blau und Grün"),
            ("fr", "Oak table, vue 2 sur 4, couleurs dominantes : bleu et vert"),
            ("es_MX", "Oak table, vista 2 de 4, con predominio de azul y verde"),
            ("it", "Oak table, vista 2 di 4, con prevalenza di blu e verde"),
            ("pt-BR", "Oak table, vista 2 de 4, com predomínio de azul e verde"),
            ("nl", "Oak table, weergave 2 van 4, overwegend blauw en groen"),
        ])
    func known(language: String, alt: String) {
        let context = ImageContext(
            fileName: "IMG_1.jpg", language: language, uses: [Sample.product("Oak table")])
        #expect(Sample.describe(context, position: 2, count: 4).texts[.alt] == alt)
    }

    @Test("Every colour and format has a word in every language")
    func complete() {
        for language in ["en", "de", "fr", "es", "it", "pt", "nl"] {
            for colour in NamedColour.allCases {
                let picture = PictureFacts(width: 300, height: 400, colours: [colour])
                let context = ImageContext(fileName: "IMG_1.jpg", language: language)
                let alt = Sample.describe(context, picture: picture).texts[.alt] ?? ""
                #expect(alt.split(separator: " ").count >= 4, "\(language) \(colour): \(alt)")
                #expect(!alt.hasSuffix(" "))
            }
        }
    }

    @Test(
        "A language without phrases gets texts that exist and no English",
        arguments: ["pl", "ja", ""])
    func unknown(language: String) {
        let named = Sample.describe(
            ImageContext(
                fileName: "IMG_1.jpg", language: language,
                uses: [Sample.product("Stół dębowy duży")]), position: 2, count: 4)
        #expect(named.texts[.alt] == "Stół dębowy duży, 2")
        #expect(named.confidence == .low)
        for text in named.texts.values {
            for word in ["view", "mostly", "picture", "Used", "Size", "blue"] {
                #expect(!text.contains(word))
            }
        }
        let bare = Sample.describe(ImageContext(fileName: "IMG_1.jpg", language: language))
        #expect(bare.texts.isEmpty)
    }
}
