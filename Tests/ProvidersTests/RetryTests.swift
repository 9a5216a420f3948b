import Foundation
import HTTPClient
import Model
import TestSupport
import ProviderStub
import Testing

@testable import Providers

struct RetryTests {
    /// Runs one description against a script with a clock that does not wait.
    private func run(
        _ provider: ProviderChoice, _ script: String
    ) async throws -> (Result<DescriptionAnswer, MonikerError>, sleeps: [Double], requests: Int) {
        let stub = try await StubServer(script)
        let clock = InstantClock()
        let describer = try settings(provider, stub).describer(
            client: try HTTPClient(), clock: clock)
        let result: Result<DescriptionAnswer, MonikerError>
        do throws(MonikerError) {
            result = .success(try await describer.describe(request()))
        } catch { result = .failure(error) }
        return (result, clock.sleeps, try await stub.questions().count)
    }

    @Test(arguments: [
        (ProviderChoice.anthropic, #"{"retry-after": "7"}"#, 7.0),
        (.anthropic, #"{"retry-after-ms": "1500", "retry-after": "7"}"#, 1.5),
        (.openai, #"{"retry-after": "Sun, 09 Sep 2001 01:47:00 GMT"}"#, 20),
        (
            .anthropic,
            #"{"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "2001-09-09T01:46:52Z", "anthropic-ratelimit-tokens-remaining": "9", "anthropic-ratelimit-tokens-reset": "2001-09-09T01:47:52Z"}"#,
            12
        ),
        (
            .openai,
            #"{"x-ratelimit-reset-requests": "12ms", "x-ratelimit-remaining-requests": "5", "x-ratelimit-reset-tokens": "1m2s", "x-ratelimit-remaining-tokens": "0"}"#,
            62
        ),
        (.openai, "{}", 0.5),
    ]) func everyDialectOfWaitingIsObeyed(
        _ provider: ProviderChoice, _ headers: String, _ seconds: Double
    ) async throws {
        let (result, sleeps, requests) = try await run(
            provider, #"{"requests": {"1": {"do": "limit", "headers": \#(headers)}}}"#)
        #expect(try result.get().usage.requests == 2)
        #expect(requests == 2)
        #expect(sleeps.count == 1)
        #expect(abs((sleeps.first ?? 0) - seconds) < 0.001)
    }

    @Test func geminiSaysItInTheBody() async throws {
        let (result, sleeps, _) = try await run(
            .gemini, #"{"requests": {"1": {"do": "retry-info"}}}"#)
        #expect(try result.get().usage.requests == 2)
        #expect(sleeps == [17])
    }

    @Test(arguments: [
        #"{"do": "error", "status": 500}"#, #"{"do": "error", "status": 529}"#,
        #"{"do": "error", "status": 503}"#, #"{"do": "error", "status": 408}"#,
        #"{"do": "error", "status": 409}"#, #"{"do": "drop"}"#,
        #"{"do": "array", "status": 502}"#,
    ]) func whatPassesIsRepeated(_ step: String) async throws {
        let (result, sleeps, requests) = try await run(
            .gemini, #"{"requests": {"1": \#(step), "2": \#(step)}}"#)
        #expect(try result.get().description.texts[.alt]?.isEmpty == false)
        #expect(requests == 3)
        #expect(sleeps == [0.5, 1])
    }

    /// libcurl itself sends again where a kept connection breaks; nobody would count that attempt.
    @Test func nothingIsSentAgainBehindOurBack() async throws {
        let stub = try await StubServer(#"{"requests": {"2": {"do": "drop"}}}"#)
        let clock = InstantClock()
        let describer = try settings(.anthropic, stub).describer(
            client: try HTTPClient(), clock: clock)
        _ = try await describer.describe(request("first.jpg"))
        _ = try await describer.describe(request("second.jpg"))
        #expect(clock.sleeps == [0.5])
        #expect(try await stub.questions().count == 3)
    }

    @Test(arguments: [
        (#"{"do": "quota"}"#, ErrorCode.quotaExhausted),
        (#"{"do": "error", "status": 401}"#, .keyRejected),
        (#"{"do": "error", "status": 403}"#, .keyRejected),
        (#"{"do": "error", "status": 402}"#, .paymentRequired),
        (
            #"{"do": "error", "status": 400, "message": "Your credit balance is too low"}"#,
            .paymentRequired
        ),
        (#"{"do": "error", "status": 404}"#, .unknownModel),
        (#"{"do": "redirect"}"#, .requestRejected),
    ]) func whatDoesNotPassEndsEveryWorker(_ step: String, _ code: ErrorCode) async throws {
        for provider in [ProviderChoice.openai, .gemini] {
            let stub = try await StubServer(#"{"default": \#(step)}"#)
            let clock = InstantClock()
            let describer = try settings(provider, stub).describer(
                client: try HTTPClient(), clock: clock)
            for _ in 0..<3 {
                let error = await failure { () async throws(MonikerError) in
                    try await describer.describe(request())
                }
                #expect(error?.code == code)
            }
            #expect(clock.sleeps.isEmpty)
            #expect(try await stub.questions().count == 1)
        }
    }

    @Test func aBadRequestFailsAloneAndOnce() async throws {
        let stub = try await StubServer(
            #"{"files": {"bad.jpg": [{"do": "error", "status": 413}]}}"#)
        let describer = try settings(.anthropic, stub).describer(client: try HTTPClient())
        let error = await failure { () async throws(MonikerError) in
            try await describer.describe(request("bad.jpg"))
        }
        #expect(error?.code == .requestRejected)
        _ = try await describer.describe(request("good.jpg"))
        #expect(try await stub.questions().count == 2)
    }

    @Test func attemptsAreBounded() async throws {
        let (result, sleeps, requests) = try await run(
            .anthropic, #"{"default": {"do": "error", "status": 500}}"#)
        #expect(throws: MonikerError.self) { try result.get() }
        guard case .failure(let error) = result else { return }
        #expect(error.code == .providerFailed)
        #expect(error.details["attempts"] == "6")
        #expect(requests == 6)
        #expect(sleeps == [0.5, 1, 2, 4, 8])
    }

    @Test func anHourIsNotWaitedFor() async throws {
        let (result, sleeps, requests) = try await run(
            .openai, #"{"default": {"do": "limit", "headers": {"retry-after": "3600"}}}"#)
        guard case .failure(let error) = result else {
            Issue.record("it did not fail")
            return
        }
        #expect(error.code == .rateLimited)
        #expect(error.details["retry_after"] == "3600")
        #expect(sleeps.isEmpty && requests == 1)
    }

    @Test func aServerCanForbidRepetition() async throws {
        let (_, _, requests) = try await run(
            .anthropic,
            #"{"default": {"do": "error", "status": 500, "headers": {"x-should-retry": "false"}}}"#)
        #expect(requests == 1)
    }

    @Test func hangsAreRepeatedOnce() async throws {
        let stub = try await StubServer(#"{"default": {"do": "hang"}}"#)
        var settings = settings(.openai, stub)
        settings.timeout = .milliseconds(300)
        let describer = try settings.describer(client: try HTTPClient(), clock: InstantClock())
        let error = await failure { () async throws(MonikerError) in
            try await describer.describe(request())
        }
        #expect(error?.code == .timedOut)
        #expect(try await stub.questions().count == 2)
    }

    @Test(.timeLimit(.minutes(10))) func oneWorkersLimitHoldsAllBack() async throws {
        let stub = try await StubServer(
            #"{"requests": {"2": {"do": "limit", "headers": {"retry-after": "20"}}}}"#)
        let clock = ManualClock()
        let describer = try settings(.anthropic, stub).describer(
            client: try HTTPClient(), clock: clock)
        _ = try await describer.describe(request("first.jpg"))
        async let limited = describer.describe(request("limited.jpg"))
        try await clock.sleeping(1)
        // These start during the pause that another one was given.
        async let second = describer.describe(request("second.jpg"))
        async let third = describer.describe(request("third.jpg"))
        try await clock.sleeping(3)
        #expect(try await stub.questions().count == 2)
        clock.advance(19)
        #expect(try await stub.questions().count == 2)
        clock.advance(1)
        _ = try await (limited, second, third)
        #expect(try await stub.questions().count == 5)
    }

    @Test func jitterOnlyShortens() {
        let policy = RetryPolicy()
        for failures in 1..<20 {
            let longest = policy.wait(after: failures, random: 0)
            #expect(longest <= 30)
            #expect(policy.wait(after: failures, random: 1) == longest * 0.75)
        }
    }

    // MARK: Times

    @Test(arguments: 0..<50 as Range<UInt64>)
    func timesAreThoseOfTheSystemsCalendar(_ seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let seconds = Double(Int.random(in: 0..<8_000_000_000, using: &generator))
        let date = Date(timeIntervalSince1970: seconds)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        #expect(Timestamps.httpDate(formatter.string(from: date)) == seconds)
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'"
        #expect(Timestamps.rfc3339(formatter.string(from: date)) == seconds)
        formatter.timeZone = TimeZone(secondsFromGMT: -19_800)
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ss.'000'xxx"
        #expect(Timestamps.rfc3339(formatter.string(from: date)) == seconds)
    }

    @Test func durationsAddUp() {
        #expect(Timestamps.duration("6m0s") == 360)
        #expect(Timestamps.duration("12ms") == 0.012)
        #expect(Timestamps.duration("1h2m3.5s") == 3723.5)
        for text in ["", "5", "s", "1x", "-1s"] { #expect(Timestamps.duration(text) == nil) }
    }
}
