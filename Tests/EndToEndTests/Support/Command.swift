import Foundation

/// What a command said and how it ended.
struct CommandResult {
    /// The exit status; for a command ended by a signal, its number.
    var status: Int32
    /// Whether a signal ended it.
    var wasKilled: Bool
    var output: String
    var errors: String
    /// The most memory it had at once, where that was asked for.
    var peakKilobytes: Int?

    /// The lines that a person reads as failures.
    var errorLines: [Substring] { errors.split(separator: "\n").filter { $0.hasPrefix("error: ") } }
}

/// A command that has been started, so that it can be killed while it runs.
final class RunningCommand {
    private let process = Process()
    private let folder: URL
    private let measures: Bool

    /// Starts a command; its output goes to files, so that no pipe can fill up.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        input: String? = nil, measuresMemory: Bool = false
    ) throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-command-\(UUID().uuidString)")
        measures = measuresMemory
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in ["output", "errors", "input"] {
            let text = name == "input" ? input ?? "" : ""
            try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        }
        if measuresMemory {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/time")
            process.arguments =
                ["-f", "%M", "-o", folder.appendingPathComponent("memory").path, executable]
                + arguments
        } else {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [executable] + arguments
        }
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("MONIKER_") { variables[name] = nil }
        variables.merge(environment) { $1 }
        process.environment = variables
        process.standardInput = try FileHandle(
            forReadingFrom: folder.appendingPathComponent("input"))
        process.standardOutput = try FileHandle(
            forWritingTo: folder.appendingPathComponent("output"))
        process.standardError = try FileHandle(
            forWritingTo: folder.appendingPathComponent("errors"))
        try process.run()
    }

    deinit {
        // A test that failed must not leave its command behind.
        if process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        do { try FileManager.default.removeItem(at: folder) } catch { print("\(folder): \(error)") }
    }

    /// Waits until the command has printed a line; fails when it ends without.
    func waitForOutput(_ line: String) throws {
        let file = folder.appendingPathComponent("output")
        while !(try String(contentsOf: file, encoding: .utf8).contains(line)) {
            guard process.isRunning else {
                throw HelperFailure(description: "it ended before it said \(line)")
            }
            usleep(10_000)
        }
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { process.isRunning }

    /// Ends the command the way a power cut would: at once and without a word.
    func killAtOnce() { kill(process.processIdentifier, SIGKILL) }

    /// Waits for the end and reads what was said.
    func finish() throws -> CommandResult {
        process.waitUntilExit()
        func text(_ name: String) throws -> String {
            String(
                decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
        }
        var result = CommandResult(
            status: process.terminationStatus,
            wasKilled: process.terminationReason == .uncaughtSignal,
            output: try text("output"), errors: try text("errors"))
        if measures {
            // GNU time puts a line about a failed command before the number.
            let last = try text("memory").split(separator: "\n").last
            result.peakKilobytes = last.flatMap { Int($0) }
        }
        return result
    }
}

/// Runs a command to its end.
func run(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:],
    input: String? = nil, measuresMemory: Bool = false
) throws -> CommandResult {
    try RunningCommand(
        executable, arguments, environment: environment, input: input,
        measuresMemory: measuresMemory
    ).finish()
}

/// A helper of the tests that failed; not a failure of what is tested.
struct HelperFailure: Error, CustomStringConvertible {
    var description: String
}

/// Runs a helper that has to succeed and returns what it printed.
@discardableResult
func runHelper(
    _ executable: String, _ arguments: [String], environment: [String: String] = [:],
    input: String? = nil
) throws -> String {
    let result = try run(executable, arguments, environment: environment, input: input)
    guard result.status == 0, !result.wasKilled else {
        throw HelperFailure(
            description: "\(executable) \(arguments.joined(separator: " ")) ended with "
                + "\(result.status): \(result.errors.suffix(2000)) \(result.output.suffix(2000))")
    }
    return result.output
}
