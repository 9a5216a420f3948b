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
///
/// Not Foundation's Process: that waits for every grandchild that inherited its files, too.
final class RunningCommand {
    private let process: pid_t
    private let folder: URL
    private let measures: Bool
    private var status: Int32?

    /// Starts a command; its output goes to files, so that no pipe can fill up.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        input: String? = nil, measuresMemory: Bool = false
    ) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-command-\(UUID().uuidString)")
        self.folder = folder
        measures = measuresMemory
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data((input ?? "").utf8).write(to: folder.appendingPathComponent("input"))
        // GNU time, because a child's own peak would count the memory of this process before exec.
        let words =
            measuresMemory
            ? [
                "/usr/bin/time", "-f", "%M", "-o", folder.appendingPathComponent("memory").path,
                executable,
            ] + arguments
            : ["/usr/bin/env", executable] + arguments
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name.hasPrefix("MONIKER_") { variables[name] = nil }
        variables.merge(environment) { $1 }
        process = try Self.spawn(
            words, variables: variables.map { "\($0)=\($1)" },
            files: ["input", "output", "errors"].map { folder.appendingPathComponent($0).path })
    }

    deinit {
        // A test that failed must not leave its command behind.
        if isRunning {
            killAtOnce()
            _ = wait(options: 0)
        }
        do { try FileManager.default.removeItem(at: folder) } catch { print("\(folder): \(error)") }
    }

    private static func spawn(_ words: [String], variables: [String], files: [String]) throws
        -> pid_t
    {
        // SAFETY: the C strings and the list of actions live until posix_spawn has returned.
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() {
            let mode = number == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC
            unsafe posix_spawn_file_actions_addopen(&actions, Int32(number), file, mode, 0o600)
        }
        // A worker thread of Dispatch blocks signals, and a child inherits that: nothing could end it.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, flags)
        let pointers = unsafe words.map { unsafe strdup($0) } + [nil]
        let settings = unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (pointers + settings).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawn(
            &process, words[0], &actions, &attributes, pointers, settings)
        guard failure == 0 else {
            throw HelperFailure(description: "\(words[0]) could not be started: errno \(failure)")
        }
        return process
    }

    /// Asks the system how the command ended; false while it has not.
    private func wait(options: Int32) -> Bool {
        var ended: Int32 = 0
        // SAFETY: the system only writes to `ended`.
        while status == nil {
            let answer = unsafe waitpid(process, &ended, options)
            if answer == process { status = ended }
            if answer == 0 { return false }
        }
        return true
    }

    /// Waits until the command has printed a line; fails when it ends without.
    func waitForOutput(_ line: String) throws {
        let file = folder.appendingPathComponent("output")
        while !(try String(contentsOf: file, encoding: .utf8).contains(line)) {
            guard isRunning else {
                let errors = try finish().errors.suffix(2000)
                throw HelperFailure(description: "it ended before it said \(line): \(errors)")
            }
            usleep(10_000)
        }
    }

    /// What it has printed so far.
    func outputSoFar() throws -> String {
        try String(contentsOf: folder.appendingPathComponent("output"), encoding: .utf8)
    }

    /// What it has told on standard error so far.
    func errorsSoFar() throws -> String {
        try String(contentsOf: folder.appendingPathComponent("errors"), encoding: .utf8)
    }

    /// Whether it has not ended yet.
    var isRunning: Bool { !wait(options: WNOHANG) }

    /// Ends the command the way a power cut would: at once and without a word.
    func killAtOnce() {
        // Once it was waited for, its id may be somebody else's.
        if status == nil { kill(process, SIGKILL) }
    }

    /// Sends it a signal, unless it has ended.
    func send(_ signal: Int32) {
        if isRunning { kill(process, signal) }
    }

    /// Waits for the end and reads what was said.
    func finish() throws -> CommandResult {
        _ = wait(options: 0)
        func text(_ name: String) throws -> String {
            String(
                decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
        }
        // The layout of a wait status: the signal in the low seven bits, else the exit code above.
        let ended = status ?? 0
        let signal = ended & 0x7f
        var result = CommandResult(
            status: signal == 0 ? (ended >> 8) & 0xff : signal, wasKilled: signal != 0,
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
