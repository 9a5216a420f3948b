public import Model

/// How good existing texts of an image are, from 0 to 100, by the rules of the gate.
///
/// A field begins with 100; what the gate would hold back costs 40, or leaves at most 20 where the
/// text is of no use at all (a file name, markup, an excuse …); what it would remark on costs 10.
public struct QualityScore: Codable, Hashable, Sendable {
    /// All fields together: the text alternative counts six tenths, the title two, caption and
    /// description one each; captions and descriptions that are missing do not count.
    public let value: Int
    /// Each field by itself; absent where a field does not count.
    public let fields: [MetadataField: Int]
    /// What the gate finds.
    public let findings: [QualityFinding]
}

extension QualityGate {
    /// Judges texts that a site already has.
    ///
    /// Quotations cannot be checked here, because nobody looks at the image.
    ///
    /// - Parameters:
    ///   - texts: what the library says; a missing text may be absent or empty.
    ///   - context: language and uses.
    ///   - isDecorative: whether the empty text alternative is meant: then it gets 100.
    ///   - otherAlts: the other image with the text alternative of a comparison key.
    public func score(
        _ texts: [MetadataField: String], context: ImageContext, isDecorative: Bool = false,
        otherAlts: (String) -> AttachmentID? = { _ in nil }
    ) -> QualityScore {
        var fields: [MetadataField: Int] = [:]
        var findings: [QualityFinding] = []
        var evidence = TextJudge.Evidence(keywords: context.productTitles)
        evidence.canCheckQuotations = false
        for field in MetadataField.allCases {
            let text = NormalizedText.of(texts[field] ?? "")
            guard !text.isEmpty else {
                if field == .alt, isDecorative {
                    fields[field] = 100
                } else if field == .alt || field == .title {
                    fields[field] = 0
                    findings.append(
                        limits.finding(
                            .empty, field, field == .alt ? .reject : .warn,
                            "the \(field.noun) is empty; write one"))
                }
                continue
            }
            var judge = TextJudge(
                field, text, language: LanguageTag(context.language), limits: limits,
                evidence: evidence)
            var found = judge.judge()
            if field == .alt { found += comparisons(of: text, texts, context, otherAlts) }
            fields[field] = points(of: found)
            findings += found
        }
        let weighed = fields.reduce(into: (sum: 0, weight: 0)) {
            $0.sum += $1.value * weight(of: $1.key)
            $0.weight += weight(of: $1.key)
        }
        return QualityScore(
            value: weighed.weight == 0 ? 0 : weighed.sum / weighed.weight, fields: fields,
            findings: findings)
    }

    private func points(of findings: [QualityFinding]) -> Int {
        let sum = findings.reduce(100) { $0 - ($1.severity == .reject ? 40 : 10) }
        let isUseless = findings.contains {
            $0.severity == .reject
                && (QualityCode.unsafeCodes.union([.fileName, .generic]).contains($0.code)
                    && $0.code != .tooLong)
        }
        return max(0, isUseless ? min(sum, 20) : sum)
    }

    private func weight(of field: MetadataField) -> Int {
        switch field {
        case .alt: 6
        case .title: 2
        case .caption, .description: 1
        }
    }
}
