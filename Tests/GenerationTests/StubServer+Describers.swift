import Foundation
import HTTPClient
import Model
import Providers
import Synchronization
import ProviderStub
import Testing

@testable import Generation

extension StubServer {
    /// A describer that talks to it, without waiting where it is told to.
    func describer(
        _ provider: ProviderChoice = .anthropic, budget: Int? = nil,
        timeout: Duration = .seconds(20)
    ) throws -> RemoteDescriber {
        try settings(provider, budget: budget, timeout: timeout).describer(
            client: try HTTPClient(), clock: InstantClock())
    }

    func batches(_ provider: ProviderChoice) throws -> any BatchDescriber {
        try #require(
            try settings(provider).batches(client: try HTTPClient(), clock: InstantClock()))
    }

    private func settings(
        _ provider: ProviderChoice, budget: Int? = nil, timeout: Duration = .seconds(20)
    ) throws -> ProviderSettings {
        var settings = ProviderSettings(
            provider, baseURL: address, key: APIKey("sk-ant-canary-0123456789abcdefghij"))
        settings.timeout = timeout
        settings.prices = try PriceTable(
            json: Array(
                #"{"models":{"claude-sonnet-4-6":{"input":3,"output":15},"gpt-4o-mini":{"input":3,"output":15}}}"#
                    .utf8))
        settings.budgetMicrodollars = budget
        return settings
    }
}

/// Waits take no time.
final class InstantClock: RetryClock {
    private let state = Mutex((now: 1_000_000_000.0, sleeps: [Double]()))

    var sleeps: [Double] { state.withLock { $0.sleeps } }
    func secondsSince1970() -> Double { state.withLock { $0.now } }
    func uptime() -> Double { state.withLock { $0.now } }
    func random() -> Double { 0 }
    func sleep(seconds: Double) async throws(MonikerError) {
        if Task.isCancelled { throw MonikerError(.cancelled, "cancelled") }
        state.withLock {
            $0.now += seconds
            $0.sleeps.append(seconds)
        }
        await Task.yield()
    }
}
