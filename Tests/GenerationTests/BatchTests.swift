import Inventory
import Model
import Providers
import ProviderStub
import Testing

@testable import Generation

@Suite("Generation: batches", .serialized) struct BatchTests {
    private static let providers: [ProviderChoice] = [.anthropic, .openai]
    let scene: GenerationScene

    init() throws { scene = try GenerationScene() }

    private func reasons(_ result: GenerationResult) -> [Int64: String] {
        let items = result.applied + result.review + result.skipped + result.failed
        #expect(Set(items.map(\.attachment)).count == items.count, "an image ended twice")
        return Dictionary(items.map { ($0.attachment, $0.reason ?? $0.state.rawValue) }) { a, _ in a
        }
    }

    private func run(
        _ stub: StubServer, _ provider: ProviderChoice, waits: Bool = false,
        asksAgain: Bool = false
    ) async throws -> GenerationResult {
        var options = GenerationOptions(fields: [.alt])
        options.asksAgain = asksAgain
        return try await scene.generator(.model(stub.describer(provider)), options).run(
            with: stub.batches(provider), waits: waits)
    }

    @Test("Submitted by one process, collected by another, out of order", arguments: providers)
    func later(_ provider: ProviderChoice) async throws {
        try scene.add(images: 1...12)
        let stub = try await StubServer(#"{"polls": 1}"#)
        let first = try await run(stub, provider)
        #expect(Set(reasons(first).values) == ["batch-pending"])
        // Asked one by one, they would be paid for twice.
        let direct = try await scene.generator(.model(stub.describer(provider))).run()
        #expect(Set(reasons(direct).values) == ["batch-pending"])
        #expect(try await stub.did().isEmpty)

        var result = try await run(stub, provider)
        if result.applied.isEmpty { result = try await run(stub, provider) }
        #expect(result.applied.count == 12)
        #expect(try await stub.log().entries.filter { $0.creates == true }.count == 1)
        #expect(try scene.kept("SELECT COUNT(*) FROM batch_item") == "0\n")
        // Matched by name, not by order: the same as asked alone.
        let alone = try GenerationScene()
        try alone.add(images: 1...12)
        let other = try await alone.generator(.model(stub.describer(provider))).run()
        #expect(other.changes.map(\.texts) == result.changes.map(\.texts))
    }

    @Test("Expired, cancelled, missing and refused results: each image ends", arguments: providers)
    func trouble(_ provider: ProviderChoice) async throws {
        try scene.add(images: 1...9)
        let stub = try await StubServer(#"{"polls": 0}"#)
        let generator = try scene.generator(.model(stub.describer(provider)))
        // The names within the batch are those of the questions.
        let run = try Run(generator, try generator.store.begin(digest: [1]), { _ in })
        var names: [Int64: String] = [:]
        while let candidate = try run.nextToAsk() { names[candidate.item.id] = candidate.key.name }
        let steps: [Int64: String] = [
            2: "expired", 3: "canceled", 4: "absent", 5: "errored", 6: "refusal", 7: "twice",
            8: "malformed",
        ]
        let ids = try steps.map { "\"\(try #require(names[$0.key]))\": {\"do\": \"\($0.value)\"}" }
        try await stub.load("{\"polls\": 0, \"ids\": {\(ids.joined(separator: ","))}}")
        let result = try await self.run(stub, provider, waits: true)
        #expect(
            reasons(result) == [
                1: "applied", 2: "batch-expired", 3: "batch-cancelled", 4: "batch-expired",
                5: "request-rejected", 6: "refused", 7: "applied", 8: "malformed-answer",
                9: "applied",
            ])
        // What nobody worked on goes into a new batch, what was paid for does not.
        try await stub.load(#"{"polls": 0}"#)
        let again = try await self.run(stub, provider, waits: true)
        #expect(
            reasons(again).filter { $0.value != "applied" } == [
                6: "refused", 8: "malformed-answer",
            ])
        #expect(Set(try await stub.log().entries.compactMap(\.id)).count == 4)
    }

    @Test("Where a batch may exist, its images are not submitted again", arguments: providers)
    func uncertain(_ provider: ProviderChoice) async throws {
        try scene.add(images: 1...3)
        let stub = try await StubServer(#"{"polls": 0, "create": {"do": "drop"}}"#)
        #expect(Set(reasons(try await run(stub, provider)).values) == ["batch-uncertain"])
        try await stub.load(#"{"polls": 0}"#)
        #expect(Set(reasons(try await run(stub, provider)).values) == ["batch-uncertain"])
        #expect(try await stub.log().entries.filter { $0.creates == true }.isEmpty)
        let result = try await run(stub, provider, waits: true, asksAgain: true)
        #expect(result.applied.count == 3)
    }
}
