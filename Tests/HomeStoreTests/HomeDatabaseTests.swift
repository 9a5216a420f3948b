import Foundation
import GRDB
import HomeStore
import Model
import Testing

/// A home of its own.
final class TestHome: Sendable {
    let folder: URL
    var path: String { folder.path }
    var file: String { path + "/notes.sqlite" }

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-home-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

    static let first = "CREATE TABLE note (text TEXT NOT NULL) STRICT;"
    static let second = "ALTER TABLE note ADD COLUMN at INTEGER;"

    func open(_ versions: [String] = [first]) throws -> HomeDatabase {
        try HomeDatabase(
            home: path,
            HomeDatabaseDescription(
                name: "notes", versions: versions, unusable: .jobsUnusable,
                subject: { "\($0), the notes," }, remedy: "write them anew"))
    }

    /// The error of opening.
    func failure() throws -> MonikerError {
        try #require(throws: MonikerError.self) { try open() }
    }

    func mode(_ suffix: String = "") throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file + suffix)[.posixPermissions] as? Int
    }

    func setMode(_ mode: Int, _ suffix: String = "") throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: file + suffix)
    }

    /// What another program says; no code of the project is asked.
    func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    func sql(_ query: String) throws -> String {
        let result = try run("sqlite3", [file, ".timeout 10000", query])
        try #require(result.status == 0, "\(result.output)")
        return result.output.trimmingCharacters(in: .newlines)
    }
}

@Suite("A database of the home") struct HomeDatabaseTests {
    @Test("The file, its log and its shared memory are their owner's alone")
    func modeOfNewFiles() throws {
        let home = try TestHome()
        let database = try home.open()
        try database.write { try $0.execute(sql: "INSERT INTO note VALUES ('a')") }
        for suffix in ["", "-wal", "-shm"] { #expect(try home.mode(suffix) == 0o600, "\(suffix)") }
    }

    @Test("What others could read of files that were there is taken from them")
    func modeOfOldFiles() throws {
        let home = try TestHome()
        let database = try home.open()
        for suffix in ["", "-wal", "-shm"] { try home.setMode(0o664, suffix) }
        let other = try home.open()
        for suffix in ["", "-wal", "-shm"] { #expect(try home.mode(suffix) == 0o600, "\(suffix)") }
        try other.write { try $0.execute(sql: "INSERT INTO note VALUES ('a')") }
        #expect(
            try database.read { try String.fetchAll($0, sql: "SELECT text FROM note") } == ["a"])
    }

    @Test("A commit is in the log, and the log on disk, before the call returns")
    func durable() throws {
        let home = try TestHome()
        let database = try home.open()
        let pragmas = try database.read { database in
            try ["journal_mode", "synchronous", "foreign_keys"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(pragmas == ["wal", "2", "1"])
        try database.write { try $0.execute(sql: "INSERT INTO note VALUES ('a')") }
        #expect(try home.sql("SELECT text FROM note") == "a")
    }

    @Test("A writing body that throws has written nothing; its own error comes out")
    func rollback() throws {
        let home = try TestHome()
        let database = try home.open()
        let error = #expect(throws: MonikerError.self) {
            try database.write { database in
                try database.execute(sql: "INSERT INTO note VALUES ('a')")
                throw MonikerError(.invalidArgument, "no")
            }
        }
        #expect(error?.code == .invalidArgument)
        #expect(try home.sql("SELECT count(*) FROM note") == "0")
    }

    @Test(
        "Nothing is followed: not a link to another file, not one to nothing",
        arguments: [true, false])
    func link(isDangling: Bool) throws {
        let home = try TestHome()
        let target = home.path + "/elsewhere"
        if !isDangling { try Data().write(to: URL(fileURLWithPath: target)) }
        try FileManager.default.createSymbolicLink(
            atPath: home.file, withDestinationPath: target)
        let error = try home.failure()
        #expect(error.code == .jobsUnusable)
        #expect(error.message.hasSuffix(": write them anew"))
        #expect(FileManager.default.contents(atPath: target) == (isDangling ? nil : Data()))
    }

    @Test("A file of a newer version is left alone")
    func newer() throws {
        let home = try TestHome()
        _ = try home.open()
        _ = try home.sql("PRAGMA user_version = 2")
        let error = try home.failure()
        #expect(error.code == .jobsUnusable)
        #expect(
            error.message
                == "\(home.file) was written by a newer version of moniker: use that version")
        #expect(try home.sql("PRAGMA user_version") == "2")
    }

    @Test("A file of an older version is led to the newest, with what is in it")
    func older() throws {
        let home = try TestHome()
        try home.open().write { try $0.execute(sql: "INSERT INTO note VALUES ('a')") }
        let newest = [TestHome.first, TestHome.second]
        _ = try home.open(newest)
        #expect(try home.sql("PRAGMA user_version; SELECT text, at IS NULL FROM note") == "2\na|1")
        _ = try home.open(newest)
    }

    @Test("A version that cannot be reached leaves the file at the one before")
    func failedUpdate() throws {
        let home = try TestHome()
        _ = try home.open()
        #expect(throws: MonikerError.self) {
            try home.open([TestHome.first, TestHome.second + "CREATE TABLE note (a);"])
        }
        #expect(
            try home.sql("PRAGMA user_version; SELECT count(*) FROM pragma_table_info('note')")
                == "1\n1")
    }

    @Test("A damaged file has the store's code, and stays as it is")
    func damaged() throws {
        let home = try TestHome()
        let bytes = Data("This is no database at all.".utf8) + Data(repeating: 7, count: 8000)
        try bytes.write(to: URL(fileURLWithPath: home.file))
        let error = try home.failure()
        #expect(error.code == .jobsUnusable)
        #expect(error.message.hasPrefix("\(home.file), the notes, cannot be used (SQLite error 26"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: home.file)) == bytes)
    }

    @Test("A home that is not there has the store's code")
    func missing() throws {
        let home = try TestHome()
        let error = #expect(throws: MonikerError.self) {
            try HomeDatabase(
                home: home.path + "/none",
                HomeDatabaseDescription(
                    name: "notes", versions: [], unusable: .jobsUnusable, subject: { $0 },
                    remedy: ""))
        }
        #expect(error?.code == .jobsUnusable)
    }

    @Test("Opening the file a second time leaves the first one's locks on it")
    func locks() throws {
        let home = try TestHome()
        let first = try home.open()
        try home.setMode(0o644)
        let second = try home.open()
        // Another process that may take SQLite's shared bytes (1 GiB + 2, 510 of them) for itself
        // would think that nobody has the file open.
        let answer = try home.run(
            "python3",
            [
                "-c",
                """
                import fcntl, sys
                file = open(sys.argv[1], "r+b")
                try:
                    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 2**30 + 2)
                    print("free")
                except BlockingIOError:
                    print("locked")
                """, home.file,
            ])
        #expect(answer.output == "locked\n")
        _ = (first, second)
    }

    @Test("Many open a new file at once, each for itself", arguments: 0..<20)
    func firstOpening(_: Int) throws {
        let home = try TestHome()
        let failures = FailureList()
        DispatchQueue.concurrentPerform(iterations: 8) { number in
            do {
                let database = try home.open([TestHome.first, TestHome.second])
                try database.write {
                    try $0.execute(sql: "INSERT INTO note VALUES (?, ?)", arguments: ["a", number])
                }
            } catch { failures.add(error) }
        }
        #expect(failures.all.isEmpty)
        #expect(
            try home.sql("SELECT group_concat(at) FROM (SELECT at FROM note ORDER BY at)")
                == "0,1,2,3,4,5,6,7")
    }
}

/// Errors from any thread.
final class FailureList: @unchecked Sendable {
    private let lock = NSLock()
    private var texts: [String] = []
    func add(_ error: any Error) { lock.withLock { texts.append("\(error)") } }
    var all: [String] { lock.withLock { texts } }
}
