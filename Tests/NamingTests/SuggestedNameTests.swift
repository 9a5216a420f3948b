import Model
import Naming
import Testing

@Suite("Names that are suggested")
struct SuggestedNameTests {
    private func stem(_ texts: String...) -> String? {
        SuggestedName.stem(from: texts).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "N04 what a language model answers becomes a plain name",
        arguments: [
            ("Red Mountain Bike", "red-mountain-bike"),
            ("\"Red Mountain Bike\"", "red-mountain-bike"),
            ("1. Red mountain bike\n2. Blue one", "red-mountain-bike"),
            ("- red bike", "red-bike"),
            ("```text\nred-mountain-bike.jpg\n```", "red-mountain-bike"),
            ("red-mountain-bike.jpg", "red-mountain-bike"),
            ("`red_bike.webp`", "red-bike"),
            ("https://example.com/uploads/red-bike.jpg?x=1", "red-bike"),
            ("/var/www/uploads/red-bike.png", "red-bike"),
            ("black/white photo of a cat", "black-white-photo-of-a-cat"),
            ("<p>Red <b>bike</b></p>", "red-bike"),
            ("<script>alert('x')</script>bike", "bike"),
            ("red\u{0}bike\u{1B}[0m", "red-bike-0m"),
            ("Don't panic", "dont-panic"), ("Ein Käse für Straße", "ein-kase-fur-strasse"),
            ("  ...  ", nil), ("", nil), ("😀", nil),
        ])
    func answers(text: String, expected: String?) {
        #expect(stem(text) == expected)
    }

    @Test("N03 a long answer is cut at a word")
    func cut() throws {
        let long = Array(repeating: "mountain", count: 40).joined(separator: " ")
        #expect(stem(long) == "mountain-mountain-mountain-mountain-mountain-mountain")
        let word = String(repeating: "x", count: 100)
        #expect(stem(word) == String(repeating: "x", count: 60))
        #expect(stem("a \(word)") == "a")
    }

    @Test("N01 the first text that leaves a name counts")
    func fallback() {
        #expect(stem("😀", "???", "A cat") == "a-cat")
        #expect(stem("con", "A cat") == "a-cat")
        #expect(stem() == nil)
    }

    @Test(
        "N06, F19, F20 reserved suffixes are taken away",
        arguments: [
            ("bike 300x200", "bike"), ("bike-scaled", "bike"), ("bike scaled rotated", "bike"),
            ("brochure pdf", "brochure"), ("bike-e1712345678901", "bike"),
        ])
    func reserved(text: String, expected: String) {
        #expect(stem(text) == expected)
    }
}

@Suite("Names that nobody has")
struct UniqueNameTests {
    @Test("N05 a taken name gets the first free number")
    func numbers() throws {
        var taken: Set<String> = []
        var asked: [String] = []
        func make() throws -> String {
            let stem = try UniqueName.stem(Array("bike".utf8)) { candidate throws(MonikerError) in
                let text = String(decoding: candidate, as: UTF8.self)
                asked.append(text)
                return taken.contains(text)
            }
            return String(decoding: stem, as: UTF8.self)
        }
        #expect(try make() == "bike")
        taken = ["bike"]
        #expect(try make() == "bike-2")
        taken = ["bike", "bike-2", "bike-4"]
        asked = []
        #expect(try make() == "bike-3")
        #expect(asked == ["bike", "bike-2", "bike-3"])
    }

    @Test("A failure to find out is passed on")
    func failure() {
        let error = #expect(throws: MonikerError.self) {
            try UniqueName.stem([0x61]) { _ throws(MonikerError) in
                throw MonikerError(.uploadsUnreadable, "the folder cannot be read")
            }
        }
        #expect(error?.code == .uploadsUnreadable)
    }
}
