import Foundation
@testable import Imaging
import Model
import TestSupport
import Testing

@Suite("Pictures: what is refused, and with which code", .serialized)
struct RefusalTests {
    private let box: PictureBox

    init() throws { box = try PictureBox() }

    private func code(
        _ file: PictureFile, limits: PictureLimits = PictureLimits(milliseconds: 120_000)
    ) async -> ErrorCode? {
        await ImagingTests.code { () throws(MonikerError) in
            try await PictureBox.preparation(limits: limits).prepare(file)
        }
    }

    @Test("A file that was cut off", arguments: ["jpg", "png", "webp", "gif", "heic", "avif"])
    func truncated(type: String) async throws {
        try box.draw(
            "source.png", width: 700, height: 500,
            "mt_srand(5); for ($y = 0; $y < 500; $y += 4) for ($x = 0; $x < 700; $x += 4) $fill($x, $y, 4, 4, $colour(mt_rand(0, 255), mt_rand(0, 255), 99));"
        )
        try box.run("vips", "copy", "source.png", "whole.\(type)")
        let whole = try box.read("whole.\(type)")
        #expect(await code(box.file("whole.\(type)")) == nil)
        for share in [10, 50, 90] {
            try box.write(whole.prefix(whole.count * share / 100), to: "cut.\(type)")
            #expect(await code(box.file("cut.\(type)")) == .damagedImage, "\(share) percent")
        }
    }

    @Test("Bytes that are no picture, or one that is not prepared")
    func unsupported() async throws {
        let svg =
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>"
        for (name, text) in [
            ("a.svg", svg), ("a.jpg", svg), ("b.jpg", "hello"), ("empty.jpg", ""),
            ("a.pdf", "%PDF-1.4\n"), ("a.xml", "<?xml version=\"1.0\"?>" + svg),
        ] {
            try box.write(text.utf8, to: name)
            #expect(await code(box.file(name)) == .unsupportedImage, "\(name)")
        }
        try box.draw("a.png", width: 9, height: 9, "")
        try box.run("vips", "copy", "a.png", "a.tif")
        #expect(await code(box.file("a.tif")) == .unsupportedImage)
    }

    @Test(
        "Noise behind a true beginning gets a code and kills nobody else",
        arguments: 0..<30 as Range<UInt64>)
    func noise(seed: UInt64) async throws {
        try box.draw("a.png", width: 60, height: 60, "$fill(0, 0, 30, 60, $colour(200, 0, 0));")
        let type = ["jpg", "png", "webp", "gif", "heic"][Int(seed % 5)]
        try box.run("vips", "copy", "a.png", "source.\(type)")
        var random = SplitMix64(seed: seed)
        var bytes = try box.read("source.\(type)")
        for _ in 0..<20 {
            bytes[Int.random(in: 12..<bytes.count, using: &random)] = UInt8.random(
                in: 0...255, using: &random)
        }
        try box.write(bytes, to: "noise.\(type)")
        let found = await code(box.file("noise.\(type)"))
        let allowed: [ErrorCode?] = [
            nil, .damagedImage, .unsupportedImage, .imageTooLarge, .imageWorkerFailed,
        ]
        #expect(allowed.contains(found), "\(String(describing: found))")
    }

    @Test("Files that are none")
    func noFile() async throws {
        try box.draw("a.jpg", width: 9, height: 9, "")
        #expect(await code(box.file("absent.jpg")) == .fileMissing)
        #expect(await code(PictureFile(path: box.folder.path)) == .fileMissing)
        try box.run("mkfifo", "pipe.jpg")
        #expect(await code(box.file("pipe.jpg")) == .fileMissing)
        try box.run("ln", "-s", "a.jpg", "link.jpg")
        #expect(await code(box.file("link.jpg")) == .unsafePath)
        #expect(await code(PictureFile(path: "/dev/zero")) == .fileMissing)
    }

    @Test(
        "A link on the way does not lead out of the uploads folder, with openat2(2) and without",
        arguments: [false, true])
    func linkOnTheWay(walksSegments: Bool) async throws {
        try box.run("mkdir", "-p", "uploads/2024", "outside")
        try box.draw("outside/a.jpg", width: 9, height: 9, "")
        try box.run("cp", "outside/a.jpg", "uploads/2024/a.jpg")
        try box.run("ln", "-s", "../outside", "uploads/2025")
        let uploads = box.path("uploads")
        try box.run("ln", "-s", "a.jpg", "uploads/2024/link.jpg")
        try box.run("ln", "-s", "a.jpg", "uploads/link.jpg")
        try box.run("mkfifo", "uploads/2024/pipe.jpg")
        func opened(_ path: String) async throws -> ErrorCode? {
            await code(
                PictureFile(try MediaPath(path), in: uploads, walksSegments: walksSegments))
        }
        try box.run("cp", "outside/a.jpg", "uploads/a.jpg")
        #expect(try await opened("a.jpg") == nil)
        #expect(try await opened("2024/a.jpg") == nil)
        #expect(try await opened("2025/a.jpg") == .unsafePath)
        #expect(try await opened("2024/link.jpg") == .unsafePath)
        #expect(try await opened("link.jpg") == .unsafePath)
        #expect(try await opened("2026/a.jpg") == .fileMissing)
        #expect(try await opened("2024/none.jpg") == .fileMissing)
        #expect(try await opened("a.jpg/a.jpg") == .fileMissing)
        #expect(try await opened("2024/pipe.jpg") == .fileMissing)
        #expect(try await opened("2024") == .fileMissing)
    }

    @Test("More bytes or pixels than allowed")
    func limits() async throws {
        try box.draw("a.png", width: 101, height: 100, "")
        let bytes = try box.read("a.png").count
        #expect(await code(box.file("a.png"), limits: PictureLimits(fileBytes: bytes)) == nil)
        #expect(
            await code(box.file("a.png"), limits: PictureLimits(fileBytes: bytes - 1))
                == .imageTooLarge)
        #expect(await code(box.file("a.png"), limits: PictureLimits(pixels: 10_100)) == nil)
        #expect(
            await code(box.file("a.png"), limits: PictureLimits(pixels: 10_099)) == .imageTooLarge)
        #expect(await code(box.file("a.png"), limits: PictureLimits(side: 100)) == .imageTooLarge)
    }

    @Test("A bomb of 2.5 gigapixels is refused by its header, and by the limits where it is not")
    func bomb() async throws {
        try box.write(
            """
            import struct, sys, zlib
            side = 50000
            def chunk(name, data):
                return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
            squeeze = zlib.compressobj(9)
            row = bytes(side // 8 + 1)
            data = b"".join(squeeze.compress(row * 500) for _ in range(side // 500)) + squeeze.flush()
            header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, int(sys.argv[1]))
            open(sys.argv[2], "wb").write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header)
                + chunk(b"IDAT", data) + chunk(b"IEND", b""))
            """.utf8, to: "bomb.py")
        try box.run("python3", "bomb.py", "0", "bomb.png")
        try box.run("python3", "bomb.py", "1", "interlaced.png")
        let preparation = PictureBox.preparation(program: try box.notedWorker())
        try box.draw("a.png", width: 9, height: 9, "")
        _ = try await preparation.prepare(box.file("a.png"))
        for name in ["bomb.png", "interlaced.png"] {
            let found = await ImagingTests.code { () throws(MonikerError) in
                try await preparation.prepare(box.file(name))
            }
            #expect(found == .imageTooLarge)
        }
        // One worker for all three, and it neither took time nor memory for 2.5 gigapixels.
        let process = try #require(try box.processes().first)
        #expect(try box.processes().count == 1)
        let fields = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
            .split(separator: " ")
        let ticks = try #require(Int(fields[13])) + (try #require(Int(fields[14])))
        #expect(ticks < 100)
        let peak = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            .split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = try #require(peak?.split(whereSeparator: \.isWhitespace)[1])
        #expect(try #require(Int(kilobytes)) < 150_000)
        // As if the header had lied: time and memory end it, not this process.
        let open = PictureLimits(
            pixels: .max, side: .max, milliseconds: 1500, addressSpace: 1 << 30)
        for name in ["bomb.png", "interlaced.png"] {
            let found = await code(box.file(name), limits: open)
            #expect(
                [.imageTimeout, .imageWorkerFailed, .damagedImage].contains(found),
                "\(name): \(String(describing: found))")
        }
    }
}
