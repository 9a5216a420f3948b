import Foundation
import Testing

/// The sample site of the demo on SQLite, a stub of a provider, and workers as processes of their own.
final class WorkerSite {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let binary =
        ProcessInfo.processInfo.environment["MONIKER_BINARY"]
        ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        .appendingPathComponent("moniker").path

    /// Made once a run: pictures take their time.
    private static let built = Result {
        let site = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-jobs-site-\(getpid())").path
        _ = try run(
            "python3", ["-B", package.appendingPathComponent("Demo/make-site.py").path, site])
        return site
    }

    let folder: URL
    private var workers: [Process] = []
    private var stub: (process: Process, input: Pipe)?
    /// Where the stub listens; nil until it is started.
    private(set) var address: String?

    var site: String { folder.appendingPathComponent("site").path }
    var home: String { folder.appendingPathComponent("home").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-worker-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        _ = try Self.run("cp", ["-a", try Self.built.get(), site])
    }

    deinit {
        for worker in workers where worker.isRunning {
            kill(worker.processIdentifier, SIGKILL)
            worker.waitUntilExit()
        }
        if let stub {
            do { try stub.input.fileHandleForWriting.close() } catch { Issue.record(error) }
            stub.process.waitUntilExit()
        }
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    // MARK: The program

    /// Runs a command on this site; fails where it ends with another status.
    @discardableResult
    func moniker(_ arguments: [String], status: Int32 = 0) throws -> String {
        try Self.run(
            Self.binary, ["--site", site, "--home", home, "--json"] + arguments,
            environment: environment, status: status)
    }

    /// Starts a worker whose job is taken over after a second of silence.
    func startWorker(_ arguments: [String] = []) throws -> Process {
        let process = Process()
        // A thread of the test may block signals, and a child inherits that: nothing could end it.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "python3", "-c",
                "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execv(sys.argv[1], sys.argv[1:])",
                Self.binary, "--site", site, "--home", home, "worker", "--lease", "1",
            ] + arguments
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        workers.append(process)
        return process
    }

    private var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        for name in environment.keys where name.hasPrefix("MONIKER_") { environment[name] = nil }
        environment["ANTHROPIC_API_KEY"] = "sk-ant-canary-0123456789abcdefghij"
        return environment
    }

    /// A job as JSON has it.
    struct Job: Decodable {
        struct Items: Decodable, Equatable {
            var applied = 0
            var review = 0
            var skipped = 0
            var failed = 0
        }

        struct Failure: Decodable { var code: String }

        var id: String
        var state: String
        var done: Int
        var total: Int
        var attempts: Int
        var journal: String?
        var items: Items
        var error: Failure?
    }

    func submit(_ arguments: [String]) throws -> Job {
        try JSONDecoder().decode(
            Job.self, from: Data(try moniker(["jobs", "submit"] + arguments).utf8))
    }

    func job(_ id: String) throws -> Job {
        try JSONDecoder().decode(Job.self, from: Data(try moniker(["jobs", id]).utf8))
    }

    /// Looks at a job until it is as wanted; fails after a minute.
    func wait(for id: String, _ isWanted: (Job) -> Bool) throws -> Job {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let job = try job(id)
            if isWanted(job) { return job }
            try #require(ContinuousClock.now < deadline, "job \(id) stays \(job)")
            usleep(20_000)
        }
    }

    // MARK: Oracles

    /// What the sqlite3 program reads in a file of the home, or in the site's database.
    func sql(_ file: String, _ query: String) throws -> String {
        try Self.run("sqlite3", [file, ".timeout 10000", query])
            .trimmingCharacters(in: .newlines)
    }

    func journal(_ query: String) throws -> String { try sql(home + "/journal.sqlite", query) }

    func database(_ query: String) throws -> String {
        try sql(site + "/wp-content/database/.ht.sqlite", query)
    }

    // MARK: The stub

    func startStub(_ script: String) throws {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        let file = folder.appendingPathComponent("script.json")
        try Data(script.utf8).write(to: file)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", Self.package.appendingPathComponent("Tests/StubServer/stub.py").path,
            "--script", file.path,
        ]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
        address = "http://127.0.0.1:\(port)"
        stub = (process, input)
    }

    func loadStub(_ script: String) throws {
        _ = try Self.run(
            "curl", ["-sf", "-X", "POST", "-d", script, "\(address ?? "")/stub/script"])
    }

    /// How often the stub was asked about each image's file since its script was loaded.
    func asked() throws -> [String: Int] {
        struct Log: Decodable {
            struct Entry: Decodable {
                var did: String?
                var file: String?
            }
            var entries: [Entry]
        }
        let text = try Self.run("curl", ["-sf", "\(address ?? "")/stub/log"])
        var counts: [String: Int] = [:]
        for entry in try JSONDecoder().decode(Log.self, from: Data(text.utf8)).entries {
            if entry.did != nil, let file = entry.file { counts[file, default: 0] += 1 }
        }
        return counts
    }

    /// The options of a job that asks the stub.
    func options(concurrency: Int, _ more: String = "") -> String {
        #"{"provider":"anthropic","base_url":"\#(address ?? "")","concurrency":\#(concurrency)\#(more)}"#
    }

    private static func run(
        _ program: String, _ arguments: [String], environment: [String: String]? = nil,
        status: Int32 = 0
    ) throws -> String {
        let (process, output, errors) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        if let environment { process.environment = environment }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == status,
            "\(program) \(arguments): \(String(decoding: said + text, as: UTF8.self).suffix(1500))")
        return String(decoding: text, as: UTF8.self)
    }
}
