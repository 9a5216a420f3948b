import Synchronization
import Testing

@testable import Access

@Suite("Limits and redaction") struct LimitTests {
    /// A clock that a test moves.
    private final class Seconds: Sendable {
        private let value = Mutex(0.0)
        var now: Double { value.withLock { $0 } }
        func pass(_ more: Double) { value.withLock { $0 += more } }
    }

    @Test("A caller may burst, then goes on at the rate, and is told how long to wait")
    func bucket() {
        let clock = Seconds()
        let limiter = RateLimiter(rate: 2, burst: 3, clock: { clock.now })
        for _ in 0..<3 { #expect(limiter.delay(of: "a") == nil) }
        #expect(limiter.delay(of: "a") == 1)
        #expect(limiter.delay(of: "b") == nil, "callers do not share a bucket")
        clock.pass(0.5)
        #expect(limiter.delay(of: "a") == nil)
        #expect(limiter.delay(of: "a") == 1)
        clock.pass(1000)
        for _ in 0..<3 { #expect(limiter.delay(of: "a") == nil) }
        #expect(limiter.delay(of: "a") == 1, "calm callers save no more than a burst")
    }

    @Test("A slow rate says so in seconds")
    func slow() {
        let clock = Seconds()
        let limiter = RateLimiter(rate: 0.1, burst: 1, clock: { clock.now })
        #expect(limiter.delay(of: "a") == nil)
        #expect(limiter.delay(of: "a") == 10)
    }

    @Test("So many callers that nobody can keep them all do not let one through more often")
    func many() {
        let clock = Seconds()
        let limiter = RateLimiter(rate: 1, burst: 1, clock: { clock.now })
        for number in 0..<9_999 { _ = limiter.delay(of: "calm \(number)") }
        clock.pass(10)
        #expect(limiter.delay(of: "busy") == nil)
        for number in 0..<100 { _ = limiter.delay(of: "late \(number)") }
        #expect(limiter.delay(of: "busy") != nil)
    }

    @Test("Ten thousand callers are remembered and no more: then all of them are forgotten")
    func memory() {
        let limiter = RateLimiter(rate: 1, burst: 1, clock: { 0 })
        for number in 0..<10_000 { #expect(limiter.delay(of: "\(number)") == nil) }
        #expect(limiter.delay(of: "0") != nil)
        #expect(limiter.delay(of: "one more") == nil)
        #expect(limiter.delay(of: "0") == nil)
    }

    @Test("Tokens and keys never reach a log")
    func redaction() throws {
        let token = try AccessScene().store.createToken(name: "a", scope: .read).token
        let redact = Redaction(secrets: ["sk-canary-0123456789", "short", ""])
        #expect(redact("sent \(token), then \(token).") == "sent ***, then ***")
        #expect(redact("key=sk-canary-0123456789&short") == "key=***&short")
        #expect(redact("nothing here") == "nothing here")
        #expect(redact("mnk_") == "***")
    }
}
