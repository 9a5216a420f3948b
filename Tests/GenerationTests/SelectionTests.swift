import Inventory
import Model
import Testing

@testable import Generation

@Suite("Generation: which images, which texts") struct SelectionTests {
    let scene: GenerationScene
    let describer = ScriptedDescriber { (request) throws(MonikerError) in good(request) }

    init() throws { scene = try GenerationScene() }

    private func ids(_ items: [GenerationItem]) -> [Int64] { items.map(\.attachment).sorted() }

    @Test("Only empty fields are asked for and written; what a person wrote stays")
    func smartComplete() async throws {
        try scene.add(1, "a.jpg", alt: "A lamp on a desk", title: "Lamp")
        try scene.add(2, "b.jpg", title: "Written by a person")
        try scene.add(3, "c.jpg", alt: "x", title: "t", caption: "c", description: "d")
        let result = try await scene.generator(.model(describer), GenerationOptions()).run()
        #expect(result.changes.map(\.attachment.rawValue) == [1, 2])
        #expect(
            result.changes[0].texts.keys.sorted { $0.rawValue < $1.rawValue } == [
                .caption, .description,
            ])
        #expect(result.changes[1].texts[.title] == nil)
        #expect(result.changes[1].texts[.alt] != nil)
        #expect(result.changes[1].expected == [.alt: "", .caption: "", .description: ""])
        #expect(result.changes[0].source == .model(provider: "anthropic", model: "scripted"))
        #expect(result.skipped.map(\.reason) == ["complete"])
        #expect(describer.requests.count == 2)
    }

    @Test("With overwriting everything is made anew, and the old texts are told")
    func overwrites() async throws {
        try scene.add(1, "a.jpg", alt: "A lamp on a desk", title: "Lamp")
        var options = GenerationOptions(fields: [.alt, .title])
        options.overwrites = true
        let result = try await scene.generator(.model(describer), options).run()
        #expect(result.changes[0].expected == [.alt: "A lamp on a desk", .title: "Lamp"])
        #expect(result.changes[0].texts.count == 2)
    }

    @Test("A camera's title counts as missing, a name that a person gave does not")
    func cameraTitles() async throws {
        try scene.add(1, "IMG_1234.jpg", alt: "A lamp on a desk", title: "IMG_1234")
        try scene.add(2, "red-lamp.jpg", alt: "A lamp on a red desk", title: "red-lamp")
        let options = GenerationOptions(fields: [.alt, .title])
        let result = try await scene.generator(.model(describer), options).run()
        #expect(ids(result.applied) == [1])
        #expect(result.changes[0].expected == [.title: "IMG_1234"])
        #expect(ids(result.skipped) == [2])
    }

    @Test("What is left out is not asked about, and says why")
    func skips() async throws {
        try scene.add(1, "a.svg", mime: "image/svg+xml")
        try scene.add(2, "tiny.jpg", width: 20)
        try scene.add(3, "logo.png")
        try scene.add(4, "line.jpg", alt: "")
        try scene.add(5, "b.jpg", alt: "A lamp on a desk")
        try scene.add(6, "closed.jpg")
        try scene.add(7, "gone.jpg")
        try scene.run("rm", [scene.uploads + "/2024/05/gone.jpg"])
        let pictures = FakePictures(embedded: ["closed.jpg": EmbeddedTexts(forbidsAI: true)])
        let result = try await scene.generator(.model(describer), pictures: pictures).run()
        #expect(
            Dictionary(uniqueKeysWithValues: result.skipped.map { ($0.attachment, $0.reason) }) == [
                1: "svg", 2: "too-small", 3: "icon-name", 4: "decorative", 5: "complete",
                6: "ai-opt-out",
            ])
        #expect(result.failed.map(\.reason) == ["file-missing"])
        #expect(describer.requests.isEmpty)
        #expect(result.skipped.map(\.line).contains("[skip] 5: complete → A lamp on a desk"))
    }

    @Test("Ids in their order, unknown ones, and a limit that skipped ones do not count against")
    func chosen() async throws {
        try scene.add(images: 1...9)
        try scene.add(20, "logo.png")
        var options = GenerationOptions(
            .some([20, 5, 99, 3, 5, 1].map { AttachmentID($0) }), fields: [.alt])
        options.limit = 2
        options.concurrency = 1
        let result = try await scene.generator(.model(describer), options).run()
        #expect(describer.requests.map(\.id) == ["5", "3"])
        #expect(ids(result.skipped) == [20])
        #expect(result.failed.map(\.reason) == ["unknown-attachment"])
    }

    @Test("--missing narrows the images and, alone, the fields")
    func missing() async throws {
        try scene.add(1, "a.jpg", alt: "A lamp on a desk")
        try scene.add(2, "b.jpg", title: "t", caption: "c", description: "d")
        let result = try await scene.generator(
            .model(describer), GenerationOptions(missing: .alt)
        ).run()
        #expect(ids(result.applied) == [2])
        #expect(result.skipped.isEmpty)
        #expect(describer.requests.map(\.fields) == [[.alt]])
    }

    @Test("Only used images")
    func used() async throws {
        try scene.add(images: 1...3)
        try scene.post(50, title: "A page", content: "<img class=\"wp-image-2\" src=\"x\">")
        var options = GenerationOptions(fields: [.alt])
        options.onlyUsed = true
        let result = try await scene.generator(.model(describer), options).run()
        #expect(ids(result.applied) == [2])
    }
}
