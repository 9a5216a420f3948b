import Foundation
import Glibc
import Testing

/// A server that a test started; it ends with this object, by its own number.
final class Background {
    private let process = Process()
    private let input = Pipe()
    /// The first line that it printed.
    private(set) var line = ""

    private static let scripts = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Scripts")

    static func script(_ name: String) -> String { scripts.appendingPathComponent(name).path }

    init(
        _ words: [String], environment: [String: String] = [:], speaksOnErrors: Bool = false
    ) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = hearingSignals(words)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        if speaksOnErrors {
            process.standardError = output
        } else {
            process.standardOutput = output
        }
        try process.run()
        line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        // A server that logs must not wait for somebody who reads.
        output.fileHandleForReading.readabilityHandler = { handle in
            if handle.availableData.isEmpty { handle.readabilityHandler = nil }
        }
    }

    deinit {
        do { try input.fileHandleForWriting.close() } catch { Issue.record(error) }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}

/// Words that run a program without blocked signals, which it would inherit from a worker thread of
/// Dispatch: nobody could end it, or the servers that it starts, by SIGTERM.
private func hearingSignals(_ words: [String]) -> [String] {
    let program = """
        import os, signal, sys
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(sys.argv[1], sys.argv[1:])
        """
    return ["python3", "-c", program] + words
}

/// Runs a program to its end and returns what it printed.
@discardableResult
func runTool(_ words: [String], environment: [String: String] = [:]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = hearingSignals(words)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(words.prefix(4)) failed")
    return String(decoding: data, as: UTF8.self)
}

/// A folder of its own, which is removed with this object.
final class TemporaryHome {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent(
                "moniker-remote-\(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }
}
