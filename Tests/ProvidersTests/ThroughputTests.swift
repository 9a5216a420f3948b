import Foundation
import Glibc
import HTTPClient
import Model
import ProviderStub
import Testing

@testable import Providers

struct ThroughputTests {
    /// Thumbnails aside: what the provider's side of the pipeline takes.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["MONIKER_LONG_RUN"] == "1"))
    func thirtyTwoWorkersDescribeTwentyThousandImagesAnHour() async throws {
        let stub = try await StubServer(#"{"latency": 3}"#)
        let describer = try settings(.anthropic, stub).describer(client: try HTTPClient())
        // Its structure is known from here on.
        _ = try await describer.describe(request("first.jpg"))
        let count = 320
        let (start, processor) = (ContinuousClock.now, clock())
        var number = 0
        try await BoundedDescriber(describer, concurrency: 32).describe(
            next: { () async throws(MonikerError) -> (id: String, item: Int)? in
                defer { number += 1 }
                return number < count ? ("\(number)", number) : nil
            },
            prepare: { (_, number: Int) async throws(MonikerError) in
                request("\(number).jpg", padding: 150_000)
            },
            handle: { (outcome) async throws(MonikerError) in _ = try outcome.result.get() })
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let milliseconds = Double(clock() - processor) / 1000 / Double(count)
        print(
            "\(count) images in \(seconds) s: \(Int(Double(count) / seconds * 3600)) an hour, "
                + "\(milliseconds) ms of processor time for each")
        #expect(Double(count) / seconds * 3600 >= 20_000)
        #expect(milliseconds < 60)
    }
}
