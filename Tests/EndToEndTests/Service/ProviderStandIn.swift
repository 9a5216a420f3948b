import Foundation
import Testing

/// The stub of Tests/StubServer, until this object goes.
final class ProviderStandIn {
    private let process = Process()
    private let input = Pipe()
    private let address: String
    private let keyFile: URL

    /// Starts it; its key is put into the folder of the site.
    init(_ site: TestSite, latency: Double = 0) throws {
        let output = Pipe()
        keyFile = site.live.appendingPathComponent("provider-key")
        try Data("sk-ant-canary-0123456789abcdefghij".utf8).write(to: keyFile)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: keyFile.path)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B",
            TestSite.package.appendingPathComponent("Tests/StubServer/stub.py").path,
            "--latency", "\(latency)",
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        address = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    deinit {
        do { try input.fileHandleForWriting.close() } catch { Issue.record(error) }
        process.waitUntilExit()
    }

    /// The arguments that make the program ask it.
    var arguments: [String] {
        ["--provider", "anthropic", "--base-url", address, "--key-file", keyFile.path]
    }

    /// How often it was asked about each image's file.
    func asked() throws -> [String: Int] {
        struct Log: Decodable {
            struct Entry: Decodable {
                var did: String?
                var file: String?
            }
            var entries: [Entry]
        }
        let text = try runHelper("curl", ["-sf", "\(address)/stub/log"])
        var counts: [String: Int] = [:]
        for entry in try JSONDecoder().decode(Log.self, from: Data(text.utf8)).entries {
            if entry.did != nil, let file = entry.file { counts[file, default: 0] += 1 }
        }
        return counts
    }
}
