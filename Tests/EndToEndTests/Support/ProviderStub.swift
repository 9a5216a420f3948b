import Foundation

/// The stub of Tests/StubServer as a process of its own, until `end`.
struct ProviderStub {
    private let process = Process()
    private let input = Pipe()
    /// Where it answers.
    let address: String

    init() throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B",
            TestSite.package.appendingPathComponent("Tests/StubServer/stub.py").path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        address = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))"
    }

    func end() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Writes a provider's key for the service; the options that use it and this stub.
    func options(_ site: TestSite, key: String) throws -> [String] {
        let file = site.live.appendingPathComponent("key")
        try Data(key.utf8).write(to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: file.path)
        return ["--provider", "anthropic", "--base-url", address, "--key-file", file.path]
    }

    /// How many requests it has got.
    func requests() throws -> Int {
        let log = try runHelper("curl", ["-sS", "\(address)/stub/log"])
        let parsed = try JSONSerialization.jsonObject(with: Data(log.utf8)) as? [String: Any]
        return (parsed?["entries"] as? [Any])?.count ?? -1
    }
}
