/// Words that fit any image.
enum GenericWords {
    /// Whether the text has no other words: `image`, `the logo`, `product photo 3`.
    static func areAll(_ words: [Words.Word]) -> Bool {
        let named = words.filter { !fillings.contains($0.folded) && Int($0.folded) == nil }
        return !words.isEmpty && named.allSatisfy { nouns.contains($0.folded) }
    }

    private static let fillings: Set<String> = [
        "a", "an", "the", "this", "my", "our", "of", "ein", "eine", "das", "der", "die", "un",
        "une",
        "le", "la", "el", "una", "il", "uma", "um", "een", "de", "het", "en", "ett", "et", "no",
    ]

    private static let nouns = Set(
        """
        image images picture pictures photo photos photograph pic graphic graphics illustration \
        icon icons logo banner header thumbnail background screenshot avatar placeholder untitled \
        unnamed decorative null undefined none nan default product featured hero slide slider gallery button diagram chart figure \
        attachment file media object thing item stock sample test new alt text description caption \
        bild bilder foto fotos fotografie grafik abbildung symbol produktbild titelbild logobild \
        photographie icône bannière vignette capture illustration imagen fotografía imágenes \
        ilustración icono immagine immagini fotografia illustrazione icona imagem imagens ícone \
        ilustração afbeelding afbeeldingen plaatje pictogram illustratie zdjęcie obraz obrazek ikona \
        grafika ikon billede billeder obrázek fotka snímek изображение фото фотография картинка \
        иконка логотип зображення фотографія світлина 画像 写真 イメージ アイコン ロゴ 图片 照片 图像 图标 \
        圖片 圖像 圖標 相片 徽标
        """.split(separator: " ").map(String.init))
}
