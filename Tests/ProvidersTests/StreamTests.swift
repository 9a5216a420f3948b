import HTTPClient
import Model
import TestSupport
import ProviderStub
import Testing

@testable import Providers

struct StreamTests {
    /// Every kind of trouble, mixed: each image ends once, with an answer or a code, and no image
    /// that was answered is asked about again.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func everyImageEndsOnceAndIsPaidOnce(_ seed: UInt64) async throws {
        var generator = SplitMix64(seed: seed)
        let passing = [
            #"{"do": "limit", "headers": {"retry-after": "2"}, "times": 1}"#,
            #"{"do": "limit", "headers": {"retry-after-ms": "40"}, "times": 2}"#,
            #"{"do": "error", "status": 500, "times": 2}"#,
            #"{"do": "error", "status": 529, "times": 1}"#, #"{"do": "drop", "times": 1}"#,
        ]
        let final = [
            "ok", "fenced", "filler", "hostile", "decorative", "wrong-language", "low", "malformed",
            "empty", "refusal", "truncated", "missing", "html",
        ]
        var scripts: [String] = []
        var kinds: [String] = []
        for number in 0..<120 {
            let before = (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                passing[Int.random(in: 0..<passing.count, using: &generator)]
            }
            let kind = final[Int.random(in: 0..<final.count, using: &generator)]
            kinds.append(kind)
            scripts.append(
                #""\#(number).jpg": [\#((before + [#"{"do": "\#(kind)"}"#]).joined(separator: ", "))]"#
            )
        }
        let stub = try await StubServer(#"{"files": {\#(scripts.joined(separator: ", "))}}"#)
        let provider = ProviderChoice.allCases[Int(seed) % 3]
        let describer = try settings(provider, stub).describer(
            client: try HTTPClient(), clock: InstantClock())
        var number = 0
        var ends: [String: [ErrorCode?]] = [:]
        try await BoundedDescriber(describer, concurrency: 16).describe(
            next: { () async throws(MonikerError) -> (id: String, item: Int)? in
                defer { number += 1 }
                return number < 120 ? ("\(number)", number) : nil
            },
            prepare: { (_, number: Int) async throws(MonikerError) in request("\(number).jpg") },
            handle: { (outcome) async throws(MonikerError) in
                switch outcome.result {
                case .success: ends[outcome.id, default: []].append(nil)
                case .failure(let error): ends[outcome.id, default: []].append(error.code)
                }
            })
        let codes: [String: ErrorCode] = [
            "malformed": .malformedAnswer, "empty": .emptyAnswer, "truncated": .truncated,
            "refusal": provider == .gemini ? .contentFiltered : .refused,
            "missing": .incompleteAnswer, "html": .malformedAnswer,
        ]
        #expect(ends.count == 120)
        for number in 0..<120 {
            #expect(ends["\(number)"] == [codes[kinds[number]]], "\(number): \(kinds[number])")
        }
        let paid = try await stub.questions().filter { final.contains($0.did ?? "") }
        #expect(Dictionary(grouping: paid) { $0.file ?? "" }.allSatisfy { $0.value.count == 1 })
        #expect(paid.count == 120)
    }

    @Test func onlySoManyRunAtOnce() async throws {
        let stub = try await StubServer(#"{"latency": 0.05}"#)
        let describer = try settings(.openai, stub).describer(client: try HTTPClient())
        try await BoundedDescriber(describer, concurrency: 4).all(20)
        let most = try await stub.log().mostRunning
        #expect((2...4).contains(most))
    }

    @Test func afterAFailureOfTheCallerNothingIsBegunAndNothingRuns() async throws {
        let stub = try await StubServer(#"{"files": {"1.jpg": [{"do": "hang"}]}}"#)
        let describer = try settings(.openai, stub).describer(client: try HTTPClient())
        // Its structure is known, so that both requests go out.
        _ = try await describer.describe(request("0.jpg"))
        var (number, handled) = (0, [String]())
        let error = await failure { () async throws(MonikerError) in
            try await BoundedDescriber(describer, concurrency: 2).describe(
                next: { () async throws(MonikerError) -> (id: String, item: Int)? in
                    number += 1
                    return ("\(number)", number)
                },
                prepare: { (_, number: Int) async throws(MonikerError) in request("\(number).jpg")
                },
                handle: { (outcome) async throws(MonikerError) in
                    handled.append(outcome.id)
                    if outcome.id == "2" { throw MonikerError(.diskFull, "full") }
                    guard case .failure(let error) = outcome.result else { return }
                    #expect(error.code == .cancelled)
                })
        }
        #expect(error?.code == .diskFull)
        #expect(handled == ["2", "1"])
        #expect(number == 2)
    }

    @Test func aFailedPreparationIsAnOutcome() async throws {
        let stub = try await StubServer()
        let describer = try settings(.openai, stub).describer(client: try HTTPClient())
        var isFirst = true
        var codes: [ErrorCode] = []
        try await BoundedDescriber(describer, concurrency: 2).describe(
            next: { () async throws(MonikerError) -> (id: String, item: Int)? in
                defer { isFirst = false }
                return isFirst ? ("a", 1) : nil
            },
            prepare: { (_, _: Int) async throws(MonikerError) -> DescriptionRequest in
                throw MonikerError(.fileMissing, "gone")
            },
            handle: { (outcome) async throws(MonikerError) in
                if case .failure(let error) = outcome.result { codes.append(error.code) }
            })
        #expect(codes == [.fileMissing])
        #expect(try await stub.questions().isEmpty)
    }
}

struct ProviderTestTests {
    @Test(arguments: ProviderChoice.allCases)
    func aWorkingProviderIsNamed(_ provider: ProviderChoice) async throws {
        let stub = try await StubServer(
            #"{"models": ["\#(provider.defaultModel)", "other"], "key": "\#(testKey)"}"#)
        let report = try await ProviderTest(settings(provider, stub), client: try HTTPClient())
            .run()
        #expect(report.models == [provider.defaultModel, "other"].sorted())
        #expect(report.answeredBy == provider.defaultModel)
        #expect(report.sentence.contains("works"))
        #expect(report.usage.requests == 1)
        let questions = try await stub.questions()
        #expect(questions.count == 1)
        #expect(questions.first?.images?.isEmpty == true)
    }

    @Test(arguments: ProviderChoice.allCases)
    func aWrongKeyIsSaidToBeWrong(_ provider: ProviderChoice) async throws {
        let stub = try await StubServer(#"{"key": "another"}"#)
        let test = ProviderTest(settings(provider, stub), client: try HTTPClient())
        let error = await failure { () async throws(MonikerError) in try await test.run() }
        #expect(error?.code == .keyRejected)
        #expect(error?.message.contains("canary") == false)
        #expect(try await stub.questions().isEmpty)
    }

    @Test func anUnknownModelIsAnsweredWithThoseThatExist() async throws {
        let stub = try await StubServer(#"{"models": ["gpt-5-mini", "gpt-4.1-mini", "dall-e-3"]}"#)
        let test = ProviderTest(settings(.openai, stub), client: try HTTPClient())
        let error = await failure { () async throws(MonikerError) in try await test.run() }
        #expect(error?.code == .unknownModel)
        #expect(error?.message.contains("gpt-4.1-mini, gpt-5-mini") == true)
    }

    @Test func aServerThatIsNotThereIsNotAWrongKey() async throws {
        let port: Int
        do {
            let stub = try await StubServer()
            port = stub.port
        }
        let settings = ProviderSettings(.openai, baseURL: "http://127.0.0.1:\(port)/v1")
        let test = ProviderTest(settings, client: try HTTPClient(), clock: InstantClock())
        let error = await failure { () async throws(MonikerError) in try await test.run() }
        #expect(error?.code == .networkFailed)
    }
}
