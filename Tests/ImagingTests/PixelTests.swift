import Imaging
import Model
import Testing

@Suite("Pictures: what is made and measured of the pixels", .serialized)
struct PixelTests {
    private let box: PictureBox

    init() throws { box = try PictureBox() }

    /// The colour of a pixel, by GD.
    private func pixel(_ jpeg: [UInt8], _ x: Int, _ y: Int) throws -> [Int] {
        try box.write(jpeg, to: "result.jpg")
        return try box.run(
            "php", "-r",
            "$c = imagecolorat(imagecreatefromjpeg('result.jpg'), \(x), \(y)); echo ($c >> 16) & 255, ' ', ($c >> 8) & 255, ' ', $c & 255;"
        ).split(separator: " ").compactMap { Int($0) }
    }

    private func isNear(_ one: [Int], _ other: [Int], by distance: Int = 12) -> Bool {
        one.count == 3 && zip(one, other).allSatisfy { abs($0 - $1) <= distance }
    }

    @Test("The picture stands upright, as a viewer shows it", arguments: 1...8)
    func orientation(value: Int) async throws {
        // Red is at the top left, blue at the bottom right, as stored.
        try box.draw(
            "a.jpg", width: 1200, height: 800,
            """
            $fill(0, 0, 1200, 800, $colour(255, 255, 255));
            $fill(0, 0, 400, 300, $colour(255, 0, 0)); $fill(800, 500, 400, 300, $colour(0, 0, 255));
            """)
        try box.run("exiftool", "-q", "-overwrite_original", "-n", "-Orientation=\(value)", "a.jpg")
        let picture = try await PictureBox.preparation().prepare(box.file("a.jpg"))
        let isTurned = value >= 5
        #expect(picture.facts.width == (isTurned ? 800 : 1200))
        #expect(picture.facts.height == (isTurned ? 1200 : 800))
        #expect(picture.facts.orientation == (isTurned ? .portrait : .landscape))
        // Where the stored top left comes to lie (EXIF 2.32, tag 0x0112).
        let right = [2, 3, 6, 7].contains(value)
        let bottom = [3, 4, 7, 8].contains(value)
        let (width, height) = isTurned ? (683, 1024) : (1024, 683)
        let (x, y) = (right ? width - 60 : 60, bottom ? height - 60 : 60)
        #expect(isNear(try pixel(picture.jpeg, x, y), [254, 0, 0]))
        #expect(isNear(try pixel(picture.jpeg, width - x, height - y), [0, 0, 254]))
    }

    @Test("Colours of another profile become those of sRGB", arguments: ["p3", "cmyk"])
    func profile(name: String) async throws {
        try box.draw(
            "a.jpg", width: 1600, height: 1200, "$fill(0, 0, 1600, 1200, $colour(200, 60, 60));")
        try box.run("vips", "icc_export", "a.jpg", "b.jpg", "--output-profile", name)
        let picture = try await PictureBox.preparation().prepare(box.file("b.jpg"))
        #expect(
            isNear(try pixel(picture.jpeg, 500, 400), [200, 60, 60], by: name == "p3" ? 8 : 14))
        #expect(picture.facts.colours == [.red])
    }

    @Test("What is transparent becomes white", arguments: ["png", "webp", "gif"])
    func transparent(type: String) async throws {
        try box.draw(
            "a.\(type)", width: 300, height: 200,
            """
            imagealphablending($i, false); imagesavealpha($i, true);
            $clear = imagecolorallocatealpha($i, 0, 0, 0, 127);
            $fill(0, 0, 300, 200, $clear); imagecolortransparent($i, '\(type)' === 'gif' ? $clear : -1);
            $fill(100, 50, 100, 100, $colour(0, 160, 0));
            """)
        let picture = try await PictureBox.preparation().prepare(box.file("a.\(type)"))
        #expect(picture.facts.isTransparent)
        #expect(isNear(try pixel(picture.jpeg, 5, 5), [255, 255, 255]))
        #expect(isNear(try pixel(picture.jpeg, 150, 100), [0, 160, 0]))
        #expect(picture.facts.colours == [.green])
    }

    @Test("Colours, background, kind and entropy")
    func facts() async throws {
        let preparation = PictureBox.preparation()
        try box.draw(
            "product.png", width: 900, height: 900,
            """
            $fill(0, 0, 900, 900, $colour(255, 255, 255));
            $fill(250, 250, 400, 250, $colour(20, 60, 200)); $fill(250, 500, 400, 150, $colour(230, 200, 20));
            """)
        let product = try await preparation.prepare(box.file("product.png")).facts
        #expect(product.background == .white)
        #expect(product.colours == [.blue, .yellow])
        #expect(product.kind == .graphic)
        #expect(product.orientation == .square)
        #expect(!product.isTransparent)

        try box.draw(
            "flat.jpg", width: 500, height: 300, "$fill(0, 0, 500, 300, $colour(128, 128, 128));")
        let flat = try await preparation.prepare(box.file("flat.jpg")).facts
        #expect(flat.kind == .flat)
        #expect(flat.entropy == 0)
        #expect(flat.colours == [.grey])

        try box.draw(
            "noise.jpg", width: 800, height: 600,
            "mt_srand(3); for ($y = 0; $y < 600; $y += 2) for ($x = 0; $x < 800; $x += 2) $fill($x, $y, 2, 2, $colour(mt_rand(0, 255), mt_rand(0, 255), mt_rand(0, 255)));"
        )
        let noise = try await preparation.prepare(box.file("noise.jpg")).facts
        #expect(noise.kind == .continuous)
        #expect(noise.entropy > 6)
        #expect(noise.background == nil)
    }

    @Test(
        "Colours have the names that people give them",
        arguments: [
            ("0, 0, 0", NamedColour.black), ("255, 255, 255", .white), ("128, 128, 128", .grey),
            ("220, 20, 30", .red), ("255, 140, 0", .orange), ("110, 70, 35", .brown),
            ("225, 205, 175", .beige), ("250, 225, 40", .yellow), ("40, 140, 50", .green),
            ("60, 210, 200", .turquoise), ("30, 70, 190", .blue), ("120, 50, 170", .purple),
            ("250, 150, 190", .pink), ("10, 20, 60", .blue), ("135, 206, 235", .blue),
        ])
    func names(rgb: String, name: NamedColour) async throws {
        try box.draw("a.png", width: 60, height: 40, "$fill(0, 0, 60, 40, $colour(\(rgb)));")
        #expect(
            try await PictureBox.preparation().prepare(box.file("a.png")).facts.colours == [name])
    }

    @Test("Of an animation the first frame is taken")
    func animation() async throws {
        try box.draw("1.png", width: 200, height: 100, "$fill(0, 0, 200, 100, $colour(200, 0, 0));")
        try box.draw("2.png", width: 200, height: 100, "$fill(0, 0, 200, 100, $colour(0, 0, 200));")
        try box.run("vips", "arrayjoin", "1.png 2.png", "a.gif[page-height=100]", "--across", "1")
        let pages = try box.run("vipsheader", "-f", "n-pages", "a.gif").split(separator: "\n")
        let picture = try await PictureBox.preparation().prepare(box.file("a.gif"))
        #expect(picture.facts.frames == Int(pages.first ?? ""))
        #expect(picture.facts.height == 100)
        #expect(isNear(try pixel(picture.jpeg, 100, 50), [200, 0, 0]))
    }
}
