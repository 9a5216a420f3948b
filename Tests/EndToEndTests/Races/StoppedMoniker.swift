import Foundation
import TestSupport
import Testing

/// A run of the program that stops, as by SIGSTOP, after its Nth call of a system call.
///
/// strace sends the signal, so the moment is exact and the same on every run.
final class StoppedMoniker {
    private let strace: RunningCommand
    private let folder: URL
    private var process: pid_t?

    /// Whether the tool is here and may be used.
    static let isPossible: Bool = {
        do {
            return try run("strace", ["-o", "/dev/null", "true"]).status == 0
        } catch {
            return false
        }
    }()

    /// Starts the program; `process` is known when it has stopped.
    init(_ site: TestSite, _ arguments: [String], after call: String, number: Int) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-stopped-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        strace = try RunningCommand(
            "strace",
            [
                "-f", "-o", folder.appendingPathComponent("log").path,
                "-e", "trace=\(call)", "-e", "inject=\(call):signal=SIGSTOP:when=\(number)",
                "sh", "-c", "echo $$ >'\(folder.path)/pid'; exec \"$0\" \"$@\"",
                MonikerBinary.path,
            ] + site.siteArguments + arguments)
    }

    deinit {
        kill()
        do {
            _ = try strace.finish()
            try FileManager.default.removeItem(at: folder)
        } catch { Issue.record(error) }
    }

    /// Waits until it has stopped; false when it ended before it came to that.
    func waitUntilStopped() throws -> Bool {
        let log = folder.appendingPathComponent("log")
        try wait(for: "the stop or the end") {
            if !strace.isRunning { return true }
            guard FileManager.default.fileExists(atPath: log.path) else { return false }
            return try String(contentsOf: log, encoding: .utf8).contains("stopped by SIGSTOP")
        }
        guard strace.isRunning else { return false }
        let text = try String(
            contentsOf: folder.appendingPathComponent("pid"), encoding: .utf8)
        process = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
        return true
    }

    /// Lets it go on and waits for its end.
    func goOn() throws -> CommandResult {
        if let process { Foundation.kill(process, SIGCONT) }
        return try strace.finish()
    }

    /// Ends it at once, as it is.
    func kill() {
        // While strace runs, the process has not been waited for, so the id is its own.
        if let process, strace.isRunning { Foundation.kill(process, SIGKILL) }
    }
}

/// Where to stop a bulk rename of the test site: a system call and how many times it is made.
enum StopPoint {
    /// Calls that spread over a whole run: originals and names (linkat), the journal (pwrite64,
    /// fsync), the database (sendto), old names into the trash (renameat2).
    static let calls = ["linkat", "pwrite64", "fsync", "sendto", "renameat2"]

    /// All of them in the long run, else some.
    static func calls(with random: inout SplitMix64, atLeast count: Int = 2) -> [String] {
        FaultLedger.isLongRun ? calls : Array(calls.shuffled(using: &random).prefix(count))
    }

    /// How often a rename of the whole library makes each call, counted by strace.
    static func counts(_ site: TestSite, _ arguments: [String]) throws -> [String: Int] {
        let log = site.live.appendingPathComponent("strace.log")
        try runHelper(
            "strace",
            [
                "-f", "--seccomp-bpf", "-qq", "-o", log.path, "-e",
                "trace=\(calls.joined(separator: ","))", MonikerBinary.path,
            ] + site.siteArguments + arguments)
        var counts: [String: Int] = [:]
        for line in try String(contentsOf: log, encoding: .utf8).split(separator: "\n") {
            for call in calls where line.contains(" \(call)(") { counts[call, default: 0] += 1 }
        }
        return counts
    }
}
