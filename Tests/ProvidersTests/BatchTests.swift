import HTTPClient
import Model
import ProviderStub
import Testing

@testable import Providers

struct BatchTests {
    private static let providers: [ProviderChoice] = [.anthropic, .openai]
    private static let prices =
        #"{"models":{"claude-sonnet-4-6":{"input":3,"output":15},"gpt-4o-mini":{"input":3,"output":15}}}"#

    private func batches(
        _ provider: ProviderChoice, _ stub: StubServer, budget: Int? = nil
    ) throws -> any BatchDescriber {
        var settings = settings(provider, stub)
        settings.prices = try PriceTable(json: Array(Self.prices.utf8))
        settings.budgetMicrodollars = budget
        return try #require(
            try settings.batches(client: try HTTPClient(), clock: InstantClock()))
    }

    private func collect(
        _ batches: any BatchDescriber, _ handle: BatchHandle, _ ids: [String]
    ) async throws -> [String: [Result<DescriptionAnswer, MonikerError>]] {
        var results: [String: [Result<DescriptionAnswer, MonikerError>]] = [:]
        let expected = Dictionary(
            uniqueKeysWithValues: ids.map { ($0, Set<MetadataField>([.alt])) })
        try await batches.collect(handle, expecting: expected) {
            (outcome) async throws(MonikerError) in
            results[outcome.id, default: []].append(outcome.result)
        }
        return results
    }

    @Test(arguments: providers)
    func resultsAreMatchedByNameWhateverTheirOrder(_ provider: ProviderChoice) async throws {
        let stub = try await StubServer(
            #"""
            {"polls": 2, "ids": {"img-3": {"do": "errored"}, "img-4": {"do": "expired"},
             "img-5": {"do": "absent"}, "img-6": {"do": "twice"}, "img-7": {"do": "refusal"},
             "img-8": {"do": "malformed"}, "img-9": {"do": "canceled"}}}
            """#)
        let ids = (0..<12).map { "img-\($0)" }
        let submitter = try batches(provider, stub)
        var draft = submitter.draft()
        for id in ids {
            #expect(try submitter.add(request("\(id).jpg", id: id, fields: [.alt]), to: &draft))
        }
        #expect(draft.ids == ids)
        let stored = try await submitter.submit(draft).rawValue

        // A later process has only the string.
        let collector = try batches(provider, stub)
        let handle = try #require(BatchHandle(rawValue: stored))
        var progress: [BatchStatus] = []
        try await collector.wait(handle) { progress.append($0) }
        #expect(progress == [.working(done: 0, total: 12), .working(done: 0, total: 12), .ended])
        let results = try await collect(collector, handle, ids)
        #expect(results.count == 12)
        #expect(results.values.allSatisfy { $0.count == 1 })
        let expected: [String: ErrorCode] = [
            "img-3": .requestRejected, "img-4": .batchExpired, "img-5": .batchExpired,
            "img-7": .refused, "img-8": .malformedAnswer, "img-9": .batchCancelled,
        ]
        // What the same image is answered with alone is the oracle of the matching.
        let alone = try settings(provider, stub).describer(client: try HTTPClient())
        for (id, outcome) in results {
            switch outcome[0] {
            case .failure(let error):
                #expect(error.code == expected[id], "\(id)")
                #expect(error.details["image"] == id)
            case .success(let answer):
                #expect(expected[id] == nil, "\(id)")
                let other = try await alone.describe(request("\(id).jpg", fields: [.alt]))
                #expect(answer.description == other.description)
                let full = answer.usage.inputTokens * 3 + answer.usage.outputTokens * 15
                #expect(answer.usage.microdollars == (full + 1) / 2)
            }
        }
        #expect(try await stub.log().entries.filter { $0.creates == true }.count == 1)
    }

    @Test(arguments: providers)
    func aLostAnswerCreatesNoSecondBatch(_ provider: ProviderChoice) async throws {
        for step in [#"{"do": "drop"}"#, #"{"do": "error", "status": 500}"#] {
            let stub = try await StubServer(#"{"create": \#(step)}"#)
            let batches = try batches(provider, stub)
            var draft = batches.draft()
            #expect(try batches.add(request(), to: &draft))
            let full = draft
            let error = await failure { () async throws(MonikerError) in
                try await batches.submit(full)
            }
            #expect(error?.code == .batchUncertain)
            #expect(try await stub.log().entries.filter { $0.creates == true }.count == 1)
        }
    }

    @Test(arguments: providers)
    func aCancelledBatchTellsOfEveryImage(_ provider: ProviderChoice) async throws {
        let stub = try await StubServer()
        let batches = try batches(provider, stub)
        var draft = batches.draft()
        for id in ["a", "b"] { #expect(try batches.add(request(id: id), to: &draft)) }
        let handle = try await batches.submit(draft)
        let early = await failure { () async throws(MonikerError) in
            try await batches.collect(handle, expecting: ["a": [.alt]]) {
                (_) async throws(MonikerError) in
            }
        }
        #expect(early?.code == .providerFailed)
        try await batches.cancel(handle)
        let results = try await collect(batches, handle, ["a", "b"])
        for id in ["a", "b"] {
            guard case .failure(let error)? = results[id]?.first else {
                Issue.record("\(id) has no failure")
                continue
            }
            #expect(error.code == .batchCancelled)
        }
    }

    @Test func aBatchThatIsRefusedFailsEveryImage() async throws {
        let stub = try await StubServer(#"{"polls": 0, "batch": "failed"}"#)
        let batches = try batches(.openai, stub)
        var draft = batches.draft()
        #expect(try batches.add(request(id: "a"), to: &draft))
        let results = try await collect(batches, try await batches.submit(draft), ["a"])
        guard case .failure(let error)? = results["a"]?.first else {
            Issue.record("no failure")
            return
        }
        #expect(error.code == .requestRejected)
        #expect(error.message.contains("Line 1 is not valid."))
    }

    @Test(arguments: providers)
    func aBatchBeyondTheBudgetIsNotSubmitted(_ provider: ProviderChoice) async throws {
        let stub = try await StubServer()
        let batches = try batches(provider, stub, budget: 20_000)
        var draft = batches.draft()
        for number in 0..<5 { #expect(try batches.add(request(id: "\(number)"), to: &draft)) }
        #expect(draft.mostMicrodollars > 20_000)
        let full = draft
        let error = await failure { () async throws(MonikerError) in try await batches.submit(full)
        }
        #expect(error?.code == .budgetExhausted)
        #expect(try await stub.log().entries.isEmpty)
    }

    @Test func draftsKeepTheLimits() throws {
        let settings = ProviderSettings(.anthropic, key: APIKey(testKey))
        let batch = RemoteBatch(describer: try settings.describer(client: try HTTPClient()))
        let limits = BatchLimits(requests: 3, bytes: 20_000)
        func add(_ request: DescriptionRequest, to draft: inout BatchDraft) throws -> Bool {
            try batch.add(request, to: &draft, limits: limits, separator: 44) { $0 }
        }
        var draft = BatchDraft(beginning: "")
        for id in ["a", "b", "c"] { #expect(try add(request(id: id), to: &draft)) }
        #expect(try !add(request(id: "d"), to: &draft))
        var small = BatchDraft(beginning: "")
        #expect(try add(request(id: "a", padding: 6000), to: &small))
        #expect(try !add(request(id: "b", padding: 6000), to: &small))
        var none = BatchDraft(beginning: "")
        #expect(throws: MonikerError.self) { try add(request(padding: 30_000), to: &none) }
        for id in ["a", "ü", "a b", "", String(repeating: "x", count: 65)] {
            #expect(throws: MonikerError.self) { try add(request(id: id), to: &small) }
        }
    }

    @Test(arguments: [
        "", "openai", "openai:", "openai:../x", "other:a", "openai:a/b", "openai:a?b",
    ])
    func whatIsNoHandleIsRefused(_ text: String) {
        #expect(BatchHandle(rawValue: text) == nil)
    }
}
