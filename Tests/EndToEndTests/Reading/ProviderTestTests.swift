import Foundation
import Testing

extension EndToEnd {
    @Suite("provider test, against a server on this machine") struct ProviderTestTests {
        private static let key = "sk-canary-0123456789abcdefghijklmnop"

        private struct Report: Decodable {
            struct Usage: Decodable { var requests: Int }
            var provider: String
            var server: String?
            var model: String
            var latency_ms: Int?
            var describes_images: Bool?
            var image_failure: String?
            var usage: Usage
            var message: String
        }

        private func test(
            _ stub: Stub, _ provider: String, key: String? = Self.key, _ more: [String] = [],
            home: URL
        ) throws -> CommandResult {
            let variable = "\(provider.uppercased())_API_KEY"
            return try run(
                MonikerBinary.path,
                ["--json", "provider", "test", "--provider", provider, "--base-url", stub.address]
                    + more,
                environment: [
                    "MONIKER_HOME": home.path, "ANTHROPIC_API_KEY": "", "OPENAI_API_KEY": "",
                    "GEMINI_API_KEY": "",
                ].merging(key.map { [variable: $0] } ?? [:]) { $1 })
        }

        /// Runs `body` with a stub and an empty home, and fails where the key is found anywhere.
        private func with(
            _ script: String, _ body: (Stub, URL) throws -> [CommandResult]
        ) throws {
            let home = FileManager.default.temporaryDirectory
                .appendingPathComponent("moniker-provider-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
            defer {
                do { try FileManager.default.removeItem(at: home) } catch { Issue.record(error) }
            }
            let stub = try Stub(script)
            let results = try body(stub, home)
            for result in results {
                #expect(!result.output.contains("canary"))
                #expect(!result.errors.contains("canary"))
            }
            let kept = try FileManager.default.subpathsOfDirectory(atPath: home.path)
            for file in kept {
                let data = try Data(contentsOf: home.appendingPathComponent(file))
                #expect(data.range(of: Data("canary".utf8)) == nil, "\(file)")
            }
        }

        @Test("A provider that works is told so", arguments: ["anthropic", "openai", "gemini"])
        func works(_ provider: String) throws {
            try with("{\"key\": \"\(Self.key)\"}") { stub, home in
                let result = try test(stub, provider, home: home)
                #expect(result.status == 0, "\(result.errors)")
                let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
                #expect(report.provider == provider)
                #expect(report.server?.hasPrefix(stub.address) == true)
                #expect(report.describes_images == true)
                #expect(try #require(report.latency_ms) >= 0)
                #expect(report.usage.requests >= 2)
                #expect(report.message.contains(report.model))
                let images = try stub.images()
                #expect(images.count == 1)
                #expect(images.first?.width == 64)
                #expect(images.first?.height == 64)
                #expect(images.first?.error == nil)
                return [result]
            }
        }

        @Test("A server that only fails on pictures is told, and ends with 1")
        func noPictures() throws {
            let script = "{\"requests\": {\"2\": {\"do\": \"refusal\"}}}"
            try with(script) { stub, home in
                let result = try test(stub, "openai", home: home)
                #expect(result.status == 1)
                let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
                #expect(report.describes_images == false)
                #expect(report.image_failure == "refused")
                return [result]
            }
        }

        @Test(
            "What a server refuses is an error with a remedy",
            arguments: [
                ("{\"key\": \"another\"}", "key-rejected"),
                ("{\"default\": {\"do\": \"key\"}}", "key-rejected"),
                ("{\"default\": {\"do\": \"quota\"}}", "quota-exhausted"),
                ("{\"models\": [\"other-model\"]}", "unknown-model"),
                ("{\"default\": {\"do\": \"html\"}}", "malformed-answer"),
            ])
        func failures(_ script: String, _ code: String) throws {
            try with(script) { stub, home in
                let result = try test(stub, "openai", home: home)
                #expect(result.status == 1)
                #expect(result.errorLines.count == 1)
                let failure = try FailureReport(json: result.output)
                #expect(failure.error.code == code)
                #expect(failure.error.message.contains(";") || failure.error.message.contains(":"))
                return [result]
            }
        }

        @Test("The key can come from a file that only its owner reads")
        func keyFile() throws {
            try with("{\"key\": \"\(Self.key)\"}") { stub, home in
                let folder = FileManager.default.temporaryDirectory
                    .appendingPathComponent("moniker-key-\(UUID().uuidString)")
                try FileManager.default.createDirectory(
                    at: folder, withIntermediateDirectories: true)
                defer {
                    do { try FileManager.default.removeItem(at: folder) } catch {
                        Issue.record(error)
                    }
                }
                let file = folder.appendingPathComponent("key")
                try Data((Self.key + "\n").utf8).write(to: file)
                func mode(_ mode: Int) throws {
                    try FileManager.default.setAttributes(
                        [.posixPermissions: mode], ofItemAtPath: file.path)
                }
                try mode(0o600)
                let safe = try test(
                    stub, "openai", key: nil, ["--key-file", file.path], home: home)
                #expect(safe.status == 0, "\(safe.errors)")
                try mode(0o644)
                let unsafe = try test(
                    stub, "openai", key: nil, ["--key-file", file.path], home: home)
                #expect(unsafe.status == 1)
                #expect(try FailureReport(json: unsafe.output).error.code == "key-file-unsafe")
                return [safe, unsafe]
            }
        }
    }
}

/// The stub of Tests/StubServer, run for one test; it ends with this object or this process.
private final class Stub {
    let address: String
    private let process = Process()
    private let input = Pipe()

    init(_ script: String) throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-stub-\(UUID().uuidString).json")
        try Data(script.utf8).write(to: file)
        defer {
            do { try FileManager.default.removeItem(at: file) } catch { Issue.record(error) }
        }
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B",
            TestSite.package.appendingPathComponent("Tests/StubServer/stub.py").path, "--script",
            file.path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        address = "http://127.0.0.1:\(port)"
    }

    deinit {
        do { try input.fileHandleForWriting.close() } catch { Issue.record(error) }
        process.waitUntilExit()
    }

    struct Picture: Decodable {
        var width: Int
        var height: Int
        var error: String?
    }

    /// The pictures that it was sent.
    func images() throws -> [Picture] {
        struct Log: Decodable {
            struct Entry: Decodable { var images: [Picture]? }
            var entries: [Entry]
        }
        let text = try runHelper(
            "python3",
            [
                "-c",
                "import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1]).read())",
                address + "/stub/log",
            ])
        return try JSONDecoder().decode(Log.self, from: Data(text.utf8)).entries
            .flatMap { $0.images ?? [] }
    }
}
