import Foundation
import HTTPClient
import Model
import Providers
import Synchronization
import Testing

@testable import Generation

/// The stub of Tests/StubServer, run for one test; it ends with this object or this process.
final class StubServer: Sendable {
    let port: Int
    private let process: Process
    private let input: Pipe

    private static let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("StubServer/stub.py").path

    init(_ script: String = "{}", latency: Double = 0) async throws {
        process = Process()
        input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-B", Self.program, "--latency", "\(latency)"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        try await load(script)
    }

    deinit {
        do { try input.fileHandleForWriting.close() } catch { Issue.record(error) }
        process.waitUntilExit()
    }

    var address: String { "http://127.0.0.1:\(port)" }

    func load(_ script: String) async throws {
        let answer = try await HTTPClient().send(
            HTTPRequest("POST", address + "/stub/script", body: Array(script.utf8)))
        try #require(answer.status == 200)
    }

    /// The requests that it logged since the script was loaded, in order.
    func log() async throws -> [Entry] {
        var request = HTTPRequest("GET", address + "/stub/log")
        request.responseLimit = 1 << 30
        let answer = try await HTTPClient().send(request)
        return try JSONDecoder().decode(Log.self, from: Data(answer.body)).entries
    }

    /// What it did for each image's file, in order.
    func did() async throws -> [String: [String]] {
        var result: [String: [String]] = [:]
        for entry in try await log() {
            guard let did = entry.did, let file = entry.file else { continue }
            result[file, default: []].append(did)
        }
        return result
    }

    private struct Log: Decodable { let entries: [Entry] }

    struct Entry: Decodable {
        let method: String?
        let path: String?
        let did: String?
        let creates: Bool?
        let file: String?
        let id: String?
        let system: String?
        let user: String?
    }

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
