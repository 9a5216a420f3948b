import Model
import Naming
import TestSupport
import Testing

@Suite("Names made of arbitrary text")
struct NamingPropertyTests {
    private static let pieces = [
        "a", "B", "7", "_", "-", ".", " ", "  ", "..", "ß", "é", "e\u{301}", "Ж", "日", "ا", "😀",
        "/", "\\", "\u{0}", "\n", "'", "\"", "&", "%", "$1", "\\0", "@2x", "-300x200", "-scaled",
        ".php", ".jpg", "con", "<b>", "“", "\u{202E}", "\u{FF0E}", "½", "…", "```", "1. ",
        "https://example.com/a.jpg", String(repeating: "long", count: 20),
    ]

    private func text(_ random: inout SplitMix64) -> String {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in
            Self.pieces.randomElement(using: &random) ?? ""
        }.joined()
    }

    private func isStem(_ stem: [UInt8], limit: Int) -> Bool {
        let text = String(decoding: stem, as: UTF8.self)
        return stem.count <= limit
            && text.wholeMatch(of: #/[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?/#) != nil
            && !text.contains("--")
            && text.lowercased().firstMatch(
                of: #/(-\d+x\d+|-scaled|-rotated|-e\d{10,}|-pdf)$/#) == nil
            && !["con", "prn", "aux", "nul"].contains(text.lowercased())
    }

    @Test("Accepted names are safe, and cleaning them again changes nothing", arguments: 0..<40)
    func typed(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var accepted = 0
        for _ in 0..<200 {
            let typed = text(&random)
            do throws(MonikerError) {
                let stem = try TypedName.stem(from: Array(typed.utf8), currentExtension: [])
                accepted += 1
                #expect(isStem(stem, limit: 180), "\(typed.debugDescription)")
                #expect(try TypedName.stem(from: stem, currentExtension: []) == stem)
            } catch {
                #expect(!error.message.isEmpty && !error.message.contains("\n"))
            }
        }
        #expect(accepted > 10)
    }

    @Test("N01, N04 suggestions are safe, lower-case and short", arguments: 0..<40)
    func suggested(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var made = 0
        for _ in 0..<200 {
            let texts = (0..<2).map { _ in text(&random) }
            guard let stem = SuggestedName.stem(from: texts) else { continue }
            made += 1
            #expect(isStem(stem, limit: 60), "\(texts)")
            let isLower = stem.allSatisfy { !(0x41...0x5A ~= $0) && $0 != 0x5F }
            #expect(isLower, "\(texts)")
        }
        #expect(made > 50)
    }

    @Test("N01, N06 names for search engines are plain, stable and unique", arguments: 0..<20)
    func searchEngines(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed) + 500)
        let languages = ["en", "de", "fr", "tr", "ru", "uk", "el", "ja", "zh", "da", "xx", ""]
        var taken: Set<[UInt8]> = []
        var made = 0
        for _ in 0..<100 {
            let maker = SEOFileName(
                language: languages.randomElement(using: &random) ?? "",
                longest: Int.random(in: 8...80, using: &random))
            let uses = [ImageUse.Kind.product, .featured, .option].filter { _ in
                Int.random(in: 0..<4, using: &random) == 0
            }.map { ImageUse(kind: $0, post: 1, title: text(&random)) }
            let sources = SEOFileName.Sources(
                fileName: text(&random), title: text(&random), alt: text(&random), uses: uses)
            guard let stem = maker.stem(from: sources) else { continue }
            made += 1
            let name = String(decoding: stem, as: UTF8.self)
            let isPlain = stem.allSatisfy { !(0x41...0x5A ~= $0) && $0 != 0x5F }
            #expect(isStem(stem, limit: maker.longest) && isPlain, "\(name) \(sources)")
            #expect(name.contains { $0.isLetter } && !CameraName.matches(name), "\(name)")
            // Made again from itself, in the same places, the name stays.
            let again = SEOFileName.Sources(fileName: name, uses: uses)
            #expect(maker.stem(from: again) == stem, "\(name) \(sources)")
            let unique = try maker.stem(from: sources) { (candidate) throws(MonikerError) in
                taken.contains(candidate)
            }
            let free = try #require(unique)
            #expect(taken.insert(free).inserted)
            #expect(isStem(free, limit: maker.longest), "\(String(decoding: free, as: UTF8.self))")
        }
        #expect(made > 20)
    }
}
