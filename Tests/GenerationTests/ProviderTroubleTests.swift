import HomeStore
import Model
import Providers
import ProviderStub
import Testing

@testable import Generation

@Suite("Generation: whatever the provider does, each image ends once and is paid once", .serialized)
struct ProviderTroubleTests {
    let scene: GenerationScene

    init() throws { scene = try GenerationScene() }

    /// How each image ended: state and reason.
    private func ends(_ result: GenerationResult) -> [Int64: String] {
        let items = result.applied + result.review + result.skipped + result.failed
        #expect(Set(items.map(\.attachment)).count == items.count, "an image ended twice")
        return Dictionary(
            items.map {
                ($0.attachment, $0.state.rawValue + ($0.reason.map { " \($0)" } ?? ""))
            }
        ) { first, _ in first }
    }

    private static let script = #"""
        {"files": {
            "img-2.jpg": [{"do": "limit", "headers": {"retry-after": "2"}, "times": 2}],
            "img-3.jpg": [{"do": "limit", "headers": {"anthropic-ratelimit-requests-reset": "2001-09-09T01:46:45Z"}, "times": 1}],
            "img-4.jpg": [{"do": "error", "status": 500, "times": 2}],
            "img-5.jpg": [{"do": "error", "status": 529, "times": 2}],
            "img-6.jpg": [{"do": "error", "status": 500}],
            "img-7.jpg": [{"do": "malformed"}],
            "img-8.jpg": [{"do": "refusal"}],
            "img-9.jpg": [{"do": "truncated"}],
            "img-21.jpg": [{"do": "wrong-language"}],
            "img-11.jpg": [{"do": "hostile"}],
            "img-12.jpg": [{"do": "filler"}],
            "img-13.jpg": [{"do": "low"}],
            "img-14.jpg": [{"do": "empty"}],
            "img-15.jpg": [{"do": "prose"}],
            "img-16.jpg": [{"do": "missing"}],
            "img-17.jpg": [{"do": "error", "status": 400}],
            "img-18.jpg": [{"do": "decorative"}],
            "img-19.jpg": [{"do": "fenced"}]
        }}
        """#

    private static let expected: [Int64: String] = [
        1: "applied", 2: "applied", 3: "applied", 4: "applied", 5: "applied",
        6: "failed provider-failed", 7: "failed malformed-answer", 8: "failed refused",
        9: "failed truncated", 10: "applied", 12: "review filler",
        13: "review low-confidence", 14: "failed empty-answer", 15: "failed malformed-answer",
        16: "failed incomplete-answer", 17: "failed request-rejected", 18: "applied",
        19: "applied", 20: "applied", 21: "review wrong-language",
    ]

    /// What the stub answered with a charge, whether it was of use or not.
    private static let charged: Set<String> = [
        "ok", "fenced", "filler", "wrong-language", "hostile", "decorative", "low", "missing",
        "malformed", "prose", "empty", "refusal", "truncated",
    ]

    @Test(
        "429, 500, 529, malformed, refusal, truncation, language, hostile texts", arguments: [1, 6])
    func matrix(concurrency: Int) async throws {
        try scene.add(images: 1...21)
        let stub = try await StubServer(Self.script)
        var options = GenerationOptions(fields: [.alt])
        options.concurrency = concurrency
        let result = try await scene.generator(.model(stub.describer()), options).run()
        var ends = ends(result)
        // The gate has several reasons to hold the hostile text back; any of them is right.
        #expect(ends.removeValue(forKey: 11)?.hasPrefix("review ") == true)
        #expect(ends == Self.expected)
        let first = try await stub.did()
        for (file, did) in first {
            #expect(did.filter(Self.charged.contains).count <= 1, "\(file): \(did)")
        }
        #expect(first.count == 21)

        // Again: nothing that was paid for is asked again, what was not is.
        try await stub.load("{}")
        var again = self.ends(try await scene.generator(.model(stub.describer()), options).run())
        let second = try await stub.did()
        #expect(second.keys.sorted() == ["img-17.jpg", "img-6.jpg"])
        #expect(again.removeValue(forKey: 11)?.hasPrefix("review ") == true)
        let expected = Self.expected.merging([6: "applied", 17: "applied"]) { $1 }
        #expect(again == expected)
    }

    @Test(
        "What would fail for all ends the asking; what was answered is used",
        arguments: [
            (ProviderChoice.openai, #"{"do": "quota"}"#, "quota-exhausted"),
            (.anthropic, #"{"do": "key"}"#, "key-rejected"),
            (.anthropic, #"{"do": "error", "status": 402}"#, "payment-required"),
        ])
    func endings(provider: ProviderChoice, step: String, code: String) async throws {
        try scene.add(images: 1...12)
        let stub = try await StubServer(#"{"requests": {"5": \#(step)}}"#)
        var options = GenerationOptions(fields: [.alt])
        options.concurrency = 1
        let result = try await scene.generator(.model(stub.describer(provider)), options).run()
        #expect(result.applied.map(\.attachment) == [1, 2, 3, 4])
        #expect(result.failed.map(\.attachment) == Array(5...12))
        #expect(Set(result.failed.map(\.reason)) == [code])
        #expect(result.ended?.code.rawValue == code)
        #expect(try await stub.did().count == 5)

        // Once the account is in order, the rest is asked for, once.
        try await stub.load("{}")
        let again = try await scene.generator(.model(stub.describer(provider)), options).run()
        #expect(again.applied.count == 12)
        #expect(try await stub.did().count == 8)
    }

    @Test("A provider that hangs or drops connections fails its images, and says what is uncertain")
    func silence() async throws {
        try scene.add(images: 1...4)
        let stub = try await StubServer(
            #"{"files": {"img-2.jpg": [{"do": "hang"}], "img-3.jpg": [{"do": "drop"}]}}"#)
        let result = try await scene.generator(
            .model(stub.describer(timeout: .milliseconds(300)))
        ).run()
        #expect(
            ends(result) == [
                1: "applied", 2: "failed timed-out", 3: "failed network-failed", 4: "applied",
            ])
        #expect(result.uncertainRequests == 2)
        let kept = try scene.kept("SELECT uncertain FROM run")
        #expect(kept == "2\n")
    }

    @Test("A provider that is away is not asked about a whole library")
    func away() async throws {
        try scene.add(images: 1...40)
        let describer = ScriptedDescriber { (request) throws(MonikerError) in
            if Int(request.id) ?? 0 > 5 { throw MonikerError(.networkFailed, "nobody is there") }
            return good(request)
        }
        var options = GenerationOptions(fields: [.alt])
        options.concurrency = 2
        let result = try await scene.generator(.model(describer), options).run()
        #expect(result.applied.count == 5)
        #expect(result.failed.count == 35)
        #expect(result.ended?.code == .networkFailed)
        #expect((15...17).contains(describer.requests.count))
    }

    @Test("A budget is never overrun, also not by a run that continues another one")
    func budget() async throws {
        try scene.add(images: 1...30)
        let stub = try await StubServer()
        var options = GenerationOptions(fields: [.alt])
        options.concurrency = 1
        let result = try await scene.generator(
            .model(stub.describer(budget: 60_000)), options
        ).run()
        #expect(result.ended?.code == .budgetExhausted)
        #expect(result.usage.microdollars <= 60_000)
        #expect(result.applied.count + result.failed.count == 30)
        #expect(!result.applied.isEmpty)
        #expect(Set(result.failed.map(\.reason)) == ["budget-exhausted"])
        let store = try GenerationStore(home: scene.home)
        #expect(
            try store.spent(options, provider: "anthropic", model: "claude-sonnet-4-6")
                == result.usage.microdollars)
    }

    @Test("A picture that was uploaded twice is asked about once, and both get the text")
    func copies() async throws {
        try scene.add(1, "a.jpg", content: "same")
        try scene.add(2, "b.jpg", content: "same")
        try scene.add(3, "c.jpg", content: "other")
        try scene.post(50, title: "A page", content: "<img class=\"wp-image-2\" src=\"x\">")
        let stub = try await StubServer()
        let result = try await scene.generator(.model(stub.describer())).run()
        #expect(ends(result) == [1: "applied", 2: "applied", 3: "applied"])
        #expect(result.changes[0].texts == result.changes[1].texts)
        #expect(try await stub.did().count == 2)
    }

    @Test("Copies that show different products are asked about each")
    func copiesOfProducts() async throws {
        try scene.add(1, "a.jpg", content: "same")
        try scene.add(2, "b.jpg", content: "same")
        for (post, image) in [(50, 1), (51, 2)] {
            try scene.post(post, title: "Lamp \(post)", content: "", type: "product")
            try scene.sql(
                "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (\(post), '_thumbnail_id', '\(image)')"
            )
        }
        let stub = try await StubServer()
        _ = try await scene.generator(.model(stub.describer())).run()
        #expect(try await stub.did().count == 2)
    }

    @Test("Asking again pays again, but not twice within one job")
    func asksAgain() async throws {
        try scene.add(images: 1...3)
        let stub = try await StubServer()
        let first = try await scene.generator(.model(stub.describer())).run()
        try scene.generator(.model(stub.describer())).confirm(first, applied: [])
        try await stub.load("{}")
        var options = GenerationOptions(fields: [.alt])
        options.asksAgain = true
        _ = try await scene.generator(.model(stub.describer()), options).run()
        #expect(try await stub.did().count == 3)
        // The same job once more, as after a kill.
        try await stub.load("{}")
        let last = try await scene.generator(.model(stub.describer()), options).run()
        #expect(try await stub.did().isEmpty)
        #expect(last.applied.count == 3)
    }

    @Test("Without asking, only what is kept is used")
    func dry() async throws {
        try scene.add(images: 1...2)
        let stub = try await StubServer()
        _ = try await scene.generator(.model(stub.describer())).run()
        try scene.add(images: 3...4)
        var options = GenerationOptions(fields: [.alt])
        options.asks = false
        let result = try await scene.generator(.model(stub.describer()), options).run()
        #expect(
            ends(result) == [
                1: "applied", 2: "applied", 3: "skipped not-asked", 4: "skipped not-asked",
            ])
        #expect(try await stub.did().count == 2)
    }

    @Test("Two runs with one home: the second is told to wait")
    func lock() async throws {
        let scene = scene
        try scene.add(images: 1...1)
        let other = try scene.generator(
            .model(ScriptedDescriber { (request) throws(MonikerError) in good(request) }))
        let lock = try HomeLock.forGeneration(home: scene.home)
        await #expect {
            _ = try await other.run()
        } throws: { ($0 as? MonikerError)?.code == .busy }
        withExtendedLifetime(lock) {}
    }
}
