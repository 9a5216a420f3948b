/// Texts of files, pages and pictures, made harmless: they are data of strangers.
enum PlainText {
    /// The text in one line, without markup, addresses and invisible characters; empty where nothing
    /// is left or where it speaks to a machine instead of describing a picture.
    static func cleaned(_ text: String?) -> String {
        guard let text else { return "" }
        var scalars = String.UnicodeScalarView()
        for scalar in withoutMarkup(String(text.prefix(4000))).unicodeScalars {
            if scalar.properties.isWhitespace || scalar.value < 0x20 {
                scalars.append(" ")
            } else if isVisible(scalar) {
                scalars.append(scalar)
            }
        }
        let words = String(scalars).split(separator: " ").filter { !isAddress($0) }
        let line = withoutFiller(words.joined(separator: " ").trimmingMarks)
        return speaksToMachines(line) || !line.contains(where: \.isLetter) ? "" : line
    }

    /// The text cut at a word, where it is longer than allowed; no connecting mark at its end.
    static func shortened(_ text: String, characters: Int, words: Int = .max) -> String {
        let parts = text.split(separator: " ")
        var result = ""
        for part in parts.prefix(words) {
            let longer = result.isEmpty ? String(part) : "\(result) \(part)"
            if longer.count > characters { break }
            result = longer
        }
        // One word that is too long: a language without blanks, or nonsense.
        if result.isEmpty, let only = parts.first {
            result = isSpaceless(only) ? String(only.prefix(characters)) : ""
        }
        return result.count == text.count ? text : result.trimmingMarks
    }

    /// A shorter text that could stand for a long one: what precedes its first comma or dash, else its
    /// first words, without the short ones that such a cut leaves behind ("on a", "in der").
    static func beginning(of text: String, characters: Int, words most: Int = .max) -> String {
        let marks = [", ", " – ", " - ", ": ", "; "]
        let clause = marks.compactMap { text.firstRange(of: $0)?.lowerBound }.min().map {
            String(text[..<$0])
        }
        if let clause, clause.count <= characters, wordCount(clause) >= 2 { return clause }
        var words = shortened(text, characters: characters, words: most).split(separator: " ")
        while words.count > 1, let last = words.last, last.count <= 3 { words.removeLast() }
        return words.joined(separator: " ").trimmingMarks
    }

    /// How many words a text has.
    static func wordCount(_ text: String) -> Int {
        text.split(separator: " ").count { $0.contains { $0.isLetter || $0.isNumber } }
    }

    /// Whether two texts say the same, whatever their case and marks.
    static func isSame(_ one: String, _ other: String) -> Bool { folded(one) == folded(other) }

    /// Whether a text says everything that another one says.
    static func contains(_ text: String, _ part: String) -> Bool {
        !part.isEmpty && " \(folded(text)) ".contains(" \(folded(part)) ")
    }

    /// The words in lower case, one blank between them.
    private static func folded(_ text: String) -> String {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }

    // MARK: Markup

    /// Without tags, comments, the content of scripts, and entities.
    private static func withoutMarkup(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "<") {
            result += rest[..<open]
            rest = rest[rest.index(after: open)...]
            for name in ["script", "style"]
            where rest.prefix(name.count).lowercased() == name {
                rest = afterContent(of: name, in: rest)
            }
            // A lone "<" is a mark like any other.
            if let close = rest.firstIndex(of: ">") {
                rest = rest[rest.index(after: close)...]
            }
            result += " "
        }
        result += rest
        for (entity, character) in [
            ("&amp;", "&"), ("&quot;", "\""), ("&#39;", "'"), ("&#039;", "'"), ("&apos;", "'"),
            ("&nbsp;", " "), ("&lt;", " "), ("&gt;", " "),
        ] {
            result = result.replacing(entity, with: character)
        }
        return result.replacing(">", with: " ").replacing("<", with: " ")
    }

    /// What follows the content of an element that is no text, from its end tag's name on.
    private static func afterContent(of name: String, in text: Substring) -> Substring {
        var rest = text
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            if rest.first == "/", rest.dropFirst().prefix(name.count).lowercased() == name {
                return rest
            }
        }
        return rest.suffix(0)
    }

    /// Neither a control, nor something that turns, hides or joins characters, nor a pictograph's tag.
    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            false
        case .otherSymbol: false
        default: !(0xFE00...0xFE0F).contains(scalar.value) && scalar.value != 0xFFFD
        }
    }

    private static func isAddress(_ word: Substring) -> Bool {
        let word = word.lowercased()
        return word.contains("://") || word.hasPrefix("www.") || word.hasPrefix("javascript:")
            || (word.contains("@") && word.contains("."))
            || FileNameWords.imageExtensions.contains { word.contains(".\($0)") }
    }

    /// A script that writes without blanks.
    private static func isSpaceless(_ word: Substring) -> Bool {
        word.unicodeScalars.contains { (0x0E00...0x0EFF).contains($0.value) || $0.value >= 0x2E80 }
    }

    // MARK: Phrases

    /// Words before the thing itself that say nothing.
    private static let fillers = [
        "image of", "an image of", "photo of", "a photo of", "photograph of", "a photograph of",
        "picture of", "a picture of", "this image shows", "this picture shows", "bild von",
        "bild vom", "foto von", "foto vom", "ein bild von", "ein foto von", "abbildung von",
        "imagen de", "una imagen de", "foto de", "una foto de", "fotografía de", "image de",
        "une image de", "photo de", "une photo de", "immagine di", "un'immagine di", "foto di",
        "una foto di", "imagem de", "uma imagem de", "uma foto de", "afbeelding van",
        "een afbeelding van", "foto van", "een foto van",
    ]

    private static func withoutFiller(_ text: String) -> String {
        let folded = text.lowercased()
        guard
            let filler = fillers.filter({ folded.hasPrefix($0 + " ") }).max(by: {
                $0.count < $1.count
            })
        else { return text }
        return String(text.dropFirst(filler.count + 1)).capitalizingFirst
    }

    /// Whether a text gives orders to a model.
    ///
    /// It would not be obeyed here, but nobody should read it
    /// as the description of a picture either.
    private static func speaksToMachines(_ text: String) -> Bool {
        let text = text.lowercased()
        return [
            "ignore previous", "ignore all", "ignore the above", "ignore any", "ignore your",
            "disregard", "system prompt", "you are an ai", "you are now", "as an ai",
            "language model", "assistant:", "system:", "respond with", "reply with", "jailbreak",
            "ignoriere", "vergiss alle", "ignorez", "ignora las", "ignora le", "ignore as",
            "negeer",
        ].contains { text.contains($0) }
    }
}

extension StringProtocol {
    /// Without blanks and connecting marks at its ends.
    var trimmingMarks: String {
        func isMark(_ character: Character) -> Bool {
            character.isWhitespace || "\"'„“”‘’«»‹›`,;:–—-_|/\\*#=~".contains(character)
        }
        guard let first = firstIndex(where: { !isMark($0) }),
            let last = lastIndex(where: { !isMark($0) })
        else { return "" }
        return String(self[first...last])
    }
}

extension String {
    /// With a capital letter at its beginning.
    var capitalizingFirst: String { prefix(1).uppercased() + dropFirst() }

    /// With a full stop, unless it ends with a mark of its own.
    var asSentence: String {
        guard let last, !".!?…。！？".contains(last) else { return self }
        return self + "."
    }
}
