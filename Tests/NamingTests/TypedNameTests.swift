import Model
import Naming
import Testing

@Suite("A name as a person types it")
struct TypedNameTests {
    private func stem(_ typed: String, _ currentExtension: String = "jpg") throws -> String {
        let stem = try TypedName.stem(
            from: Array(typed.utf8), currentExtension: Array(currentExtension.utf8))
        return String(decoding: stem, as: UTF8.self)
    }

    private func code(_ typed: [UInt8], _ currentExtension: String = "jpg") -> String? {
        do throws(MonikerError) {
            _ = try TypedName.stem(from: typed, currentExtension: Array(currentExtension.utf8))
            return nil
        } catch {
            return error.code.rawValue
        }
    }

    @Test(
        "N02, N09 cleaning is predictable, whatever the script",
        arguments: [
            ("red-mountain-bike", "red-mountain-bike"),
            ("  Red Mountain_Bike  ", "Red-Mountain_Bike"),
            ("Straße", "Strasse"), ("Ærøskøbing", "AEroskobing"), ("æon", "aeon"),
            ("Käse über Öl", "Kase-uber-Ol"), ("cafe\u{301}", "cafe"), ("café", "cafe"),
            ("Đặng Việt", "Dang-Viet"), ("İstanbul ışık", "Istanbul-isik"),
            ("Привет мир", "Privet-mir"), ("日本語", "ri-ben-yu"), ("مرحبا", "mrhba"),
            ("C++", "C"), ("v2.0", "v2-0"), ("H.C.Andersen", "H-C-Andersen"),
            ("a?[]=<>:;,'\"&$#*()|~`!{}%+@b", "a-b"),
            ("“quoted” – ‘typographic’ «marks»", "quoted-typographic-marks"),
            ("fish & chips 100%", "fish-chips-100"), ("½ & ² …", "1-2-2"),
            ("--a---b__c._-", "a-b__c"), ("photo.", "photo"), ("café 😀 noir", "cafe-noir"),
            ("(1)+[x]", "1-x"), ("non\u{A0}breaking\u{2003}space", "non-breaking-space"),
            ("fullwidth／slash．php", "fullwidth-slash-php"), ("e\u{200B}zero", "e-zero"),
        ])
    func cleaning(typed: String, expected: String) throws {
        #expect(try stem(typed) == expected)
    }

    @Test(
        "N06 the file's own extension is left away in any letter case and spelling",
        arguments: [
            ("bike.jpg", "jpg"), ("bike.JPG", "jpg"), ("bike.jpeg", "jpg"), ("bike.jpe", "JPEG"),
            ("bike.jpg", "jpeg"), ("bike.webp", "webp"), ("bike", "png"), ("bike.xyz", "xyz"),
            ("bike", ""), (" bike.jpg ", "jpg"),
        ])
    func ownExtension(typed: String, currentExtension: String) throws {
        #expect(try stem(typed, currentExtension) == "bike")
    }

    @Test(
        "Another known extension is a mismatch; an unknown last part belongs to the name",
        arguments: [
            ("bike.png", "extension-mismatch"), ("bike.PDF", "extension-mismatch"),
            ("bike.html", "extension-mismatch"), ("bike.jpg.webp", "extension-mismatch"),
            ("bike.v2", nil), ("Dr. Strange", nil), ("1.5", nil),
        ])
    func otherExtension(typed: String, expected: String?) {
        #expect(code(Array(typed.utf8)) == expected)
    }

    @Test(
        "N06 a second or executable extension is refused",
        arguments: [
            "x.php.jpg", "x.PHP.jpg", "x.php5.jpg", "x.php", "x.phar", "x.phtml.jpg", "x.pht.jpg",
            "x.cgi.jpg", "x.pl.jpg", "x.htaccess", "x.jpg.jpg", "x.png.jpg", "x.php .jpg",
            "x.php.y.jpg", "x.exe", "x.asp.jpg", "x.jpg.php",
        ])
    func doubleExtension(typed: String) {
        #expect(code(Array(typed.utf8)) == "double-extension")
    }

    @Test(
        "N04, N06 what is not a single file name is refused",
        arguments: [
            "a/b", "/etc/passwd", "a\\b", "..", "../a", "a..b", "a\u{0}b", "a\nb", "a\tb",
            "a\u{7F}b", "a\u{85}b", ".htaccess", ".hidden", " .hidden", ".jpg",
        ])
    func invalid(typed: String) {
        #expect(code(Array(typed.utf8)) == "invalid-name")
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [[0x61, 0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAE]] as [[UInt8]])
    func invalidUTF8(typed: [UInt8]) {
        #expect(code(typed) == "invalid-name")
    }

    @Test(
        "N01 a name of which nothing is left is refused",
        arguments: ["", " ", "---", "😀🎉", "???", "_._", "'", "®"])
    func empty(typed: String) {
        // `®` is "(R)" in ASCII, so something is left of it.
        #expect(code(Array(typed.utf8)) == (typed == "®" ? nil : "empty-name"))
    }

    @Test(
        "F19, F20, N06 WordPress's own suffixes and Windows's devices are refused",
        arguments: [
            "bike-150x150", "bike-150x150.jpg", "bike 150x150", "bike-1X1", "bike-scaled",
            "bike scaled", "bike-SCALED", "bike-rotated", "bike-e1712345678901", "bike-e1712345678",
            "bike-pdf", "bike@2x", "bike@3X.jpg", "con", "CON", "Prn.jpg", "aux", "nul", "com1",
            "LPT9", "ｃｏｎ", "bike-scaled-",
        ])
    func reserved(typed: String) {
        #expect(code(Array(typed.utf8)) == "reserved-name")
    }

    @Test(
        "Names that only resemble the reserved ones are allowed",
        arguments: [
            "bike-150x150-red", "scaled", "upscaled", "150x150", "bike150x150", "bike-e123456789",
            "console", "com10", "com", "lpt0", "pdf", "bike-2x", "bike-x150",
        ])
    func notReserved(typed: String) throws {
        #expect(try stem(typed) == typed)
    }

    @Test("N03 180 bytes after cleaning are allowed, 181 are not")
    func length() throws {
        let limit = String(repeating: "a", count: 180)
        #expect(try stem(limit) == limit)
        #expect(code(Array((limit + "a").utf8)) == "name-too-long")
        // Short when typed, long when spelled out.
        #expect(code(Array(String(repeating: "ß", count: 91).utf8)) == "name-too-long")
    }

    @Test("A refusal is one sentence that cannot disturb a terminal")
    func message() throws {
        let error = try #require(throws: MonikerError.self) {
            try TypedName.stem(from: Array("a\u{1B}[2Jb".utf8), currentExtension: [])
        }
        #expect(!error.message.utf8.contains(0x1B))
        #expect(error.message.contains("\\u{1b}"))
    }
}
