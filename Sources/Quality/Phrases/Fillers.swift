internal import Model

/// Words that say that an image is an image, which a screen reader has said already.
struct Fillers {
    /// Words that may stand before the noun at the beginning: articles, and what qualifies a photo.
    let openings: Set<String>
    /// Words for an image.
    let nouns: Set<String>
    /// What follows the noun in a filler.
    let connectors: Set<String>
    /// Whole phrases.
    let phrases: PhraseList
    /// Whether the noun alone at the beginning is a filler, because the language needs no
    /// preposition: `Фото велосипеда`.
    let nounAlone: Bool

    private init(
        _ openings: String, nouns: String, connectors: String, phrases: String,
        nounAlone: Bool = false
    ) {
        self.openings = Set(openings.split(separator: " ").map(String.init))
        self.nouns = Set(nouns.split(separator: " ").map(String.init))
        self.connectors = Set(connectors.split(separator: " ").map(String.init))
        self.phrases = PhraseList(phrases)
        self.nounAlone = nounAlone
    }

    /// Where a filler stands in the text.
    enum Place { case beginning, within }

    /// Where the text has a filler in any of the known languages; nil where it has none.
    ///
    /// At the beginning of a clause it is one; within, as in `a wall with a picture of a ship`, it
    /// may be what the image shows.
    static func place(in text: String, words: [Words.Word], language: LanguageTag) -> Place? {
        if unspaced.isIn(text) || unspacedEndings.end(NormalizedText.key(text)) {
            return .beginning
        }
        var isWithin = false
        for (code, fillers) in table {
            for index in words.indices {
                if fillers.phrases.begins(words[index...]) {
                    return .beginning
                }
                guard words[index].beginsClause || fillers.nouns.contains(words[index].folded)
                else { continue }
                let isExpected = code == language.primary
                if words[index].beginsClause,
                    fillers.begins(words[index...], isExpected ? code : nil)
                {
                    return .beginning
                }
                if fillers.isNounWithConnector(words[index...]) { isWithin = true }
            }
        }
        return isWithin ? .within : nil
    }

    /// More words than this before the noun are a text of their own.
    private static let mostOpenings = 6

    /// - Parameter language: the language of the list where the text is expected to be in it.
    private func begins(_ words: ArraySlice<Words.Word>, _ language: String?) -> Bool {
        let rest = words.prefix(Self.mostOpenings + 2)
            .drop { openings.contains($0.folded) && !nouns.contains($0.folded) }
        if isNounWithConnector(rest) { return true }
        guard nounAlone, let language, let noun = rest.first, nouns.contains(noun.folded),
            let next = rest.dropFirst().first, !next.beginsClause
        else { return false }
        // `Obraz na ścianie` is a painting on a wall.
        return !(FunctionWords.of(language)?.contains(next.folded) ?? false)
    }

    private func isNounWithConnector(_ words: ArraySlice<Words.Word>) -> Bool {
        guard let noun = words.first, nouns.contains(noun.folded),
            let next = words.dropFirst().first
        else { return false }
        if next.beginsClause { return false }
        return connectors.contains(next.folded)
            || connectors.contains { $0.hasSuffix("'") && next.folded.hasPrefix($0) }
    }

    /// In scripts without spaces: parts of a text that are fillers wherever they are.
    private static let unspaced: UnspacedPhrases = [
        "この画像", "この写真", "画像には", "写真には", "画像は", "の画像です", "の写真です", "を示す画像",
        "这张图片", "这张照片", "这幅图", "图片显示", "图像显示", "照片显示", "图中显示", "這張圖片", "這張照片", "圖片顯示",
        "照片顯示", "此图", "此圖", "本图",
    ]

    /// In scripts without spaces: ends of a text that are fillers.
    private static let unspacedEndings: UnspacedPhrases = [
        "の画像", "の写真", "のイメージ", "の画像です", "の写真です", "的图片", "的照片", "的图像", "的相片", "的圖片",
        "的圖像",
    ]

    private static let table: [(language: String, fillers: Fillers)] = [
        (
            "en",
            Fillers(
                """
                a an the this that here is stock close-up closeup close up black and white beautiful \
                high quality high-quality aerial stunning color colour colorful detailed blurry old \
                vintage digital featured nice great blurred cropped simple
                """,
                nouns:
                    "image images picture pictures photo photos photograph photographs pic pics snapshot",
                connectors:
                    "of showing shows show depicting depicts featuring displaying displays containing contains captures portrays",
                phrases: """
                    in the image,in the photo,in the picture,this image,this picture,this photo,this photograph,in this image,the image shows,\
                    image description,the picture shows,the photo shows,the image depicts,\
                    an image that,a picture that,a photo that,image may contain,may be an image of,\
                    the image is,the photo is,the picture is
                    """)
        ),
        (
            "de",
            Fillers(
                "ein eine einer das die der dieses diese schwarz-weiß schönes schöne hier",
                nouns: "bild bilder foto fotos fotografie aufnahme abbildung grafik symbolbild",
                connectors: "von vom zeigt zeigen",
                phrases: """
                    dieses bild,dieses foto,das bild zeigt,das foto zeigt,die abbildung zeigt,\
                    auf dem bild,auf diesem bild,auf dem foto,auf diesem foto,im bild zu sehen
                    """)
        ),
        (
            "fr",
            Fillers(
                "une un la le l' cette ce belle gros plan",
                nouns: "image images photo photos photographie cliché l'image",
                connectors: "de du des d' montrant montre représentant représente illustrant qui",
                phrases:
                    "cette image,cette photo,cette photographie,sur cette image,sur cette photo,l'image montre,sur l'image"
            )
        ),
        (
            "es",
            Fillers(
                "una un la el esta este hermosa primer",
                nouns: "imagen imágenes foto fotos fotografía fotografia",
                connectors: "de del mostrando muestra que representando",
                phrases:
                    "esta imagen,esta foto,esta fotografía,en esta imagen,en la imagen,en la foto,la imagen muestra,se muestra una imagen"
            )
        ),
        (
            "it",
            Fillers(
                "una un la il questa un'",
                nouns: "immagine immagini foto fotografia un'immagine l'immagine",
                connectors:
                    "di del della dello dei degli delle dell' d' che mostra raffigurante raffigura",
                phrases:
                    "questa immagine,questa foto,quest'immagine,in questa immagine,in questa foto,nell'immagine,l'immagine mostra"
            )
        ),
        (
            "pt",
            Fillers(
                "uma um a o esta este bela",
                nouns: "imagem imagens foto fotos fotografia",
                connectors: "de do da dos das mostrando mostra que retratando",
                phrases: "esta imagem,esta foto,nesta imagem,nesta foto,na imagem,a imagem mostra")
        ),
        (
            "nl",
            Fillers(
                "een de het deze dit mooie",
                nouns: "afbeelding afbeeldingen foto foto's plaatje beeld",
                connectors: "van toont met waarop",
                phrases:
                    "deze afbeelding,deze foto,op deze afbeelding,op deze foto,op de afbeelding,op de foto,de afbeelding toont"
            )
        ),
        (
            "pl",
            Fillers(
                "to piękne",
                nouns: "zdjęcie fotografia foto obrazek",
                connectors:
                    "przedstawia przedstawiające przedstawiająca przedstawiający pokazuje pokazujące ukazuje ukazujące",
                phrases:
                    "to zdjęcie,ten obraz,na zdjęciu,na obrazku,na fotografii,obraz przedstawia,obraz przedstawiający",
                nounAlone: true)
        ),
        (
            "sv",
            Fillers(
                "en ett den det",
                nouns: "bild bilden foto fotot fotografi bilder",
                connectors: "på av som visar föreställer",
                phrases:
                    "denna bild,den här bilden,bilden visar,fotot visar,på bilden,på den här bilden"
            )
        ),
        (
            "da",
            Fillers(
                "et en den det",
                nouns: "billede billedet foto fotoet fotografi billeder",
                connectors: "af som viser forestiller",
                phrases:
                    "dette billede,dette foto,billedet viser,fotoet viser,på billedet,på dette billede"
            )
        ),
        (
            "cs",
            Fillers(
                "to krásná",
                nouns: "obrázek fotografie fotka foto snímek",
                connectors: "zobrazuje zobrazující ukazuje ukazující zachycuje znázorňuje",
                phrases:
                    "tento obrázek,tato fotografie,na obrázku,na fotografii,na snímku,na fotce,obraz zobrazuje",
                nounAlone: true)
        ),
        (
            "ru",
            Fillers(
                "это красивая красивое",
                nouns: "изображение фото фотография картинка снимок фотоснимок",
                connectors: "показывает изображает показано изображено",
                phrases:
                    "это изображение,эта фотография,это фото,на изображении,на фото,на фотографии,на картинке,на снимке,на этом фото,на этом изображении",
                nounAlone: true)
        ),
        (
            "uk",
            Fillers(
                "це гарна гарне",
                nouns: "зображення фото фотографія світлина картинка знімок",
                connectors: "показує зображує показано зображено",
                phrases:
                    "це зображення,ця фотографія,це фото,на зображенні,на фото,на фотографії,на світлині,на картинці,на знімку,на цьому фото",
                nounAlone: true)
        ),
    ]
}
