import Foundation
import Model
import TestSupport
import ProviderStub
import Testing

@testable import Generation

@Suite("Generation: killed at any moment", .serialized) struct KillTests {
    private static let concurrency = 4

    /// Starts the tool of the tests as a process of its own.
    private func start(_ scene: GenerationScene, _ stub: StubServer) throws -> (Process, Pipe) {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: CommandLine.arguments[0]
        ).deletingLastPathComponent().appendingPathComponent("generation-tool")
        process.arguments = [
            scene.root.path, stub.address, "\(Self.concurrency)", "--rename",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output)
    }

    @Test(
        "SIGKILL, then again: what was answered and kept is not asked again, and nothing is lost",
        arguments: 0..<6 as Range<UInt64>)
    func killed(seed: UInt64) async throws {
        let scene = try GenerationScene()
        let count = 24
        try scene.add(images: 1...count)
        // Pictures that can be decoded, each another one.
        for number in 1...count {
            try scene.run(
                "php",
                [
                    "-r",
                    "$i = imagecreatetruecolor(64, 48); imagefill($i, 0, 0, \(number * 7919)); imagejpeg($i, '\(scene.uploads)/2024/05/img-\(number).jpg');",
                ])
        }
        let stub = try await StubServer(#"{"latency": 0.05}"#)
        var random = SplitMix64(seed: seed)
        var kills = 0
        while kills < 4 {
            let (process, output) = try start(scene, stub)
            // After so many answers have come, and a moment more.
            let lines = Int.random(in: 0...6, using: &random)
            var seen = 0
            while seen < lines {
                let data = output.fileHandleForReading.availableData
                if data.isEmpty { break }
                seen += data.filter { $0 == UInt8(ascii: "\n") }.count
            }
            usleep(UInt32.random(in: 0...60_000, using: &random))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            kills += 1
        }
        let (process, output) = try start(scene, stub)
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let end = try #require(text.split(separator: "\n").last { $0.hasPrefix("end: ") })
        #expect(
            end.hasPrefix("end: \(count) applied, 0 review, 0 skipped, 0 failed"), "\(text)")

        // The stub's log is the oracle: an image is asked about twice only where a kill cut in.
        let asked = try await stub.did()
        #expect(asked.count == count)
        let extra = asked.values.reduce(0) { $0 + $1.count - 1 }
        let uncertain = try #require(
            end.firstMatch(of: #/([0-9]+) uncertain/#).flatMap { Int($0.1) })
        #expect(extra <= uncertain, "\(asked.filter { $0.value.count > 1 })")
        #expect(uncertain <= kills * Self.concurrency)

        // Every answer is there now: once more costs nothing.
        try await stub.load("{}")
        let (last, lastOutput) = try start(scene, stub)
        _ = lastOutput.fileHandleForReading.readDataToEndOfFile()
        last.waitUntilExit()
        #expect(try await stub.did().isEmpty)
    }
}
