import Model
import Quality
import Testing

@Suite("The gate and what surrounds an image")
struct ContextTests {
    private let gate = QualityGate()
    private let good = "Red bicycle leaning against a wall"

    private func codes(_ verdict: Verdict) -> [String] {
        verdict.findings.map { "\($0.code.rawValue)/\($0.field?.rawValue ?? "-")/\($0.severity)" }
    }

    private func context(uses: [ImageUse] = [], title: String? = nil) -> ImageContext {
        var context = ImageContext(fileName: "bicycle.jpg", uses: uses)
        if let title { context.current[.title] = title }
        return context
    }

    @Test("A decoration with an empty alt text is a state of its own")
    func decorative() {
        let empty = gate.judge(
            ImageDescription(isDecorative: true, texts: [.title: "Wavy blue divider"]),
            context: context(), wanted: [.alt, .title, .caption])
        #expect(empty.outcome == .decorative)
        #expect(empty.texts == [.alt: "", .title: "Wavy blue divider"])
        #expect(empty.findings.isEmpty)
        let both = gate.judge(
            ImageDescription(isDecorative: true, texts: [.alt: good]), context: context(),
            wanted: [.alt])
        #expect(both.outcome == .rejected)
        #expect(codes(both) == ["decorative-with-alt/alt/reject"])
        // Who did not ask for the alt text is told of the other texts only.
        let title = gate.judge(
            ImageDescription(isDecorative: true, texts: [.alt: good, .title: "Wavy blue divider"]),
            context: context(), wanted: [.title])
        #expect(title.outcome == .accepted && title.findings.isEmpty)
    }

    @Test("W3C decision tree: an image in a link is no decoration")
    func link() {
        let use = ImageUse(kind: .content, post: 1, link: "https://example.com/")
        let verdict = gate.judge(
            ImageDescription(isDecorative: true), context: context(uses: [use]), wanted: [.alt])
        #expect(codes(verdict) == ["decorative-in-link/alt/reject"])
        let plain = ImageUse(kind: .content, post: 1, link: nil)
        #expect(
            gate.judge(
                ImageDescription(isDecorative: true), context: context(uses: [plain]),
                wanted: [.alt]
            ).outcome == .decorative)
    }

    @Test("Low confidence goes to people, medium confidence is remarked on, and a site may choose")
    func confidence() {
        func verdict(_ confidence: ImageDescription.Confidence, _ gate: QualityGate) -> Verdict {
            gate.judge(
                ImageDescription(texts: [.alt: good], confidence: confidence), context: context(),
                wanted: [.alt])
        }
        #expect(codes(verdict(.low, gate)) == ["low-confidence/-/reject"])
        #expect(verdict(.low, gate).acceptedTexts.isEmpty)
        #expect(codes(verdict(.medium, gate)) == ["low-confidence/-/warn"])
        #expect(verdict(.medium, gate).outcome == .accepted)
        #expect(verdict(.high, gate).findings.isEmpty)
        var limits = QualityLimits()
        limits.leastConfidence = .high
        #expect(verdict(.medium, QualityGate(limits: limits)).outcome == .rejected)
        limits.leastConfidence = .low
        #expect(verdict(.low, QualityGate(limits: limits)).outcome == .accepted)
    }

    @Test("A duplicate of another image is told with its id; case and punctuation do not matter")
    func duplicate() {
        let key = QualityGate.comparisonKey(of: "Red bicycle, leaning against a wall.")
        func verdict(_ alt: String) -> Verdict {
            gate.judge(
                ImageDescription(texts: [.alt: alt]), context: context(), wanted: [.alt],
                otherAlts: { $0 == key ? AttachmentID(rawValue: 42) : nil })
        }
        #expect(codes(verdict("red bicycle leaning against a WALL")) == ["duplicate/alt/reject"])
        #expect(verdict(good).findings.first?.sentence.contains("42") == true)
        #expect(verdict("Blue bicycle leaning against a wall").findings.isEmpty)
    }

    @Test("An alt text that repeats the title or caption would be read twice")
    func same() {
        func verdict(_ texts: [MetadataField: String], title: String? = nil) -> Verdict {
            gate.judge(
                ImageDescription(texts: texts), context: context(title: title), wanted: [.alt])
        }
        #expect(codes(verdict([.alt: good, .title: "\(good)."])) == ["same-as-title/alt/reject"])
        #expect(codes(verdict([.alt: good], title: good)) == ["same-as-title/alt/reject"])
        // The title that is about to be written counts, not the old one.
        #expect(verdict([.alt: good, .title: "Red bicycle"], title: good).findings.isEmpty)
        #expect(codes(verdict([.alt: good, .caption: good])) == ["same-as-caption/alt/reject"])
        #expect(verdict([.alt: good, .caption: "\(good) in Oslo"]).findings.isEmpty)
        let page = ImageUse(kind: .featured, post: 1, title: good)
        let verdict = gate.judge(
            ImageDescription(texts: [.alt: good]), context: context(uses: [page]), wanted: [.alt])
        #expect(codes(verdict) == ["same-as-page-title/alt/warn"])
    }

    @Test("A keyword may come once")
    func keywords() {
        func verdict(_ alt: String, _ keywords: [String] = []) -> Verdict {
            let product = ImageUse(kind: .product, post: 1, title: "City Bike")
            return gate.judge(
                ImageDescription(texts: [.alt: alt]), context: context(uses: [product]),
                wanted: [.alt], keywords: keywords)
        }
        #expect(codes(verdict("City bike by a wall, city bike")) == ["keyword-stuffing/alt/reject"])
        #expect(verdict("City bike by a wall in a city").findings.isEmpty)
        let wheel = "Wheel by a wheel of a city bike"
        #expect(codes(verdict(wheel, ["wheel"])) == ["keyword-stuffing/alt/reject"])
        #expect(verdict(wheel, ["whee"]).findings.isEmpty)
        #expect(
            codes(verdict("Wheel wheel by a wall", ["wheel"])).contains(
                "keyword-stuffing/alt/reject"))
    }

    @Test("Quoted text was read in the image, or the context names it")
    func quotations() {
        let alt = "Shop window with the sign “Open all night!”"
        func verdict(read: String = "", recognized: String = "", title: String = "") -> Verdict {
            gate.judge(
                ImageDescription(texts: [.alt: alt], textInImage: read),
                context: context(uses: [ImageUse(kind: .content, post: 1, title: title)]),
                wanted: [.alt], recognizedText: recognized)
        }
        #expect(codes(verdict()) == ["text-not-seen/alt/reject"])
        #expect(verdict(read: "OPEN\nALL NIGHT").findings.isEmpty)
        #expect(verdict(recognized: "open all  night").findings.isEmpty)
        #expect(verdict(title: "Open all night: the film").findings.isEmpty)
        #expect(codes(verdict(read: "Open all day")) == ["text-not-seen/alt/reject"])
    }

    @Test("An alt text may be longer where it quotes essential text in the image, up to 250")
    func essentialText() {
        let sign =
            "Mind the gap between the train and the platform edge, stand clear of the doors and keep your belongings with you at all times while waiting here"
        let long = "Yellow enamel sign on a station wall: “\(sign)”"
        #expect((141...250).contains(long.count))
        #expect(codes(verdict(alt: long, read: sign.uppercased())) == ["long/alt/warn"])
        #expect(codes(verdict(alt: "Yellow enamel sign: \(sign)", read: sign)) == ["long/alt/warn"])
        // Without the text in the image, its length is no excuse.
        let unread = verdict(alt: long).findings.map(\.code)
        #expect(unread == [.tooLong, .tooManyWords, .textNotSeen])
        let padded = "\(long) " + String(repeating: "x", count: 251 - long.count)
        #expect(verdict(alt: padded, read: sign).findings.map(\.code) == [.tooLong])
        // What surrounds the quotation keeps the usual limits.
        let exact = "“Exit” sign on a red wall of " + String(repeating: "b", count: 115)
        #expect(
            exact.count == 144 && verdict(alt: exact, read: "Exit").findings.map(\.code) == [.long])
        #expect(verdict(alt: exact + "b", read: "Exit").findings.map(\.code) == [.tooLong])
        let wordy =
            "“Exit” "
            + Array(repeating: "abcdefghi", count: 15).enumerated()
            .map { "\($1)\($0)" }.joined(separator: " ")
        #expect(verdict(alt: wordy, read: "Exit").findings.map(\.code) == [.tooLong])
    }

    @Test("What is hidden behind length is held back without being looked at")
    func enormous() {
        for alt in [
            String(repeating: "[", count: 300_000), String(repeating: "a ", count: 300_000),
        ] {
            #expect(verdict(alt: alt).findings.map(\.code) == [.tooLong])
        }
    }

    @Test("Texts made to slow the rules down do not hang them", .timeLimit(.minutes(5)))
    func slow() {
        let pieces = [
            "[", "<", "&", "“", "\"a ", "'a ", "a:1:", "photo ", "(", "#a ", "a,", "的", "\na", "- ",
            "http", "a@", "a.", "it's ", "のの", "“a” ",
        ]
        for piece in pieces {
            for (field, length) in [(MetadataField.alt, 1_000), (.description, 6_000)] {
                let text = String(repeating: piece, count: length / piece.count)
                let verdict = gate.judge(
                    ImageDescription(texts: [field: text]), context: context(), wanted: [field])
                #expect(verdict.findings.contains { $0.code == .tooLong }, "\(piece)")
            }
        }
    }

    @Test(
        "Titles, captions and descriptions have lighter rules",
        arguments: [
            (MetadataField.title, "Red bicycle", []),
            (.title, "Bicycle", []),
            (.title, "IMG_1234", ["file-name/reject"]),
            (.title, "red-bicycle-wall.jpg", ["file-name/reject"]),
            (.title, "Image", ["generic/reject", "file-name/reject"]),
            (.title, "Photo of a red bicycle", ["filler/warn"]),
            (.title, "A <b>red</b> bicycle", ["markup/reject"]),
            (
                .title, String(repeating: "bicyclette ", count: 11) + "rouge",
                ["too-long/reject", "repeated-words/reject"]
            ),
            (
                .title, "Weathered red bicycle leaning against wrought-iron canal railings outside",
                ["long/warn"]
            ),
            (.title, "Red bicycle\nBlue bicycle", ["newline/reject"]),
            (.title, "Red bicycle 🚲", ["emoji/reject"]),
            (.caption, "The bicycle of our founder, photographed in 1931.", []),
            (.caption, "The bicycle 🚲", ["emoji/warn"]),
            (.caption, "See https://example.com/", ["url/reject"]),
            (.caption, "Old bicycle\nNew bicycle", ["newline/warn"]),
            (.description, "It appears to be a bicycle.\n\nIt is red.", ["hedge/warn"]),
            (.description, "A bicycle [gallery ids=1]", ["markup/reject"]),
            (.description, "A bicycle \u{202E}", ["bidi/reject"]),
            (.description, "As an AI language model I see a bicycle", ["prompt-leftover/reject"]),
            (.description, "Taken from IMG_1234.jpg", ["file-name/warn"]),
            (.description, "Ein rotes Fahrrad, das an der Mauer lehnt", ["wrong-language/reject"]),
            (.description, "A sign says “Open all night”", ["text-not-seen/warn"]),
            (.description, "Bicycle, bicycle and bicycle", []),
            (.description, " ", ["empty/warn"]),
        ] as [(MetadataField, String, [String])])
    func otherFields(field: MetadataField, text: String, expected: [String]) {
        let verdict = gate.judge(
            ImageDescription(texts: [field: text]), context: context(), wanted: [field])
        #expect(verdict.findings.map { "\($0.code.rawValue)/\($0.severity)" } == expected)
        #expect((verdict.outcome == .rejected) == expected.contains { $0.hasSuffix("reject") })
    }

    @Test("What is good in a rejected description can be told from the rest")
    func parts() {
        let verdict = gate.judge(
            ImageDescription(texts: [.alt: good, .title: "IMG_1234", .caption: "  A  caption "]),
            context: context(), wanted: [.alt, .title, .caption])
        #expect(verdict.outcome == .rejected)
        #expect(verdict.texts[.title] == "IMG_1234")
        #expect(verdict.acceptedTexts == [.alt: good, .caption: "A caption"])
    }

    @Test("A site may lower rules to remarks, but not those that keep pages safe")
    func lowered() {
        var limits = QualityLimits()
        limits.onlyWarnings = Set(QualityCode.allCases)
        #expect(verdict(alt: "Image of a red bicycle", limits: limits).outcome == .accepted)
        for text in [
            "A <b>red</b> bicycle", "A red\u{202E} bicycle", "A\u{0} red bicycle",
            "I cannot see it",
        ] {
            #expect(verdict(alt: text, limits: limits).outcome == .rejected)
        }
    }

    @Test("Every code is produced by a case of these tests")
    func complete() {
        let elsewhere: Set<QualityCode> = [
            .lowConfidence, .decorativeWithAlt, .decorativeInLink, .duplicate, .sameAsTitle,
            .sameAsCaption, .sameAsPageTitle,
        ]
        #expect(elsewhere.union(AltTextTests.found.map(\.code)) == Set(QualityCode.allCases))
    }
}
