public import Model

/// Decides, by fixed rules, whether texts about an image may go to the site.
///
/// The same texts in the same context always get the same verdict: no clock, no chance, no network.
/// `docs/quality-gate.md` lists the rules and their sources.
public struct QualityGate: Sendable {
    /// The numbers it goes by.
    public let limits: QualityLimits

    /// Creates a gate.
    public init(limits: QualityLimits = QualityLimits()) {
        self.limits = limits
    }

    /// Judges what a provider says of an image.
    ///
    /// A text that is only decorated wrongly (white space, quotation marks around it) is normalized;
    /// nothing is ever cut off. Linear in the length of the texts.
    ///
    /// - Parameters:
    ///   - description: what the provider says; untrusted.
    ///   - context: the language, the titles around the image, and what the library says now.
    ///   - wanted: the fields that would be written; others are only compared with.
    ///   - keywords: phrases that a text may have once, beside the titles of products.
    ///   - recognizedText: what text recognition found in the image; empty where it was not asked.
    ///   - otherAlts: the image that already has the text alternative with a comparison key (see
    ///     ``comparisonKey(of:)``); nil where none has.
    public func judge(
        _ description: ImageDescription, context: ImageContext, wanted: Set<MetadataField>,
        keywords: [String] = [], recognizedText: String = "",
        otherAlts: (String) -> AttachmentID? = { _ in nil }
    ) -> Verdict {
        let language = LanguageTag(context.language)
        var texts: [MetadataField: String] = [:]
        var findings = judgeWhole(description, context, wanted)
        let evidence = TextJudge.Evidence(
            read: "\(description.textInImage) \(recognizedText)", names: context.names,
            keywords: keywords + context.productTitles)
        for field in MetadataField.allCases where wanted.contains(field) {
            let text = NormalizedText.of(description.texts[field] ?? "")
            if field == .alt, description.isDecorative {
                texts[.alt] = text
                if !text.isEmpty {
                    findings.append(
                        limits.finding(
                            .decorativeWithAlt, .alt, .reject,
                            "the image is called decorative and has an alt text; choose one of both"
                        ))
                }
                continue
            }
            guard !text.isEmpty else {
                if !description.isDecorative { findings.append(emptyFinding(field)) }
                continue
            }
            texts[field] = text
            var judge = TextJudge(
                field, text, language: language, limits: limits, evidence: evidence)
            findings += judge.judge()
            if field == .alt {
                findings += comparisons(of: text, description.texts, context, otherAlts)
            }
        }
        let isRejected = findings.contains { $0.severity == .reject }
        let isDecorative = description.isDecorative && wanted.contains(.alt)
        return Verdict(
            outcome: isRejected ? .rejected : isDecorative ? .decorative : .accepted,
            texts: texts, findings: findings)
    }

    /// The text as it is compared with others: letters and digits in lower case, between single
    /// spaces.
    ///
    /// Two texts with one key are duplicates of each other.
    public static func comparisonKey(of text: String) -> String {
        NormalizedText.key(NormalizedText.of(text))
    }

    /// The text as the gate would hand it on.
    public static func normalized(_ text: String) -> String { NormalizedText.of(text) }

    /// The rules about the description as a whole.
    private func judgeWhole(
        _ description: ImageDescription, _ context: ImageContext, _ wanted: Set<MetadataField>
    ) -> [QualityFinding] {
        var findings: [QualityFinding] = []
        if description.confidence != .high {
            let isEnough = description.confidence.rank >= limits.leastConfidence.rank
            findings.append(
                limits.finding(
                    .lowConfidence, nil, isEnough ? .warn : .reject,
                    "the provider is not sure (\(description.confidence.rawValue)); compare the texts with the image"
                ))
        }
        let isLinked = context.uses.contains { $0.link?.isEmpty == false }
        if description.isDecorative, wanted.contains(.alt), isLinked {
            findings.append(
                limits.finding(
                    .decorativeInLink, .alt, .reject,
                    "the image is called decorative but is in a link; say where the link leads"))
        }
        return findings
    }

    private func emptyFinding(_ field: MetadataField) -> QualityFinding {
        limits.finding(
            .empty, field, field == .alt ? .reject : .warn,
            "the \(field.noun) is empty; write one\(field == .alt ? " or mark the image as decorative" : " or leave the field out")"
        )
    }

    /// The rules that compare an alt text with other texts.
    func comparisons(
        of alt: String, _ texts: [MetadataField: String], _ context: ImageContext,
        _ otherAlts: (String) -> AttachmentID?
    ) -> [QualityFinding] {
        let key = Self.comparisonKey(of: alt)
        guard !key.isEmpty else { return [] }
        var findings: [QualityFinding] = []
        if let other = otherAlts(key) {
            findings.append(
                limits.finding(
                    .duplicate, .alt, .reject,
                    "the alt text is the same as that of attachment \(other.rawValue); say what is different in this image"
                ))
        }
        let pairs: [(MetadataField, QualityCode)] = [
            (.title, .sameAsTitle), (.caption, .sameAsCaption),
        ]
        for (field, code) in pairs {
            guard let text = texts[field] ?? context.current[field],
                Self.comparisonKey(of: text) == key
            else { continue }
            findings.append(
                limits.finding(
                    code, .alt, .reject,
                    "the alt text is the same as the \(field.rawValue), so it would be read twice; say more in one of both"
                ))
        }
        if context.uses.contains(where: { Self.comparisonKey(of: $0.title) == key }) {
            findings.append(
                limits.finding(
                    .sameAsPageTitle, .alt, .warn,
                    "the alt text is the same as the title of a page that uses the image; say what the image shows"
                ))
        }
        return findings
    }
}

extension QualityLimits {
    /// A finding, with the severity that this site wants.
    ///
    /// What could harm a page or its readers is never lowered.
    func finding(
        _ code: QualityCode, _ field: MetadataField?, _ severity: QualityFinding.Severity,
        _ sentence: String
    ) -> QualityFinding {
        let isLowered = onlyWarnings.contains(code) && !QualityCode.unsafeCodes.contains(code)
        return QualityFinding(
            code: code, field: field, severity: isLowered ? .warn : severity, sentence: sentence)
    }
}

extension QualityCode {
    /// The codes of what must never reach a page, whatever a site wishes.
    static let unsafeCodes: Set<QualityCode> = [
        .controlCharacters, .bidi, .invisibleCharacters, .mixedScripts, .markup, .url,
        .promptLeftover,
        .cannotSee, .empty, .tooLong,
    ]
}

extension MetadataField {
    /// What sentences call it.
    var noun: String { self == .alt ? "alt text" : rawValue }
}

extension ImageContext {
    /// What people and the file itself call the image.
    var names: [String] {
        uses.flatMap { [$0.title, $0.heading] }
            + [embedded.alt, embedded.title, embedded.headline, embedded.description].compactMap(
                \.self)
    }

    /// The titles of products that show the image, where they have several words.
    var productTitles: [String] {
        uses.filter { $0.kind == .product || $0.kind == .productGallery }.map(\.title)
            .filter { Words($0).count >= 2 }
    }
}

extension ImageDescription.Confidence {
    /// Its place in the order from low to high.
    var rank: Int {
        switch self {
        case .low: 0
        case .medium: 1
        case .high: 2
        }
    }
}
