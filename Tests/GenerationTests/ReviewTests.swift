import Model
import Quality
import Testing

@testable import Generation

@Suite("Generation: the review list") struct ReviewTests {
    let scene: GenerationScene

    init() throws { scene = try GenerationScene() }

    /// Puts images with fillers on the list.
    private func fill(_ count: Int, renames: Bool = false) async throws -> ReviewDesk {
        try scene.add(images: 1...count)
        let describer = ScriptedDescriber { (request) throws(MonikerError) in
            ImageDescription(
                texts: [.alt: "Image of boat number \(request.id)"], fileName: "red-boat")
        }
        var options = GenerationOptions(fields: [.alt])
        options.renames = renames
        let result = try await scene.generator(.model(describer), options).run()
        #expect(result.review.count == count)
        return ReviewDesk(try GenerationStore(home: scene.home))
    }

    private func code(_ body: () throws(MonikerError) -> some Any) -> ErrorCode? {
        do throws(MonikerError) {
            _ = try body()
            return nil
        } catch { return error.code }
    }

    @Test("An approved image leaves the list only when it has been written")
    func approve() async throws {
        let desk = try await fill(3, renames: true)
        #expect(try desk.list().map(\.attachment) == [1, 2, 3])
        #expect(try desk.list(after: AttachmentID(1), limit: 1).map(\.attachment) == [2])
        #expect(try desk.list().first?.reason == "filler")
        let change = try desk.approve(AttachmentID(2))
        #expect(change.texts == [.alt: "Image of boat number 2"])
        #expect(change.expected == [.alt: ""])
        #expect(change.source == .model(provider: "anthropic", model: "scripted"))
        #expect(change.stem.map { String(decoding: $0, as: UTF8.self) } == "red-boat")
        #expect(try desk.list().count == 3)
        try desk.written([AttachmentID(2)])
        #expect(try desk.list().map(\.attachment) == [1, 3])
        #expect(
            code { () throws(MonikerError) in try desk.approve(AttachmentID(2)) } == .notInReview)
    }

    @Test("An edited text is judged again; a person may overrule taste, but not safety")
    func edit() async throws {
        let desk = try await fill(1)
        let id = AttachmentID(1)
        let change = try desk.edit(id, texts: [.alt: " A red boat on a lake "])
        #expect(change.texts == [.alt: "A red boat on a lake"])
        #expect(change.source == .human)
        #expect(
            code { () throws(MonikerError) in
                try desk.edit(id, texts: [.alt: "Photo of a red boat"])
            }
                == .heldBack)
        #expect(
            try desk.edit(id, texts: [.alt: "Photo of a red boat"], isForced: true).texts
                == [.alt: "Photo of a red boat"])
        #expect(
            code { () throws(MonikerError) in
                try desk.edit(id, texts: [.alt: "A <b>red</b> boat on a lake"], isForced: true)
            } == .heldBack)
        // An empty text says that it is decoration.
        #expect(try desk.edit(id, texts: [.alt: ""]).texts == [.alt: ""])
    }

    @Test("What was rejected is not proposed again, until somebody asks anew")
    func reject() async throws {
        let desk = try await fill(2)
        try desk.reject(AttachmentID(1))
        #expect(try desk.list().map(\.attachment) == [2])
        let describer = ScriptedDescriber { (request) throws(MonikerError) in good(request) }
        let again = try await scene.generator(.model(describer)).run()
        #expect(describer.requests.isEmpty)
        #expect(again.skipped.map(\.reason) == ["rejected"])
        #expect(again.review.map(\.attachment) == [2])
        var options = GenerationOptions(fields: [.alt])
        options.asksAgain = true
        let anew = try await scene.generator(.model(describer), options).run()
        #expect(anew.applied.count == 2)
    }

    @Test("The list survives the process, and a written image leaves it")
    func survives() async throws {
        _ = try await fill(2)
        let describer = ScriptedDescriber { (request) throws(MonikerError) in good(request) }
        var options = GenerationOptions(fields: [.alt])
        options.asksAgain = true
        let generator = try scene.generator(.model(describer), options)
        let result = try await generator.run()
        #expect(try GenerationStore(home: scene.home).reviewCount() == 2)
        try generator.confirm(result, applied: result.changes.map(\.attachment))
        #expect(try GenerationStore(home: scene.home).reviewCount() == 0)
    }

    @Test("The same seed samples the same results")
    func sample() async throws {
        try scene.add(images: 1...40)
        let describer = ScriptedDescriber { (request) throws(MonikerError) in good(request) }
        let result = try await scene.generator(.model(describer)).run()
        let first = result.sample(5, seed: 7)
        #expect(first.count == 5)
        #expect(result.sample(5, seed: 7) == first)
        #expect((1...5).contains { result.sample(5, seed: UInt64($0)) != first })
        #expect(result.sample(100, seed: 1).count == 40)
    }
}
