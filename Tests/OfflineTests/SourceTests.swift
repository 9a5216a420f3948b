import Model
import Offline
import Testing

@Suite("Offline: which source speaks")
struct SourceTests {
    @Test("A text alternative in the file is taken as it is, and trusted")
    func embeddedAlt() {
        let said = Sample.describe(
            ImageContext(
                fileName: "red-shoe.jpg", uses: [Sample.product("Oak table")],
                embedded: EmbeddedTexts(
                    alt: "Two cats asleep on a stone wall", title: "Cats",
                    keywords: ["cat", "wall", "Cat"])))
        #expect(said.texts[.alt] == "Two cats asleep on a stone wall")
        #expect(said.confidence == .high)
        #expect(said.texts[.title] == "Cats")
        #expect(said.tags == ["cat", "wall"])
        #expect(!said.isDecorative)
    }

    @Test("A description in the file goes before product, file name and page, and is looked at")
    func embeddedDescription() {
        let said = Sample.describe(
            ImageContext(
                fileName: "oak.jpg", uses: [Sample.product("Oak table")],
                embedded: EmbeddedTexts(
                    description: "The old harbour of Lisbon at dusk. Taken from the ferry in May."))
        )
        #expect(said.texts[.alt] == "The old harbour of Lisbon at dusk")
        #expect(
            said.texts[.description]?.hasPrefix("The old harbour of Lisbon at dusk. Taken") == true)
        #expect(said.confidence == .medium)
    }

    @Test("Text in the picture is quoted as text, if the reader was sure")
    func textInPicture() {
        let context = ImageContext(
            fileName: "IMG_0001.jpg", uses: [ImageUse(kind: .content, post: 1, title: "Offers")])
        let sure = Sample.describe(context, text: "Summer sale\n20 percent off")
        #expect(sure.texts[.alt] == "Text: Summer sale 20 percent off")
        #expect(sure.textInImage == "Summer sale 20 percent off")
        #expect(sure.confidence == .medium)
        let unsure = Sample.describe(context, text: "Summer sale 20 percent off", confidence: 60)
        #expect(unsure.texts[.alt]?.contains("Summer") == false)
        #expect(unsure.textInImage.isEmpty)
    }

    @Test("A product's name, with what tells its pictures apart")
    func product() {
        let uses = [Sample.product("Oak table", categories: ["Furniture"])]
        let context = ImageContext(fileName: "DSC_0042.jpg", uses: uses)
        let alts = (1...4).map {
            Sample.describe(context, position: $0, count: 4).texts[.alt] ?? ""
        }
        #expect(alts[1] == "Oak table, view 2 of 4, mostly blue and green")
        #expect(Set(alts).count == 4)
        let seo = Sample.describe(context, position: 2, count: 4, mode: .seo)
        #expect(seo.texts[.alt] == "Oak table, view 2 of 4, Furniture, mostly blue and green")
        #expect(seo.confidence == .medium)
    }

    @Test("The number of the old file name tells pictures apart where there is no gallery")
    func numberOfFileName() {
        let alts = (1...3).map { number in
            Sample.describe(
                ImageContext(
                    fileName: "oak-table-\(number).jpg", uses: [Sample.product("Oak table")])
            ).texts[.alt] ?? ""
        }
        #expect(alts[2].hasPrefix("Oak table, view 3"))
        #expect(Set(alts).count == 3)
    }

    @Test("The old file name, then the heading, then the page; all looked at")
    func lastSources() {
        let use = ImageUse(
            kind: .content, post: 1, postType: "page", title: "About us", heading: "Our workshop")
        let named = Sample.describe(
            ImageContext(fileName: "red_mountainBike-scaled.jpg", uses: [use]))
        #expect(named.texts[.alt] == "Red mountain Bike, mostly blue and green")
        #expect(named.confidence == .low)
        let headed = Sample.describe(ImageContext(fileName: "IMG_1234.jpg", uses: [use]))
        #expect(
            headed.texts[.alt] == "Illustration for the page: Our workshop, mostly blue and green")
        var plain = use
        plain.heading = ""
        let paged = Sample.describe(ImageContext(fileName: "IMG_1234.jpg", uses: [plain]))
        #expect(paged.texts[.alt]?.hasPrefix("Illustration for the page: About us") == true)
        #expect(paged.confidence == .low)
    }

    @Test("Where nothing is known, only what was measured is said")
    func measured() {
        let said = Sample.describe(ImageContext(fileName: "IMG_1234.jpg"))
        #expect(said.texts[.alt] == "Landscape-format picture, mostly blue and green")
        #expect(said.confidence == .low)
        let nothing = Sample.describe(ImageContext(fileName: "IMG_1234.jpg"), picture: nil)
        #expect(nothing.texts.isEmpty)
        #expect(nothing.confidence == .low)
    }

    @Test("The destination of a linked picture counts in the mode for accessibility")
    func link() {
        let use = ImageUse(
            kind: .content, post: 1, title: "Home",
            link: "https://example.com/shop/garden-chairs/?a=1")
        let context = ImageContext(fileName: "banner.jpg", uses: [use])
        #expect(
            Sample.describe(context, mode: .wcag).texts[.alt]?.hasPrefix("Garden chairs") == true)
        #expect(Sample.describe(context, mode: .seo).texts[.alt]?.hasPrefix("Banner") == true)
    }

    @Test(
        "A name of a machine says nothing",
        arguments: [
            "IMG_1234.jpg", "DSC00042.JPG", "DSCN1234.jpg", "P1010001.JPG", "100_1234.jpg",
            "20230101_123456.jpg", "IMG-20230101-WA0001.jpg", "PXL_20230101_123456789.jpg",
            "Screenshot 2023-01-01 at 10.11.12.png", "WhatsApp Image 2023-01-01 at 10.11.12.jpeg",
            "d41d8cd98f00b204e9800998ecf8427e.png", "550e8400-e29b-41d4-a716-446655440000.webp",
            "john-doe-a1B2c3D4-unsplash.jpg", "pexels-john-doe-12345.jpg", "image-1.png",
            "unnamed.jpg", "GOPR0001.jpg", "MVIMG_20190101_120000.jpg", "1.jpg", "scan0001.jpg",
            "FB_IMG_1500000000000.jpg", "IMG_1234-scaled.jpg", "photo-1024x768.jpg", "dji_0001.jpg",
        ])
    func machineNames(name: String) {
        let said = Sample.describe(ImageContext(fileName: name))
        #expect(said.texts[.alt] == "Landscape-format picture, mostly blue and green")
        #expect(said.fileName.isEmpty)
    }

    @Test(
        "A name of a person says something",
        arguments: [
            ("red-mountain-bike.jpg", "Red mountain bike"),
            ("garden_chair_02.png", "Garden chair 2"),
            ("Küche-modern-1024x768.jpg", "Küche modern"),
            ("IMG_1234-oak-table.jpg", "Oak table"),
            ("harbour-e1700000000000.jpg", "Harbour"),
            ("дом-у-озера.jpg", "Дом у озера"),
            ("windows-11.jpg", "Windows 11"),
        ])
    func humanNames(name: String, words: String) {
        #expect(Sample.describe(ImageContext(fileName: name)).fileName == words)
    }

    @Test("The provider calls itself offline, costs nothing and passes failures on")
    func provider() async throws {
        let describer = OfflineDescriber { request throws(MonikerError) in
            guard request.id == "1" else { throw MonikerError(.damagedImage, "cut off") }
            return OfflineFacts(picture: Sample.photo)
        }
        var request = DescriptionRequest(
            id: "1", jpeg: [], context: ImageContext(fileName: "oak-table.jpg"), fields: [.alt],
            mode: .balanced)
        let answer = try await describer.describe(request)
        #expect(answer.provider == "offline" && answer.model == "offline")
        #expect(answer.usage == ProviderUsage())
        #expect(Set(answer.description.texts.keys) == [.alt])
        request.id = "2"
        let error = await #expect(throws: MonikerError.self) {
            _ = try await describer.describe(request)
        }
        #expect(error?.code == .damagedImage)
    }
}
