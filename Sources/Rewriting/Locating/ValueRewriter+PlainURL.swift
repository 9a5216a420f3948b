import Model

/// A text that may stand before the uploads folder, with the folder behind it.
struct PlainLead: Sendable {
    /// All of it, up to the slash behind the folder.
    let text: Literal
    let isFile: Bool

    /// The plain texts before an own path, as the judge judges them.
    static func all(
        of location: UploadsLocation, anchor: Anchor, judge: HostJudge
    ) -> [PlainLead] {
        guard !anchor.isHost else { return [] }
        var leads: [[UInt8]] = []
        for host in location.hosts.sorted() {
            for lead in anchor.urlLeads {
                for scheme in ["https://", "http://", "//"] {
                    leads.append(Array((scheme + host).utf8) + lead)
                }
            }
        }
        leads += anchor.urlLeads + anchor.directoryLeads
        return leads.compactMap { lead in
            guard
                case .own(let kind) = judge.judge(lead, before: lead.count, from: 0, anchor: anchor)
            else { return nil }
            return PlainLead(
                text: Literal(lead + anchor.text + [UInt8(ascii: "/")]), isFile: kind == .file)
        }
    }
}

extension ValueRewriter {
    /// The one splice of a string that is a plain own URL and nothing else; nil for any other.
    ///
    /// Finds what `string` would find, where nothing else can be found: most strings of containers
    /// that hold a reference are such URLs.
    mutating func plainURL(_ bytes: [UInt8], _ range: Range<Int>) -> PathMatch? {
        for lead in rewriter.plainLeads
        where lead.text.stands(in: bytes, at: range.lowerBound, before: range.upperBound) {
            guard
                let match = rewriter.reader.match(
                    in: bytes, at: range.lowerBound + lead.text.bytes.count,
                    limit: range.upperBound,
                    separatorDepth: 0),
                match.isPlain, match.path.upperBound == range.upperBound,
                rewriter.table.simpleNames[match.entry] != nil
            else { return nil }
            return match
        }
        return nil
    }
}
