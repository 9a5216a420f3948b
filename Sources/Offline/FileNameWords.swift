import Model

/// What an old file name says of its picture, if anything.
struct FileNameWords {
    /// The extensions of pictures.
    static let imageExtensions: Set<String> = [
        "jpg", "jpeg", "png", "gif", "webp", "avif", "heic", "heif", "svg", "tif", "tiff", "bmp",
    ]

    /// The words, such as "Red mountain bike"; empty where the name came from a machine.
    let text: String
    /// The number at its end, such as 3 of `oak-table-3.jpg`; nil where there is none, or where it
    /// only counts what a machine made.
    let number: Int?

    /// Reads a name with or without an extension.
    init(_ name: String) {
        var stem = Substring(name)
        if let dot = stem.lastIndex(of: "."),
            Self.imageExtensions.contains(stem[stem.index(after: dot)...].lowercased())
        {
            stem = stem[..<dot]
        }
        var tokens = Self.tokens(of: stem)
        // What WordPress adds: -scaled, -rotated, -e1700000000000, -300x200.
        while let last = tokens.last, tokens.count > 1, Self.isSuffix(last) { tokens.removeLast() }
        var number: Int?
        if tokens.count > 1, let last = tokens.last, last.count <= 2, let value = Int(last) {
            number = value
            tokens.removeLast()
        }
        guard !CameraName.matches(stem) else {
            (text, self.number) = ("", nil)
            return
        }
        let words = tokens.filter { Self.isWord($0) }
        let letters = words.reduce(0) { $0 + $1.count { $0.isLetter } }
        let isSaying = letters >= 4 && words.contains { $0.count >= 3 }
        text = isSaying ? words.joined(separator: " ").capitalizingFirst : ""
        self.number = isSaying ? number : nil
    }

    /// The parts between marks, and where a small letter meets a capital one.
    private static func tokens(of stem: Substring) -> [String] {
        var tokens: [String] = []
        var token = ""
        var previous: Character?
        for character in stem {
            let isPart = character.isLetter || character.isNumber
            let isHump = previous?.isLowercase == true && character.isUppercase
            if !isPart || isHump {
                if !token.isEmpty { tokens.append(token) }
                token = ""
            }
            if isPart { token.append(character) }
            previous = character
        }
        if !token.isEmpty { tokens.append(token) }
        return tokens
    }

    private static func isSuffix(_ token: String) -> Bool {
        let token = token.lowercased()
        if ["scaled", "rotated"].contains(token) { return true }
        if token.hasPrefix("e"), token.count == 14, token.dropFirst().allSatisfy(\.isNumber) {
            return true
        }
        let sides = token.split(separator: "x", omittingEmptySubsequences: false)
        return sides.count == 2 && sides.allSatisfy { Int($0) != nil }
    }

    /// A word of a language: letters, at most with a few digits, and not the digits of a checksum.
    private static func isWord(_ token: String) -> Bool {
        let folded = token.lowercased()
        guard token.contains(where: \.isLetter), !fillers.contains(folded) else { return false }
        let digits = token.count { $0.isNumber }
        // IMG20230101, P1010001, a1b2c3: more digits than a product's name has.
        if digits > 0, digits * 2 >= token.count || digits >= 4 { return false }
        if token.count >= 6, digits > 0, folded.allSatisfy(\.isHexDigit) { return false }
        // No vowel: the code of a camera or of a programmer.
        let isLatin = folded.unicodeScalars.allSatisfy { $0.value < 0x250 }
        let hasVowel = folded.contains { "aeiouyäöüáéíóúàèìòùâêîôûåøæœãõ".contains($0) }
        return !isLatin || hasVowel || token.count <= 3
    }

    /// Words that say nothing of a picture.
    private static let fillers: Set<String> = [
        "img", "image", "images", "imagen", "immagine", "imagem", "afbeelding", "bild", "photo",
        "photos", "foto", "fotos", "picture", "pic", "pict", "dsc", "dscn", "dscf", "dsci", "mvi",
        "mvimg", "pxl", "gopr", "dji", "cimg", "imgp", "hpim", "kif", "pano", "vid", "fb",
        "wp", "scan", "scanned", "copy", "kopie", "copie", "copia", "final", "finale", "new", "neu",
        "edit", "edited", "bearbeitet", "resized", "cropped", "web", "thumb", "thumbnail", "large",
        "small", "medium", "full", "original", "export", "upload", "file", "datei", "untitled",
        "unbenannt", "default", "placeholder", "temp", "tmp", "test", "jpg", "jpeg", "png", "hd",
        "uhd", "min", "optimized", "retina", "version", "burst", "hdr",
    ]
}
