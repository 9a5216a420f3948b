import HTTPClient
import Model
import ProviderStub
import Testing

@testable import Providers

struct BudgetTests {
    /// 1,450 tokens in and 120 out at $3 and $15 for a million.
    private static let cost = 1450 * 3 + 120 * 15

    @Test func costsAreThoseOfTheTable() async throws {
        let stub = try await StubServer()
        var settings = settings(.anthropic, stub)
        settings.prices = try PriceTable(
            json: Array(#"{"models":{"claude-sonnet-4-6":{"input":3.00,"output":15}}}"#.utf8))
        let describer = try settings.describer(client: try HTTPClient())
        let answer = try await describer.describe(request())
        #expect(answer.usage.microdollars == Self.cost)
        #expect(await describer.budget.spent == answer.usage)
    }

    @Test(arguments: [1, 8]) func theLimitHoldsWhateverRunsAtOnce(_ workers: Int) async throws {
        let stub = try await StubServer(#"{"latency": 0.3}"#)
        var settings = settings(.anthropic, stub)
        settings.prices = try PriceTable(
            json: Array(#"{"models":{"claude-sonnet-4-6":{"input":3.00,"output":15}}}"#.utf8))
        settings.budgetMicrodollars = 100_000
        let describer = try settings.describer(client: try HTTPClient())
        var (number, answered, stopped) = (0, 0, 0)
        try await BoundedDescriber(describer, concurrency: workers).describe(
            next: { () async throws(MonikerError) -> (id: String, item: Int)? in
                defer { number += 1 }
                return number < 40 ? ("\(number)", number) : nil
            },
            prepare: { (_, number: Int) async throws(MonikerError) in request("\(number).jpg") },
            handle: { (outcome) async throws(MonikerError) in
                switch outcome.result {
                case .success: answered += 1
                case .failure(let error):
                    #expect(error.code == .budgetExhausted)
                    stopped += 1
                }
            })
        let charged = await describer.budget.chargedMicrodollars
        #expect(answered + stopped == 40)
        #expect(charged <= 100_000)
        #expect(charged == answered * Self.cost)
        // Reservations of running requests end no work that fits.
        #expect(charged + 40_000 > 100_000)
        #expect(try await stub.questions().count == answered)
    }

    @Test func failedAnswersAreCharged() async throws {
        let stub = try await StubServer(#"{"default": {"do": "malformed"}}"#)
        var settings = settings(.anthropic, stub)
        settings.prices = try PriceTable(
            json: Array(#"{"models":{"claude-sonnet-4-6":{"input":3.00,"output":15}}}"#.utf8))
        let describer = try settings.describer(client: try HTTPClient())
        let error = await failure { () async throws(MonikerError) in
            try await describer.describe(request())
        }
        #expect(error?.details["microdollars"] == String(Self.cost))
        #expect(await describer.budget.spent.microdollars == Self.cost)
    }

    @Test func aRequestWithoutAKnownEndStaysCharged() async throws {
        let stub = try await StubServer(#"{"default": {"do": "drop"}}"#)
        var settings = settings(.anthropic, stub)
        settings.budgetMicrodollars = 10_000_000
        settings.prices = try PriceTable(
            json: Array(#"{"models":{"claude-sonnet-4-6":{"input":3.00,"output":15}}}"#.utf8))
        let describer = try settings.describer(client: try HTTPClient(), clock: InstantClock())
        _ = await failure { () async throws(MonikerError) in try await describer.describe(request())
        }
        #expect(await describer.budget.spent.microdollars == 0)
        #expect(await describer.budget.chargedMicrodollars > 6 * Self.cost)
    }

    @Test func aBudgetNeedsAPrice() throws {
        let client = try HTTPClient()
        var settings = ProviderSettings(.openai, model: "new-model", key: APIKey("k"))
        _ = try settings.describer(client: client)
        settings.budgetMicrodollars = 1
        #expect { _ = try settings.describer(client: client) } throws: {
            ($0 as? MonikerError)?.code == .unknownPrice
        }
        // Another server's prices are not known either, but one's own machine is free.
        settings.model = "gpt-4o-mini"
        settings.baseURL = "https://models.example.com/v1"
        #expect(throws: MonikerError.self) { _ = try settings.describer(client: client) }
        settings.baseURL = "http://127.0.0.1:11434/v1"
        _ = try settings.describer(client: client)
    }

    @Test(
        arguments: [
            ("gpt-4o-mini", 150), ("gpt-4o-mini-2024-07-18", 150),
            ("claude-haiku-4-5-20251001", 1000),
            ("gpt-4o-mini-audio", nil), ("gpt-4o-", nil), ("", nil),
        ] as [(String, Int?)]) func datedNamesHaveThePriceOfTheName(_ name: String, _ price: Int?)
    {
        #expect(PriceTable.known[name]?.inputNanodollars == price)
    }

    @Test func everyDefaultModelHasAPrice() {
        for provider in ProviderChoice.allCases {
            #expect(PriceTable.known[provider.defaultModel] != nil)
        }
    }

    @Test func batchesCostHalfUnlessTheTableSaysOtherwise() throws {
        let table = try PriceTable(
            json: Array(
                #"{"models":{"a":{"input":3,"output":15},"b":{"input":3,"output":15,"batch_input":2,"batch_output":0.001}}}"#
                    .utf8))
        #expect(
            table["a"]?.microdollars(inputTokens: 1000, outputTokens: 100, isBatch: true) == 2250)
        #expect(
            table["b"]?.microdollars(inputTokens: 1000, outputTokens: 1000, isBatch: true) == 2001)
    }

    @Test(arguments: [
        "", "[]", #"{"models":[]}"#, #"{"models":{"a":{"input":1}}}"#,
        #"{"models":{"a":{"input":-1,"output":1}}}"#, #"{"models":{"a":{"input":"1","output":1}}}"#,
        #"{"models":{"a":{"input":1e9,"output":1}}}"#,
        #"{"models":{"a":{"input":0.0001,"output":1}}}"#,
    ]) func malformedPricesAreRefused(_ text: String) {
        #expect { _ = try PriceTable(json: Array(text.utf8)) } throws: {
            ($0 as? MonikerError)?.code == .malformedPrices
        }
    }

    @Test(
        arguments: [
            ("2.5", 2_500_000), ("0.000001", 1), ("10", 10_000_000), ("0.0000001", nil), ("", nil),
            ("-1", nil), ("1e3", nil), ("1.", nil), (".5", nil), ("$1", nil),
        ] as [(String, Int?)]) func amountsAreReadExactly(_ text: String, _ amount: Int?)
    {
        #expect(Budget.microdollars(text) == amount)
    }

    @Test func amountsAreWrittenAsPeopleDo() {
        #expect(Budget.dollars(1_500_000) == "$1.50")
        #expect(Budget.dollars(123) == "$0.000123")
        #expect(Budget.dollars(0) == "$0.00")
    }
}
