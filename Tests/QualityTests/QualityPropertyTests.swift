import Model
import Quality
import TestSupport
import Testing

@Suite("The gate and arbitrary texts")
struct QualityPropertyTests {
    private static let words = [
        "red", "bicycle", "wall", "Mauer", "vélo", "自転車", "настенный", "จักรยาน", "a", "of", "12",
        "“Open”", "don't", "AT&T", "3:1",
    ]
    private static let forbidden = [
        "\u{0}", "\u{7}", "\u{1B}", "\u{9B}", "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}",
        "\u{200B}",
        "\u{FEFF}", "\u{2060}", "\u{AD}", "\u{E0041}", "\u{E000}", "\u{FFFD}", "\u{FFFE}",
        "\u{3164}",
        "<b>", "</p>", "<!--", "<script>", "<?php", "[gallery]", "[/x]", "&lt;", "&#x3c;",
        "s:1:\"x\";",
        "{{x}}", "http://x", "🚲",
    ]

    private func isClean(_ text: String) -> Bool {
        !text.unicodeScalars.contains {
            switch $0.properties.generalCategory {
            case .control, .format, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                true
            default: $0.value == 0xFFFD || $0.properties.isEmojiPresentation || $0.value == 0x3164
            }
        } && text.firstMatch(of: #/<[A-Za-z/!?]|\[\/?[a-z]|&[a-z#]\w+;|://|\{\{|s:\d+:"/#) == nil
    }

    @Test("No text with a forbidden piece is accepted, in no field", arguments: 0..<30)
    func forbidden(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<60 {
            var pieces = (0..<Int.random(in: 2...7, using: &random)).compactMap { _ in
                Self.words.randomElement(using: &random)
            }
            let bad = Self.forbidden.randomElement(using: &random) ?? ""
            // Inside a word, between words and at either end.
            let index = pieces.indices.randomElement(using: &random) ?? 0
            pieces[index] = Bool.random(using: &random) ? pieces[index] + bad : bad + pieces[index]
            let text = pieces.joined(separator: " ")
            for field in [MetadataField.alt, .title] {
                let verdict = QualityGate().judge(
                    ImageDescription(texts: [field: text]),
                    context: ImageContext(fileName: "a.jpg"), wanted: [field])
                #expect(verdict.outcome == .rejected, "\(text.debugDescription)")
            }
        }
    }

    @Test("What is accepted is clean, and is accepted unchanged once more", arguments: 0..<30)
    func accepted(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed) + 1_000)
        var accepted = 0
        for _ in 0..<200 {
            let count = Int.random(in: 3...9, using: &random)
            let text = (0..<count).map { _ in
                let pool =
                    Int.random(in: 0..<40, using: &random) == 0 ? Self.forbidden : Self.words
                return (pool.randomElement(using: &random) ?? "")
                    + (Int.random(in: 0..<3, using: &random) == 0 ? "  " : " ")
            }.joined()
            let first = verdict(alt: text, read: "Open")
            guard first.outcome == .accepted, let normalized = first.texts[.alt] else { continue }
            accepted += 1
            #expect(isClean(normalized), "\(normalized.debugDescription)")
            #expect(verdict(alt: normalized, read: "Open").texts == first.texts)
            // Nothing is cut: only white space and enclosing quotation marks may be gone.
            let letters: (String) -> String = {
                $0.filter { !$0.isWhitespace && !"\"“”".contains($0) }
            }
            #expect(letters(normalized) == letters(text))
        }
        #expect(accepted > 10)
    }

    @Test("Any bytes get a verdict in bounded time", arguments: 0..<20)
    func bytes(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed) + 2_000)
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let verdict = verdict(alt: String(decoding: bytes, as: UTF8.self))
            #expect(verdict.outcome == .accepted || !verdict.rejections.isEmpty)
        }
    }
}
