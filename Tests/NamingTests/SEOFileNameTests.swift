import Model
import Naming
import Testing

@Suite("File names for search engines")
struct SEOFileNameTests {
    private func name(
        _ sources: SEOFileName.Sources, _ language: String = "en", longest: Int = 60
    ) -> String? {
        SEOFileName(language: language, longest: longest).stem(from: sources)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "N02, N10 each language has its own letters, and its small words go",
        arguments: [
            ("en", "The red bicycle of my sister", "red-bicycle-sister"),
            ("de", "Ein Käse für die schöne Straße", "kaese-schoene-strasse"),
            ("de_DE", "Ka\u{308}se und O\u{308}l", "kaese-oel"),
            ("de", "MÜLLER & SÖHNE", "mueller-soehne"),
            ("fr", "L’été à la plage de Nice", "ete-plage-nice"),
            ("fr", "Cœur de bœuf", "coeur-boeuf"),
            ("es", "El niño y la piñata", "nino-pinata"),
            ("it", "La città dell’acqua", "citta-acqua"),
            ("pt-BR", "Pão de queijo com café", "pao-queijo-cafe"),
            ("nl", "De ijsjes van één kind", "ijsjes-kind"),
            ("pl", "Żółta łódź na jeziorze", "zolta-lodz-jeziorze"),
            ("sv", "Räksmörgås på en ö", "raksmorgas-o"),
            ("da", "Blåbærgrød på et køkkenbord", "blaabaergroed-koekkenbord"),
            ("nb", "Blåbær på et kjøkken", "blaabaer-kjoekken"),
            ("cs", "Žluťoučký kůň u lesa", "zlutoucky-kun-lesa"),
            ("fi", "Hyvää yötä", "hyvaa-yota"),
            ("tr", "Işık ve İstanbul’da çay", "isik-ve-istanbulda-cay"),
            ("ru", "Жёлтый щенок и кошка в саду", "zhyoltyy-shchenok-koshka-sadu"),
            ("uk", "Їжак і яблуко в Запоріжжі, Згорани", "yizhak-yabluko-zaporizhzhi-zghorany"),
            ("bg", "Къща в град Търново", "kashta-v-grad-tarnovo"),
            ("sr", "Њујорк и Љубљана", "njujork-i-ljubljana"),
            ("el", "Μπάλα και ουρανός στην Αθήνα", "bala-kai-ouranos-stin-athina"),
            ("vi", "Phở Đà Nẵng", "pho-da-nang"), ("zh", "红色的自行车", "hong-se-zi-xing-che"),
            ("ja", "ラーメンのスープ", "ramen-supu"), ("ko", "서울 타워", "seoul-tawo"),
            ("en", "Käse", "kase"), ("tlh", "The red bicycle", "the-red-bicycle"),
        ])
    func languages(language: String, title: String, expected: String) {
        #expect(name(.init(title: title), language) == expected)
    }

    @Test(
        "Right-to-left and other scripts leave something",
        arguments: [
            ("ar", "دراجة حمراء"), ("he", "אופניים אדומים"), ("fa", "دوچرخه قرمز"),
            ("th", "จักรยานสีแดง"),
            ("hi", "लाल साइकिल"), ("ka", "წითელი ველოსიპედი"), ("hy", "կարմիր հեծանիվ"),
            ("ja", "赤い自転車"),
        ])
    func scripts(language: String, title: String) throws {
        let stem = try #require(name(.init(title: title), language))
        #expect(stem.wholeMatch(of: #/[a-z0-9]+(-[a-z0-9]+)*/#) != nil, "\(stem)")
        #expect(stem.count >= 4)
    }

    @Test("The product leads, then what tells this image from others")
    func product() {
        let uses = [
            ImageUse(kind: .content, post: 1, title: "News"),
            ImageUse(kind: .product, post: 2, title: "City Bike 3000"),
        ]
        #expect(
            name(.init(fileName: "red-bike-side-view.jpg", uses: uses))
                == "city-bike-3000-red-side-view")
        #expect(name(.init(fileName: "city bike 3000", uses: uses)) == "city-bike-3000")
        #expect(name(.init(title: "IMG_1234", uses: uses)) == "city-bike-3000")
    }

    @Test("The title of a page helps out only where the image's texts say little")
    func page() {
        let uses = [
            ImageUse(kind: .option, post: nil, title: "Site icon"),
            ImageUse(kind: .featured, post: 1, title: "Ten Rides in Oslo"),
        ]
        #expect(name(.init(title: "Red bicycle", uses: uses)) == "red-bicycle-ten-rides-oslo")
        #expect(name(.init(alt: "Red bicycle on a wall", uses: uses)) == "red-bicycle-wall")
        #expect(
            name(.init(title: "Bicycle", alt: "A red bicycle on a brick wall", uses: uses))
                == "red-bicycle-brick-wall")
        #expect(
            name(.init(fileName: "red-bicycle", alt: "A red bicycle on a brick wall"))
                == "red-bicycle")
        #expect(name(.init(uses: uses)) == "ten-rides-oslo")
        #expect(name(.init(uses: [uses[0]])) == nil)
    }

    @Test("N01 the first source that says something counts, and none is no name")
    func fallback() {
        #expect(
            name(.init(fileName: "IMG_4471.jpg", title: "20240501", alt: "Red bicycle"))
                == "red-bicycle")
        #expect(name(.init(fileName: "😀", title: "???", alt: "…", others: ["Cat"])) == "cat")
        #expect(name(.init(fileName: "", title: "DSC0001", alt: "2024")) == nil)
        #expect(name(.init(title: "Снимок экрана 2024-05-01"), "ru") == nil)
        #expect(name(.init()) == nil)
        // Only small words are better than nothing.
        #expect(name(.init(title: "The Who")) == "the-who")
        #expect(name(.init(title: "con", alt: "aux")) == nil)
        // Two texts together must not make a camera's name.
        let product = ImageUse(kind: .product, post: 1, title: "Photo")
        #expect(name(.init(title: "Ümlaut", uses: [product])) == "umlaut")
    }

    @Test(
        "N04, N06, N09 hostile and reserved texts become plain names",
        arguments: [
            ("\"Red bike\"", "red-bike"), ("1. Red bike\n2. Blue bike", "red-bike"),
            ("```\nred-bike.webp\n```", "red-bike"), ("../../etc/passwd", "passwd"),
            ("https://example.com/a/red-bike.jpg?x=1", "red-bike"), ("<b>Red</b> bike", "red-bike"),
            ("<script>alert(1)</script>bike", "bike"), ("red\u{0}bike\u{202E}", "red-bike"),
            ("bike-300x200", "bike"), ("bike scaled", "bike"), ("bike-rotated-scaled", "bike"),
            ("bike-e1712345678901", "bike"), ("bike pdf", "bike"), ("bike@2x", "bike-2x"),
            ("bike.php.jpg", "bike-php"), (".bike", "bike"), ("..", nil), ("con", nil),
            ("COM1", nil),
            ("con artist", "con-artist"), ("red red bike Red", "red-bike"),
            ("C++ in v2.0", "cpp-v2-0"),
            ("C# course", "csharp-course"), ("Tom & Jerry", "tom-jerry"),
            ("Don't panic", "dont-panic"),
            ("snake_case_name", "snake-case-name"), ("a -- b", "b"), ("½ price", "1-2-price"),
            ("Ｆｕｌｌ width", "full-width"), ("rm -rf $(x)", "rm-rf-x"),
        ])
    func hostile(text: String, expected: String?) {
        #expect(name(.init(fileName: text)) == expected)
    }

    @Test("N03 names are cut at a word; a limit can be chosen")
    func cut() {
        let text = "Weathered crimson bicycle leaning against wrought iron canal railings at dawn"
        #expect(name(.init(alt: text)) == "weathered-crimson-bicycle-leaning-wrought-iron-canal")
        #expect(name(.init(alt: text), longest: 20) == "weathered-crimson")
        #expect(name(.init(alt: String(repeating: "x", count: 300)))?.count == 60)
        #expect(name(.init(alt: String(repeating: "word ", count: 100_000))) == "word")
        // What is cut must not leave a suffix with a meaning.
        #expect(
            name(.init(alt: "weathered bicycle 300x200 crimson"), longest: 26)
                == "weathered-bicycle")
    }

    @Test("N05, N07 a taken name gets a number and stays short enough")
    func unique() throws {
        var taken: Set<String> = []
        let maker = SEOFileName(language: "en", longest: 20)
        func make(_ title: String) throws -> String? {
            let stem = try maker.stem(from: .init(title: title)) { candidate throws(MonikerError) in
                taken.contains(String(decoding: candidate, as: UTF8.self))
            }
            let text = stem.map { String(decoding: $0, as: UTF8.self) }
            if let text { taken.insert(text) }
            return text
        }
        let names = try (0..<12).map { _ in try make("Crimson bicycle oslo") }
        #expect(names[0] == "crimson-bicycle-oslo")
        #expect(names[1] == "crimson-bicycle-2")
        #expect(names[11] == "crimson-bicycle-12")
        #expect(Set(names).count == 12)
        #expect(try make("IMG_1234") == nil)
        let word = try (0..<3).map { _ in try make(String(repeating: "x", count: 30)) }
        #expect(word.map { $0?.count } == [20, 20, 20])
    }

    @Test("Sources come from a description; what the library says fills the gaps")
    func sources() {
        var context = ImageContext(fileName: "IMG_1234.jpg", language: "de")
        context.current = [.title: "IMG_1234", .alt: "Grüne Äpfel"]
        #expect(
            name(.init(description: ImageDescription(), context: context), "de") == "gruene-aepfel")
        let described = ImageDescription(
            texts: [.title: "Äpfel im Korb"], fileName: "Apfelkorb")
        #expect(name(.init(description: described, context: context), "de") == "apfelkorb")
    }

    @Test("Letters with a rule of their own become what ICU makes of them")
    func latinLetters() {
        // Latin-1, Latin Extended-A, and the Romanian letters with a comma.
        for value in Array(0xC0...0x17F as ClosedRange<UInt32>) + [0x219, 0x21B] {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic else {
                continue
            }
            let text = "x\(Character(scalar))x"
            let expected = SuggestedName.stem(from: [text]).map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(name(.init(title: text), "") == expected, "\(text)")
        }
    }
}
