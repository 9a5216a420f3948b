import Foundation
import Imaging
import Model

/// A folder with pictures that other programs made, removed at the end.
final class PictureBox {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("moniker-pictures-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { print("\(folder): \(error)") }
    }

    /// The path of a file in the folder.
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A picture in the folder.
    func file(_ name: String) -> PictureFile { PictureFile(path: path(name)) }

    /// Writes a file.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    }

    /// Reads a file.
    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    /// Runs a program in the folder and returns its output; fails where it fails.
    @discardableResult
    func run(_ program: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = folder
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ToolFailure(
                description: "\(program) \(arguments) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Draws with GD: `code` works on `$i`, which is saved in the format of the name.
    func draw(_ name: String, width: Int, height: Int, _ code: String) throws {
        try run(
            "php", "-r",
            """
            $i = imagecreatetruecolor(\(width), \(height));
            $colour = fn($r, $g, $b) => imagecolorallocate($i, $r, $g, $b);
            $fill = fn($x, $y, $w, $h, $c) => imagefilledrectangle($i, $x, $y, $x + $w - 1, $y + $h - 1, $c);
            \(code)
            $type = pathinfo('\(name)', PATHINFO_EXTENSION);
            match ($type) {
                'jpg' => imagejpeg($i, '\(name)', 92), 'png' => imagepng($i, '\(name)'),
                'gif' => imagegif($i, '\(name)'), 'webp' => imagewebp($i, '\(name)', 90),
            };
            """)
    }

    /// Writes an executable script that may become a picture worker.
    func program(_ name: String, _ text: String) throws -> WorkerProgram {
        // By another process: one that this one starts meanwhile could inherit a file that is open to
        // be written, and then the script could not be executed.
        try run("sh", "-c", "printf %s \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", text, name)
        return WorkerProgram(path: path(name))
    }

    /// A worker that first notes its process id in the file `pids`.
    func notedWorker() throws -> WorkerProgram {
        try program(
            "noted",
            "#!/bin/sh\necho $$ >> '\(path("pids"))'\nexec '\(Self.worker.path)' \"$@\"\n")
    }

    /// The process ids that workers noted.
    func processes() throws -> [Int32] {
        String(decoding: try read("pids"), as: UTF8.self).split(separator: "\n").compactMap {
            Int32($0)
        }
    }

    /// The real worker, beside the tests.
    static var worker: WorkerProgram {
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        if let bundle { folder = URL(fileURLWithPath: bundle) }
        return WorkerProgram(
            path: folder.deletingLastPathComponent().appendingPathComponent("picture-worker").path)
    }

    /// A preparation with the real worker and, unless a test is about time, with more of it than a
    /// busy machine needs.
    static func preparation(
        limits: PictureLimits = PictureLimits(milliseconds: 120_000), workers: Int = 1,
        program: WorkerProgram = worker
    ) -> PicturePreparation {
        PicturePreparation(limits: limits, workers: workers, program: program)
    }
}

/// A program of the tests failed.
struct ToolFailure: Error, CustomStringConvertible {
    let description: String
}

/// The code with which an operation fails; nil where it does not.
func code(_ body: () async throws(MonikerError) -> some Any) async -> ErrorCode? {
    do throws(MonikerError) {
        _ = try await body()
        return nil
    } catch {
        return error.code
    }
}
