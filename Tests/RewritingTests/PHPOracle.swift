import Foundation

/// The scripts beside these tests, run by PHP.
///
/// PHP is the only judge of what its serialize() means; the scripts share no code with the rewriter.
enum PHPOracle {
    /// A value and what it becomes.
    struct Pair: Decodable {
        var value: Data
        var expected: Data
        var changes: Bool
    }

    /// A value and whether PHP reads it.
    struct Verdict: Decodable {
        var value: Data
        var accepted: Bool
    }

    private struct Failed: Error {
        var script: String
        var status: Int32
    }

    static func pairs(seed: Int, count: Int) throws -> [Pair] {
        try lines(of: run("generate.php", "\(seed)", "\(count)"))
    }

    static func mutations(seed: Int, count: Int) throws -> [Verdict] {
        try lines(of: run("mutate.php", "\(seed)", "\(count)"))
    }

    /// Whether PHP reads each value completely.
    static func accepts(_ values: [[UInt8]]) throws -> [Bool] {
        let input = values.map { Data($0).base64EncodedString() + "\n" }.joined()
        return try run("accepts.php", input: Data(input.utf8)).split(separator: 0x0A).map {
            $0.elementsEqual("1".utf8)
        }
    }

    private static func lines<Line: Decodable>(of output: Data) throws -> [Line] {
        let decoder = JSONDecoder()
        return try output.split(separator: 0x0A).map { try decoder.decode(Line.self, from: $0) }
    }

    private static func run(
        _ script: String, _ arguments: String..., input: Data = Data()
    ) throws -> Data {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Oracle")
        // Files instead of pipes: neither side can block the other.
        let workFolder = FileManager.default.temporaryDirectory.appending(
            path: "moniker-oracle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: workFolder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: workFolder) }
        let inputFile = workFolder.appending(path: "input")
        let outputFile = workFolder.appending(path: "output")
        try input.write(to: inputFile)
        try Data().write(to: outputFile)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["php", "-d", "memory_limit=1G", folder.appending(path: script).path] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(script: script, status: process.terminationStatus)
        }
        return try Data(contentsOf: outputFile)
    }
}
