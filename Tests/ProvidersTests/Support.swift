import Foundation
import Synchronization
import ProviderStub
import Testing

@testable import HTTPClient
@testable import Model
@testable import Providers

/// Waits take no time, but are remembered.
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

/// Time stands still until the test moves it; whoever sleeps or watches yields until then, so that
/// a test that fails ends by its time limit.
final class ManualClock: RetryClock {
    private let state = Mutex((now: 0.0, sleepers: 0))

    func secondsSince1970() -> Double { uptime() }
    func uptime() -> Double { state.withLock { $0.now } }
    func random() -> Double { 0 }

    func sleep(seconds: Double) async throws(MonikerError) {
        let end = state.withLock { state in
            state.sleepers += 1
            return state.now + seconds
        }
        defer { state.withLock { $0.sleepers -= 1 } }
        while uptime() < end {
            if Task.isCancelled { throw MonikerError(.cancelled, "cancelled") }
            await Task.yield()
        }
    }

    /// Returns when as many tasks sleep.
    func sleeping(_ count: Int) async throws {
        while state.withLock({ $0.sleepers }) < count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func advance(_ seconds: Double) { state.withLock { $0.now += seconds } }
}

/// A JPEG as far as its header goes, of a size in pixels and, padded, in bytes.
func tinyJPEG(width: Int = 1024, height: Int = 768, padding: Int = 0) -> [UInt8] {
    func two(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }
    let application: [UInt8] =
        [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0]
    let frame: [UInt8] = [0xFF, 0xC0, 0, 11, 8] + two(height) + two(width) + [1, 1, 0x11, 0]
    let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0]
    return [0xFF, 0xD8] + application + frame + scan + [UInt8](repeating: 0x55, count: padding)
        + [0xFF, 0xD9]
}

let testKey = "sk-ant-canary-0123456789abcdefghij"

func settings(
    _ provider: ProviderChoice, _ stub: StubServer, key: String? = testKey
) -> ProviderSettings {
    var settings = ProviderSettings(
        provider, baseURL: stub.address, key: key.flatMap { APIKey($0) })
    settings.timeout = .seconds(20)
    return settings
}

func request(
    _ name: String = "boat.jpg", id: String? = nil, language: String = "en",
    fields: Set<MetadataField> = [.alt, .title], website: String = "", padding: Int = 0
) -> DescriptionRequest {
    DescriptionRequest(
        id: id ?? name.replacing(".jpg", with: ""), jpeg: tinyJPEG(padding: padding),
        context: ImageContext(fileName: name, language: language, website: website),
        fields: fields, mode: .balanced)
}

/// The failure of an operation that has to fail.
func failure(
    of work: () async throws(MonikerError) -> some Any,
    _ location: SourceLocation = #_sourceLocation
) async -> MonikerError? {
    do throws(MonikerError) {
        _ = try await work()
        Issue.record("it did not fail", sourceLocation: location)
        return nil
    } catch { return error }
}
