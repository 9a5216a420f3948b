import Files
import Foundation
import Model
import Testing

/// A folder of its own for one test: an uploads folder, a home, and a way to look around that does
/// not use the code under test.
final class Sandbox {
    let path: String
    let uploads: String
    let home: String
    let journal = JournalID(milliseconds: 1, random: 2)

    /// - Parameters:
    ///   - base: the folder for the uploads folder.
    ///   - homeBase: the folder for home, when that shall be on another device.
    init(base: String = "/tmp", homeBase: String? = nil) throws {
        path = try Self.makeTemporaryFolder(in: base)
        uploads = path + "/wp-content/uploads"
        otherPath = try homeBase.map { try Self.makeTemporaryFolder(in: $0) }
        home = (otherPath ?? path) + "/home/site"
        try run("mkdir", "-p", uploads + "/2026/01")
    }

    private let otherPath: String?

    deinit {
        for folder in [path, otherPath] {
            guard let folder else { continue }
            _ = try? run("rm", "-rf", folder)
        }
    }

    func files() throws -> LocalMediaFiles {
        try LocalMediaFiles(uploads: Array(uploads.utf8), home: Array(home.utf8))
    }

    private static func makeTemporaryFolder(in base: String) throws -> String {
        let name = "\(base)/moniker-tests-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: name, withIntermediateDirectories: false)
        return name
    }

    /// Makes a file of the uploads folder.
    @discardableResult
    func write(_ path: String, _ content: String = "content") throws -> MediaPath {
        try write(Array(path.utf8), Array(content.utf8))
    }

    @discardableResult
    func write(_ path: [UInt8], _ content: [UInt8]) throws -> MediaPath {
        let media = try MediaPath(validating: path)
        // SAFETY: the path ends with NUL and outlives the call, as do the bytes.
        let descriptor = unsafe open(absolute(media), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let count = unsafe Foundation.write(descriptor, content, content.count)
        try #require(count == content.count)
        return media
    }

    func absolute(_ path: MediaPath) -> [CChar] {
        (Array((uploads + "/").utf8) + path.bytes + [0]).map(CChar.init(bitPattern:))
    }

    /// The content of a file of the uploads folder; nil where there is none.
    func read(_ path: MediaPath) -> [UInt8]? {
        // SAFETY: the path ends with NUL; the call writes at most `count` bytes into the buffer.
        let descriptor = unsafe open(absolute(path), O_RDONLY | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe Foundation.read(descriptor, &buffer, buffer.count)
        return Array(buffer[..<max(count, 0)])
    }

    func text(_ path: MediaPath) -> String? {
        read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// What `stat --format` says about a path.
    func stat(_ format: String, _ path: String) throws -> String {
        try run("stat", "--format", format, path)
    }

    /// Every path below the sandbox.
    func tree() throws -> [String] {
        try run("find", path, "-printf", "%P\n").split(separator: "\n").map(String.init).sorted()
    }

    /// The output of a program, without the newline at its end.
    @discardableResult
    func run(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}

/// The code that some work fails with; nil when it succeeds.
func code(_ body: () throws(MonikerError) -> Void) -> String? {
    do throws(MonikerError) {
        try body()
        return nil
    } catch {
        return error.code.rawValue
    }
}
