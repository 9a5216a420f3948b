import Imaging
import Model
import Testing

@Suite("Pictures: nothing but the picture leaves", .serialized)
struct PrivacyTests {
    private let box: PictureBox

    init() throws { box = try PictureBox() }

    /// What exiftool finds beside the file itself and its JFIF header.
    private func metadata(of name: String) throws -> [Substring] {
        try box.run("exiftool", "-a", "-G1", "-s", name).split(separator: "\n").filter { line in
            !["[ExifTool]", "[System]", "[File]", "[JFIF]", "[Composite]"].contains {
                line.hasPrefix($0)
            } || line.contains("GPS")
        }
    }

    private func makeSource(_ name: String) throws {
        try box.draw(
            "source.jpg", width: 1600, height: 1200,
            """
            for ($y = 0; $y < 1200; $y += 20) for ($x = 0; $x < 1600; $x += 20)
                $fill($x, $y, 20, 20, $colour($x % 256, $y % 256, 90));
            """)
        if name != "source.jpg" { try box.run("vips", "copy", "source.jpg", name) }
        try box.run(
            "exiftool", "-q", "-overwrite_original", "-n", "-GPSLatitude=52.5", "-GPSLatitudeRef=N",
            "-GPSLongitude=13.4", "-GPSLongitudeRef=E", "-Artist=Jane Roe",
            "-XMP-dc:Creator=Jane Roe",
            "-XMP-iptcCore:AltTextAccessibility=Coloured squares in rows", "-XMP:GPSLatitude=52.5",
            name)
    }

    @Test(
        "No position, name or profile, whatever the format",
        arguments: ["source.jpg", "a.png", "a.webp", "a.heic", "a.avif"])
    func noMetadata(name: String) async throws {
        try makeSource(name)
        let before = try metadata(of: name)
        #expect(before.contains { $0.contains("GPSLatitude") }, "the input holds no position")
        let picture = try await PictureBox.preparation().prepare(box.file(name))
        try box.write(picture.jpeg, to: "result.jpg")
        #expect(try metadata(of: "result.jpg").isEmpty)
        let raw = String(decoding: picture.jpeg, as: Unicode.ASCII.self)
        for word in ["Exif", "http://", "Jane", "Photoshop", "ICC_PROFILE"] {
            #expect(!raw.contains(word))
        }
        #expect(picture.embedded.alt == "Coloured squares in rows")
        #expect(picture.facts.width == 1600 && picture.facts.height == 1200)
    }

    @Test(
        "The long edge has at most 1024 pixels, and small pictures stay small",
        arguments: [
            (4000, 3000), (4032, 3024), (3000, 1500), (1025, 10), (10, 1100), (2047, 1365),
            (2048, 2048), (640, 480), (1, 1), (1024, 1024), (1100, 733),
        ])
    func size(width: Int, height: Int) async throws {
        for type in ["jpg", "png", "webp"] {
            try box.draw("a.\(type)", width: width, height: height, "")
            let picture = try await PictureBox.preparation().prepare(box.file("a.\(type)"))
            try box.write(picture.jpeg, to: "result.jpg")
            let size = try box.run(
                "php", "-r", "echo implode(' ', array_slice(getimagesize('result.jpg'), 0, 2));"
            ).split(separator: " ").compactMap { Int($0) }
            let longest = max(width, height)
            #expect(size.count == 2)
            // A JPEG may be up to a sixteenth smaller than asked, where that saves scaling.
            let least = longest <= 1024 ? longest : (type == "jpg" ? 960 : 1023)
            #expect((least...min(longest, 1024)).contains(max(size[0], size[1])), "\(type) \(size)")
            let scale = Double(max(size[0], size[1])) / Double(longest)
            #expect(abs(Double(size[0]) - Double(width) * scale) <= 1)
            #expect(abs(Double(size[1]) - Double(height) * scale) <= 1)
            #expect(picture.facts.width == width && picture.facts.height == height)
        }
    }

    @Test("A worker that was taken over cannot pass metadata on")
    func takenOver() async throws {
        try makeSource("source.jpg")
        try box.draw("bare.jpg", width: 64, height: 48, "")
        let bare = try await PictureBox.preparation().prepare(box.file("bare.jpg")).jpeg
        try box.write(bare, to: "bare.jpg")
        let faults: [(String, [UInt8], ErrorCode?)] = [
            ("bare", bare, nil),
            ("with EXIF", try box.read("source.jpg"), .imageWorkerFailed),
            (
                "with a comment", Array(bare[..<2]) + [0xFF, 0xFE, 0, 4, 65, 66] + bare[2...],
                .imageWorkerFailed
            ),
            ("with a tail", bare + Array("52.5 N".utf8), .imageWorkerFailed),
            ("no picture", Array("52.5 N 13.4 E".utf8), .imageWorkerFailed),
            ("empty", [], .imageWorkerFailed),
        ]
        for (name, jpeg, expected) in faults {
            try box.write(jpeg, to: "answer.jpg")
            let program = try box.program("fake", Self.fakeWorker(answer: box.path("answer.jpg")))
            let found = await code { () throws(MonikerError) in
                try await PictureBox.preparation(program: program).prepare(box.file("bare.jpg"))
            }
            #expect(found == expected, "\(name)")
        }
    }

    /// Answers one request with a JPEG of its own choice.
    private static func fakeWorker(answer: String) -> String {
        """
        #!/usr/bin/python3
        import socket, struct
        number = lambda n: struct.pack(">q", n)
        data = lambda b: number(len(b)) + b
        end = socket.socket(fileno=0)
        end.recv(65536)
        jpeg = open("\(answer)", "rb").read()
        facts = number(64) + number(48) + number(1) + number(0) + number(0) + number(0) + number(0)
        body = (data(b"prepared") + data(jpeg) + facts + data(b"flat")
                + number(0) * 4 + number(0) + number(0) + number(0))
        end.sendall(data(body))
        end.recv(1)
        """
    }
}
