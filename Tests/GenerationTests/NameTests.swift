import Model
import Testing

@testable import Generation

@Suite("Generation: names") struct NameTests {
    let scene: GenerationScene

    init() throws { scene = try GenerationScene() }

    private func stems(_ result: GenerationResult) -> [Int64: String] {
        Dictionary(
            uniqueKeysWithValues: result.changes.compactMap { change in
                change.stem.map {
                    (change.attachment.rawValue, String(decoding: $0, as: UTF8.self))
                }
            })
    }

    @Test("Names are unique in the run and in the folder, and untold without renaming")
    func unique() async throws {
        try scene.add(images: 1...2)
        try scene.add(3, "Red-Boat-by-the-lake-300x200.jpg", alt: "Taken by somebody else")
        let describer = ScriptedDescriber { (request) throws(MonikerError) in
            var answer = good(request)
            answer.fileName = "red-boat-by-the-lake.jpg"
            return answer
        }
        var options = GenerationOptions(fields: [.alt])
        #expect(stems(try await scene.generator(.model(describer), options).run()).isEmpty)
        options.renames = true
        options.concurrency = 1
        let result = try await scene.generator(.model(describer), options).run()
        let names = stems(result)
        #expect(names.count == 2)
        #expect(Set(names.values).count == 2)
        #expect(
            names.values.allSatisfy { $0.hasPrefix("red-boat") && $0 != "red-boat-by-the-lake" })
    }

    @Test(
        "What waits for people keeps its name; what has all texts is named by them if a camera named it"
    )
    func others() async throws {
        try scene.add(1, "a.jpg")
        try scene.add(2, "IMG_1234.jpg", alt: "A green chair at a wall")
        try scene.add(3, "chair.jpg", alt: "A green chair in the snow")
        let describer = ScriptedDescriber { (_) throws(MonikerError) in
            ImageDescription(texts: [.alt: "Image of a red boat"], fileName: "red-boat")
        }
        var options = GenerationOptions(fields: [.alt])
        options.renames = true
        let result = try await scene.generator(.model(describer), options).run()
        #expect(stems(result) == [2: "green-chair-wall"])
        #expect(result.changes.first?.texts == [:])
        #expect(result.review.map(\.attachment) == [1])
        #expect(result.skipped.map(\.attachment) == [3])
        #expect(describer.requests.count == 1)
    }
}
