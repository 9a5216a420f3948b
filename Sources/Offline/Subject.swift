internal import Model

/// What a description is built around, and how far its source can be trusted.
struct Subject {
    /// Where it comes from, the most telling first.
    enum Source: CaseIterable {
        /// A text alternative that somebody wrote into the file.
        case embeddedAlt
        /// A description or headline in the file.
        case embeddedDescription
        /// A title in the file.
        case embeddedTitle
        /// Text that was read in the picture.
        case textInPicture
        /// The product that it shows.
        case product
        /// Where a linked picture leads.
        case link
        /// The old name of the file.
        case fileName
        /// The heading before it.
        case heading
        /// The title of the page that uses it.
        case page
    }

    var text: String
    var source: Source

    /// How far the source can be trusted.
    var confidence: ImageDescription.Confidence {
        switch source {
        case .embeddedAlt: .high
        case .embeddedDescription, .embeddedTitle, .textInPicture, .product: .medium
        case .link, .fileName, .heading, .page: .low
        }
    }
}

extension Subject {
    /// Everything that could be built around, the most telling first.
    static func all(
        context: ImageContext, textInPicture: String, mode: DescriptionMode
    ) -> [Subject] {
        let embedded = context.embedded
        let products = context.uses.filter { $0.isOfProduct }
        let pages = context.uses.filter { !$0.isOfProduct && $0.kind != .option }
        var found: [Subject] = []
        func add(_ source: Source, _ text: String?) {
            let text = PlainText.cleaned(text)
            guard !text.isEmpty, !isName(text) else { return }
            found.append(Subject(text: text, source: source))
        }
        add(.embeddedAlt, embedded.alt)
        add(.embeddedDescription, embedded.description)
        add(.embeddedDescription, embedded.headline)
        add(.embeddedTitle, embedded.title)
        if PlainText.wordCount(textInPicture) >= 2 {
            add(.textInPicture, textInPicture.capitalizingFirst)
        }
        add(.product, products.first?.title)
        if mode == .wcag {
            add(.link, context.uses.lazy.compactMap(\.link).map(words(of:)).first { !$0.isEmpty })
        }
        let name = FileNameWords(context.fileName)
        add(.fileName, name.number.map { "\(name.text) \($0)" } ?? name.text)
        add(.heading, pages.map(\.heading).first { !$0.isEmpty })
        add(.page, pages.map(\.title).first { !$0.isEmpty })
        return found
    }

    /// Whether a text is the name of a file and no more; programs like to write it where a title
    /// belongs.
    private static func isName(_ text: String) -> Bool {
        !text.contains(" ") && FileNameWords(text).text.isEmpty
            && text.contains { $0.isNumber || $0 == "_" }
    }

    /// The words of the last part of a link; empty for a link to a file.
    private static func words(of link: String) -> String {
        let path = link.prefix { $0 != "?" && $0 != "#" }
        guard let last = path.split(separator: "/").last, !last.contains(".") else { return "" }
        return FileNameWords(String(last)).text
    }
}

extension ImageUse {
    /// Whether the picture is one of a product's own.
    var isOfProduct: Bool {
        kind == .product || kind == .productGallery || (kind == .featured && postType == "product")
    }
}
