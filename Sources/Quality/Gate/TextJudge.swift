internal import Model

/// Applies the rules to the text of one field.
struct TextJudge {
    let field: MetadataField
    /// The normalized text.
    let text: String
    let words: Words
    let language: LanguageTag
    let limits: QualityLimits
    /// What people know the image by, for texts that quote it.
    let evidence: Evidence
    private(set) var findings: [QualityFinding] = []

    /// What can be compared with a text.
    struct Evidence {
        /// Text that was read in the image, by a provider or by text recognition.
        var read = ""
        /// Titles and embedded texts.
        var names: [String] = []
        /// Phrases that a text may have once.
        var keywords: [String] = []
        /// Whether quotations can be checked at all.
        var canCheckQuotations = true
    }

    /// The longest text that is looked at; a longer one is held back for its length alone.
    static let mostBytes = 20_000
    /// How many times its limit a text may be as long for the other rules to be of use.
    private static let usefulExcess = 4

    init(
        _ field: MetadataField, _ text: String, language: LanguageTag, limits: QualityLimits,
        evidence: Evidence
    ) {
        self.field = field
        self.text = text
        words = Words(text.utf8.count > Self.mostBytes ? "" : text)
        self.language = language
        self.limits = limits
        self.evidence = evidence
    }

    /// All findings about the text, which is not empty.
    mutating func judge() -> [QualityFinding] {
        guard text.utf8.count <= Self.mostBytes else {
            reject(.tooLong, "has more than \(Self.mostBytes) bytes; write it anew")
            return findings
        }
        judgeLength()
        let most =
            field == .alt
            ? limits.mostAltCharactersWithText : limits.limits(of: field).mostCharacters
        guard text.count <= most * Self.usefulExcess else { return findings }
        judgeSafety()
        judgeWording()
        if field == .alt || field == .title { judgeRepetition() }
        judgeQuotations()
        return findings
    }

    private mutating func judgeSafety() {
        for code in ForbiddenCharacters.codes(in: text, isRightToLeft: language.isRightToLeft) {
            switch code {
            case .bidi: reject(code, "has characters that turn the direction of text; remove them")
            case .invisibleCharacters:
                reject(code, "has invisible characters or towers of marks; remove them")
            default: reject(code, "has control or damaged characters; remove them")
            }
        }
        if words.all.contains(where: \.mixesScripts) {
            reject(
                .mixedScripts,
                "mixes Latin and Cyrillic or Greek letters in a word; write it in one alphabet")
        }
        if Markup.isIn(text) {
            reject(.markup, "has markup, a shortcode or a piece of code; use plain text")
        }
        if Addresses.hasURL(text) {
            reject(.url, "has a web or mail address; say what the image shows instead")
        }
        if Excuses.isPromptLeftover(text, words.all) {
            reject(
                .promptLeftover,
                "has parts of a prompt or of an answer's frame; leave only the text")
        }
        if ForbiddenCharacters.hasEmoji(text) {
            add(
                .emoji, isStrict ? .reject : .warn,
                "has emoji, which are read aloud by name; use words")
        }
        if field != .description, text.contains(where: \.isNewline) {
            add(
                .newline, isStrict ? .reject : .warn,
                "has several lines; keep one text on one line")
        }
    }

    private mutating func judgeLength() {
        guard field == .alt else {
            let most = limits.limits(of: field)
            if text.count > most.mostCharacters {
                reject(.tooLong, "has \(text.count) characters; use at most \(most.mostCharacters)")
            } else if text.count > most.longAbove {
                warn(
                    .long,
                    "has \(text.count) characters; \(most.longAbove) are enough for most images")
            }
            return
        }
        let rest = Words(textBesideQuotations)
        let characters = text.count
        let isWithText = rest.count < words.count
        let most = isWithText ? limits.mostAltCharactersWithText : limits.mostAltCharacters
        if characters > most || textBesideQuotations.count > limits.mostAltCharacters {
            reject(
                .tooLong,
                "has \(characters) characters; use at most \(limits.mostAltCharacters), or \(limits.mostAltCharactersWithText) where it quotes text in the image"
            )
        } else if characters > limits.longAltAbove {
            warn(
                .long,
                "has \(characters) characters; screen readers may pause after \(limits.longAltAbove)"
            )
        }
        if words.count < limits.fewestAltWords {
            reject(
                .tooShort,
                "has \(words.count) of at least \(limits.fewestAltWords) words; say what the image shows"
            )
        } else if rest.count > limits.mostAltWords {
            reject(
                .tooManyWords,
                "has \(rest.count) words; use at most \(limits.mostAltWords) and put the rest into the caption"
            )
        }
    }

    private mutating func judgeWording() {
        if Excuses.isCannotSee(text, words.all) {
            reject(
                .cannotSee,
                "says that the image cannot be seen or described; look at the image and describe it"
            )
        }
        if Excuses.isHedge(text, words.all, language: language) {
            add(.hedge, field == .alt ? .reject : .warn, "guesses; say only what is certain")
        }
        switch Fillers.place(in: text, words: words.all, language: language) {
        case .beginning:
            add(
                .filler, field == .alt ? .reject : .warn,
                "says that the image is an image; begin with what it shows")
        case .within:
            warn(.filler, "speaks of an image within the image; check that one is shown")
        case nil: break
        }
        if isStrict, GenericWords.areAll(words.all) {
            reject(.generic, "would fit any image; name what this one shows")
        }
        if Addresses.hasFileName(text) {
            add(.fileName, isStrict ? .reject : .warn, "is or has a file name; use words")
        }
        let unquoted = Quotation.strings(in: text).reduce(text) {
            $0.replacing($1, with: "", maxReplacements: 1)
        }
        let foreign = LanguageCheck.isWrong(unquoted, Words(unquoted).all, language: language)
        if foreign {
            reject(
                .wrongLanguage,
                "is not in the language \"\(language.primary)\"; write it in that language")
        }
    }

    private mutating func judgeRepetition() {
        if Repetition.isStuffed(text, keywords: evidence.keywords, language: language) {
            reject(
                .keywordStuffing,
                "repeats or lists keywords, which search engines take for spam; use each once in a sentence"
            )
        }
        if Repetition.isRepeated(words.all, text, language: language) {
            reject(.repeatedWords, "repeats words; say each thing once")
        }
    }

    private mutating func judgeQuotations() {
        guard evidence.canCheckQuotations else { return }
        let seen = ([evidence.read] + evidence.names).map(Self.letters)
        let unseen = Quotation.strings(in: text).contains { quotation in
            let letters = Self.letters(quotation)
            return !letters.isEmpty && !seen.contains { $0.contains(letters) }
        }
        if unseen {
            add(
                .textNotSeen, field == .alt ? .reject : .warn,
                "quotes text that was not read in the image; check it against the image")
        }
    }

    /// The text without what it quotes of the text in the image.
    private var textBesideQuotations: String {
        let read = Self.letters(evidence.read)
        guard !read.isEmpty else { return text }
        let quoted = Quotation.strings(in: text).filter {
            let letters = Self.letters($0)
            return !letters.isEmpty && read.contains(letters)
        }
        let rest = quoted.reduce(text) { $0.replacing($1, with: "", maxReplacements: 1) }
        // The whole of it may stand there without quotation marks.
        let whole = NormalizedText.of(evidence.read)
        return quoted.isEmpty && whole.count >= 2
            ? text.replacing(whole, with: "", maxReplacements: 1) : rest
    }

    /// Letters and digits in lower case, for comparing what was read.
    private static func letters(_ text: some StringProtocol) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    /// Whether the field is read aloud or shown as one line.
    private var isStrict: Bool { field == .alt || field == .title }

    private mutating func reject(_ code: QualityCode, _ predicate: String) {
        add(code, .reject, predicate)
    }

    private mutating func warn(_ code: QualityCode, _ predicate: String) {
        add(code, .warn, predicate)
    }

    private mutating func add(
        _ code: QualityCode, _ severity: QualityFinding.Severity, _ predicate: String
    ) {
        findings.append(
            limits.finding(code, field, severity, "the \(field.noun) \(predicate)"))
    }
}
