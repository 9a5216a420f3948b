internal import Model

/// The texts for one image, put together from what is known.
struct Composition {
    /// Sources: metadata-quality rules of the project (3 to 20 words); IPTC Alt Text (target 125).
    private static let altCharacters = 125
    private static let altWords = 20
    private static let titleCharacters = 60
    private static let captionCharacters = 180
    private static let textCharacters = 300

    private let facts: OfflineFacts
    private let context: ImageContext
    private let mode: DescriptionMode
    private let book: PhraseBook?
    /// What was read in the picture, cleaned; empty where the reader was not sure of it.
    private let text: String
    private let subjects: [Subject]

    init(facts: OfflineFacts, context: ImageContext, mode: DescriptionMode) {
        self.facts = facts
        self.context = context
        self.mode = mode
        book = PhraseBook.book(for: context.language)
        let isSure = (facts.text?.confidence ?? 0) >= 75
        text = isSure ? PlainText.cleaned(facts.text?.text) : ""
        subjects = Subject.all(context: context, textInPicture: text, mode: mode)
    }

    /// The description with the wanted fields.
    func description(of fields: Set<MetadataField>) -> ImageDescription {
        let tags = tags
        let textInImage = PlainText.shortened(text, characters: Self.textCharacters)
        if isPerhapsDecorative {
            return ImageDescription(
                isDecorative: true, texts: fields.contains(.alt) ? [.alt: ""] : [:], tags: tags,
                textInImage: textInImage, confidence: .low)
        }
        let subject = subjects.first
        let alt = alt(subject)
        var said = [alt]
        var texts: [MetadataField: String] = [:]
        // In this order, so that what a reader meets first has the first choice of words.
        for field in [MetadataField.alt, .title, .caption, .description] {
            let candidates =
                switch field {
                case .alt: [alt]
                case .title: titles(alt)
                case .caption: captions(subject)
                case .description: [longDescription(alt)]
                }
            let text = candidates.first { candidate in
                !candidate.isEmpty
                    && (field == .alt || !said.contains { PlainText.isSame($0, candidate) })
            }
            guard let text else { continue }
            said.append(text)
            if fields.contains(field) { texts[field] = text }
        }
        return ImageDescription(
            texts: texts, fileName: fileName(subject), tags: tags, textInImage: textInImage,
            confidence: confidence(subject, alt: alt))
    }

    // MARK: What it is

    /// One colour, a spacer or a line, and nobody wrote anything about it.
    private var isPerhapsDecorative: Bool {
        let written: [Subject.Source] = [
            .embeddedAlt, .embeddedDescription, .embeddedTitle, .textInPicture, .product,
        ]
        guard !subjects.contains(where: { written.contains($0.source) }) else { return false }
        let width = facts.picture?.width ?? context.width
        let height = facts.picture?.height ?? context.height
        let isTiny =
            width > 0 && height > 0 && (min(width, height) <= 4 || max(width, height) <= 24)
        return isTiny || facts.picture?.kind == .flat
    }

    private func confidence(_ subject: Subject?, alt: String) -> ImageDescription.Confidence {
        guard let subject, book != nil || subject.source == .embeddedAlt else { return .low }
        guard subject.source == .embeddedAlt else { return subject.confidence }
        // As it was written, and as long as a text alternative should be.
        let isWhole = PlainText.isSame(subject.text, alt)
        return isWhole && PlainText.wordCount(alt) >= 3 ? .high : .medium
    }

    // MARK: Parts

    /// "mostly blue and white".
    private var colours: String? {
        guard let book, let picture = facts.picture, !picture.colours.isEmpty else { return nil }
        return PhraseBook.filled(book.mostly, book.list(picture.colours))
    }

    /// "view 2 of 4".
    private var position: String? {
        let number = facts.position ?? FileNameWords(context.fileName).number
        guard let number, number > 0, (facts.count ?? 2) > 1 else { return nil }
        guard let book else { return "\(number)" }
        guard facts.position != nil, let count = facts.count, count >= number else {
            return PhraseBook.filled(book.number, "\(number)")
        }
        return PhraseBook.filled(book.position, "\(number)", "\(count)")
    }

    /// The first category of a product or page.
    private var category: String? {
        context.uses.lazy.flatMap(\.categories).map { PlainText.cleaned($0) }
            .first { !$0.isEmpty && !["uncategorized", "allgemein"].contains($0.lowercased()) }
    }

    /// "Landscape-format picture".
    private var shape: String? {
        guard let book, facts.picture != nil || context.width > 0 else { return nil }
        let picture =
            facts.picture ?? PictureFacts(width: context.width, height: context.height)
        return book.shapes[picture.orientation]
    }

    private var tags: [String] {
        var tags: [String] = []
        for text in context.embedded.keywords + context.uses.flatMap(\.categories) {
            let tag = PlainText.shortened(PlainText.cleaned(text), characters: 40)
            if !tag.isEmpty, !tags.contains(where: { PlainText.isSame($0, tag) }) {
                tags.append(tag)
            }
        }
        return Array(tags.prefix(10))
    }

    // MARK: Alt

    private func alt(_ subject: Subject?) -> String {
        guard let subject else {
            return joined(shape ?? "", shape == nil ? [] : [colours, position])
        }
        switch subject.source {
        case .embeddedAlt, .embeddedDescription:
            return joined(firstSentence(subject.text), [])
        case .textInPicture:
            let label = book.map { PhraseBook.filled($0.text, subject.text) } ?? subject.text
            let product = subjects.first { $0.source == .product }
            return joined(label, [product?.text])
        case .product, .embeddedTitle:
            // Several pictures of a product share its name: what differs has to be said.
            return joined(subject.text, [position] + further(subject))
        case .heading, .page:
            let named = book.map { PhraseBook.filled($0.forPage, subject.text) } ?? subject.text
            return joined(named, [position] + further(subject))
        case .link:
            return joined(subject.text, [position] + further(subject))
        case .fileName:
            // Its number is part of the name already.
            let known = facts.position == nil ? nil : position
            return joined(subject.text, [known] + further(subject))
        }
    }

    /// What may follow the subject: by mode, and until it has three words.
    private func further(_ subject: Subject) -> [String?] {
        switch mode {
        case .balanced: [colours]
        case .seo: [category, colours]
        case .wcag:
            PlainText.wordCount(subject.text) < 3 || subject.source == .product ? [colours] : []
        }
    }

    /// The subject and as many of its parts as there is room for, none of them said twice.
    private func joined(_ subject: String, _ parts: [String?]) -> String {
        var text = PlainText.shortened(
            subject, characters: Self.altCharacters, words: Self.altWords)
        for part in parts.compactMap(\.self) where !PlainText.contains(text, part) {
            let longer = text.isEmpty ? part : "\(text), \(part)"
            if longer.count <= Self.altCharacters,
                longer.split(separator: " ").count <= Self.altWords
            {
                text = longer
            }
        }
        return text
    }

    /// Up to the first full stop, where that is a sentence of some length.
    private func firstSentence(_ text: String) -> String {
        guard let end = text.firstRange(of: ". ")?.lowerBound else { return text }
        let sentence = String(text[..<end])
        return PlainText.wordCount(sentence) >= 3 ? sentence : text
    }

    // MARK: Other texts

    private func titles(_ alt: String) -> [String] {
        let order: [Subject.Source] = [
            .embeddedTitle, .product, .fileName, .heading, .page, .link, .embeddedDescription,
            .embeddedAlt, .textInPicture,
        ]
        let texts = order.flatMap { source in
            subjects.filter { $0.source == source }.map(\.text)
        }
        let short = texts.map { text in
            text.count <= Self.titleCharacters
                ? text : PlainText.beginning(of: text, characters: Self.titleCharacters)
        }
        let isNamed = subjects.first { $0.source != .embeddedAlt }?.source == .fileName
        let numbered =
            isNamed && facts.position == nil
            ? nil : short.first.flatMap { first in position.map { "\(first), \($0)" } }
        let beginning = PlainText.beginning(
            of: alt, characters: Self.titleCharacters, words: 5)
        return (numbered.map { [$0] } ?? []) + short + [beginning]
    }

    private func captions(_ subject: Subject?) -> [String] {
        let written = subjects.filter {
            [.embeddedDescription, .embeddedTitle, .heading, .page, .product].contains($0.source)
        }
        let texts = written.map { PlainText.shortened($0.text, characters: Self.captionCharacters) }
        let inCategory = subject.flatMap { subject in
            category.flatMap {
                PlainText.contains(subject.text, $0) ? nil : "\(subject.text) – \($0)"
            }
        }
        // Visitors see it: rather none than colours and formats.
        let shortened = inCategory.map {
            PlainText.shortened($0, characters: Self.captionCharacters)
        }
        return texts + (shortened.map { [$0] } ?? [])
    }

    private func longDescription(_ alt: String) -> String {
        var sentences: [String] = []
        let written = PlainText.cleaned(context.embedded.description)
        sentences.append(written.isEmpty ? alt : PlainText.shortened(written, characters: 500))
        if let book {
            let pages = unique(context.uses.map { PlainText.cleaned($0.title) }).prefix(3)
            if !pages.isEmpty {
                sentences.append(PhraseBook.filled(book.usedOn, pages.joined(separator: "; ")))
            }
            if !text.isEmpty, !PlainText.contains(sentences[0], text) {
                let text = PlainText.shortened(text, characters: Self.textCharacters)
                sentences.append(PhraseBook.filled(book.text, text))
            }
            if let colours, !PlainText.contains(sentences[0], colours) {
                sentences.append(colours.capitalizingFirst)
            }
            let width = facts.picture?.width ?? context.width
            let height = facts.picture?.height ?? context.height
            if width > 0, height > 0 {
                sentences.append(PhraseBook.filled(book.size, "\(width)", "\(height)"))
            }
        } else {
            sentences += subjects.map(\.text).filter { !PlainText.contains(alt, $0) }.prefix(2)
        }
        return sentences.filter { !$0.isEmpty }.map(\.asSentence).joined(separator: " ")
    }

    private func fileName(_ subject: Subject?) -> String {
        guard let subject else { return "" }
        return PlainText.shortened(firstSentence(subject.text), characters: 80, words: 8)
    }

    private func unique(_ texts: [String]) -> [String] {
        var result: [String] = []
        for text in texts where !text.isEmpty && !result.contains(text) { result.append(text) }
        return result
    }
}
