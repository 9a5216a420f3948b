import Model
import Patterns

extension ValueRewriter {
    /// A reference that was found in text.
    private struct Candidate {
        var match: PathMatch
        var start: Int
        var separators: NameSpelling.Separators
        var place: NameSpelling.Place
    }

    /// Rewrites text: prose, HTML, blocks, shortcodes, CSS, Markdown.
    mutating func text(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole, depth: Int
    ) -> [Splice] {
        var splices: [Splice] = []
        var closed = ClosedRanges()
        if !isFile(role) {
            splices += blockAttributes(bytes, range, depth: depth, closing: &closed)
        }
        // Where nothing has to be looked at together, each reference is spliced when it is found.
        var isDirect = false
        var candidates: [Candidate] = []
        if !lacksAnchor(bytes, range, role) {
            isDirect =
                rewriter.takesShortcuts && rewriter.anchors.count == 1 && !isFile(role)
                && !DataURIs.areThere(in: bytes, range)
                && !EmbeddedStrings.areThere(in: bytes, range)
            candidates = self.candidates(
                bytes, range, role: role, skipping: closed, directly: isDirect, &splices)
        }
        let hits = base64Hits(bytes, range)
        guard !candidates.isEmpty || !hits.isEmpty else { return splices.ordered() }

        let dataURIs = DataURIs.ranges(in: bytes, range)
        candidates.removeAll { dataURIs.contains($0.start) }
        let enclosed = EmbeddedStrings(
            bytes, range, around: candidates.map(\.match.name.lowerBound))
        for candidate in candidates {
            if enclosed.contains(candidate.match.name) {
                rewrite.opaque.append(
                    OpaqueFinding(
                        reason: .embeddedSerialized,
                        paths: [rewriter.table.entries[candidate.match.entry].old]))
            } else if let splice = splice(
                candidate.match, bytes, from: candidate.start, candidate.separators,
                place: candidate.place)
            {
                splices.append(splice)
            }
        }
        for (payload, run) in payloads(bytes, range, hits, skipping: closed, dataURIs) {
            splices += base64(payload, run, bytes, role: .ordinary, depth: depth)
        }
        return splices.ordered()
    }

    /// Whether a text has no reference for want of the folder's name; false where that is not known.
    private func lacksAnchor(_ bytes: [UInt8], _ range: Range<Int>, _ role: ValueRole) -> Bool {
        rewriter.takesShortcuts && rewriter.anchors.count == 1 && !isFile(role)
            && rewriter.anchors[0].hasWord
            && rewriter.anchors[0].word.firstPosition(in: bytes, range) == nil
    }

    private func isFile(_ role: ValueRole) -> Bool {
        if case .uploadedFile = role { true } else { false }
    }

    // MARK: References

    /// The own references of a text, from left to right.
    ///
    /// Foreign ones are counted.
    private mutating func candidates(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole, skipping closed: ClosedRanges,
        directly isDirect: Bool, _ splices: inout [Splice]
    ) -> [Candidate] {
        var found: [Candidate] = []
        var foreign: Set<Int> = []
        let judge = rewriter.judge
        let table = rewriter.table
        for (index, anchor) in rewriter.anchors.enumerated() {
            var search = AnchorSearch(
                anchor, in: range, takesShortcuts: rewriter.takesShortcuts)
            // What stood before the last own reference: mostly it stands before the next as well.
            var ownKind: HostJudgement.Kind?
            var ownToken: [UInt8] = []
            while let hit = search.next(in: bytes) {
                guard !closed.contains(hit.lowerBound) else { continue }
                let separators =
                    search.isPlain
                    ? NameSpelling.Separators()
                    : NameSpelling.Separators(in: bytes, endingAt: hit.upperBound)
                guard
                    var match = rewriter.reader.match(
                        in: bytes, at: hit.upperBound, limit: range.upperBound,
                        separatorDepth: separators.percentDepth)
                else { continue }
                match.isPlain = match.isPlain && search.isPlain
                let position = anchor.end(of: hit)
                if let known = ownKind,
                    judge.isToken(ownToken, in: bytes, before: position, from: range.lowerBound)
                {
                    if isDirect, match.isPlain, let name = table.simpleNames[match.entry] {
                        notePlain(match)
                        splices.append(Splice(range: match.name, replacement: name))
                        continue
                    }
                    found.append(
                        Candidate(
                            match: match, start: hit.lowerBound, separators: separators,
                            place: known == .file
                                ? .path : place(bytes, hit.lowerBound, range, match)))
                    if isDirect { splice(&found, bytes, into: &splices) }
                    continue
                }
                switch judgement(bytes, position, range.lowerBound, anchor, index) {
                case .elsewhere: continue
                case .foreign(let host):
                    // Two spellings of the folder can find the same name.
                    if foreign.insert(match.name.lowerBound).inserted { foreignHosts.append(host) }
                case .own(let kind):
                    ownKind = kind
                    ownToken = lastJudgement?.token ?? []
                    found.append(
                        Candidate(
                            match: match, start: hit.lowerBound, separators: separators,
                            place: kind == .file
                                ? .path : place(bytes, hit.lowerBound, range, match)))
                    if isDirect { splice(&found, bytes, into: &splices) }
                }
            }
        }
        if case .uploadedFile(let directory) = role {
            found += relativeCandidates(bytes, range, directory: directory)
        }
        guard rewriter.anchors.count > 1 || isFile(role) else { return found }
        // Two spellings of the folder can find the same name.
        found.sort { $0.match.name.lowerBound < $1.match.name.lowerBound }
        var last = -1
        return found.filter { candidate in
            defer { last = max(last, candidate.match.name.upperBound) }
            return candidate.match.name.lowerBound >= last
        }
    }

    /// Splices references that have been found, and forgets them.
    private mutating func splice(
        _ found: inout [Candidate], _ bytes: [UInt8], into splices: inout [Splice]
    ) {
        for candidate in found {
            if let splice = splice(
                candidate.match, bytes, from: candidate.start, candidate.separators,
                place: candidate.place)
            {
                splices.append(splice)
            }
        }
        found.removeAll(keepingCapacity: true)
    }

    /// The judgement on an anchor; the last one where the same text stands before it.
    private mutating func judgement(
        _ bytes: [UInt8], _ position: Int, _ start: Int, _ anchor: Anchor, _ index: Int
    ) -> HostJudgement {
        if let last = lastJudgement, last.anchor == index,
            rewriter.judge.isToken(last.token, in: bytes, before: position, from: start)
        {
            return last.judgement
        }
        let first = rewriter.judge.tokenStart(bytes, before: position, from: start)
        let judgement = rewriter.judge.judge(bytes, before: position, from: start, anchor: anchor)
        lastJudgement = (index, Array(bytes[first..<position]), judgement)
        return judgement
    }

    /// Where a reference stands, as far as its new name has characters for which it matters.
    private func place(
        _ bytes: [UInt8], _ position: Int, _ range: Range<Int>, _ match: PathMatch
    ) -> NameSpelling.Place {
        guard !rewriter.table.isUnreserved(match.entry) else { return .url }
        return isInBareFunction(bytes, position, range) ? .bareFunction : .url
    }

    /// Whether a reference stands in CSS's `url(…)` without quotes.
    private func isInBareFunction(
        _ bytes: [UInt8], _ position: Int, _ range: Range<Int>
    ) -> Bool {
        var start = position
        while start > range.lowerBound, position - start < HostJudge.lookBack {
            switch bytes[start - 1] {
            case UInt8(ascii: "("):
                return start - 1 >= range.lowerBound + 3
                    && bytes[(start - 4)..<(start - 1)].elementsEqual("url".utf8)
            case 0...0x20, UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: ")"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ";"):
                return false
            default: start -= 1
            }
        }
        return false
    }

    /// `../` paths of a file below uploads, resolved against its folder.
    private func relativeCandidates(
        _ bytes: [UInt8], _ range: Range<Int>, directory: MediaPath?
    ) -> [Candidate] {
        let segments = directory?.bytes.split(separator: UInt8(ascii: "/")) ?? []
        return Self.parentChain.matches(in: bytes, range).compactMap { hit in
            let steps = bytes[hit].count { $0 == UInt8(ascii: "/") }
            guard steps <= segments.count,
                hit.lowerBound == range.lowerBound
                    || Self.mayPrecedeRelative(bytes[hit.lowerBound - 1])
            else { return nil }
            let prefix = segments.dropLast(steps).flatMap { $0 + [UInt8(ascii: "/")] }
            let separators = NameSpelling.Separators(in: bytes, endingAt: hit.upperBound)
            return rewriter.reader.match(
                in: bytes, at: hit.upperBound, limit: range.upperBound, separatorDepth: 0,
                prefix: prefix
            ).map {
                Candidate(
                    match: $0, start: hit.lowerBound, separators: separators,
                    place: isInBareFunction(bytes, hit.lowerBound, range) ? .bareFunction : .url)
            }
        }
    }

    private static let parentChain = Pattern(#"(?:\.\.\\?/)+"#)

    private static func mayPrecedeRelative(_ byte: UInt8) -> Bool {
        byte <= 0x20 || "\"'(=:,".utf8.contains(byte)
    }

    /// A key of an array or object that is, as a whole, one own reference; empty for anything else.
    mutating func wholeReference(_ bytes: [UInt8], _ range: Range<Int>) -> [Splice] {
        guard !range.isEmpty, range.count < HostJudge.lookBack else { return [] }
        if let splices = barePath(bytes, range, role: .ordinary) { return splices }
        for anchor in rewriter.anchors {
            // The name itself may contain any of the characters that separate words before it.
            guard let hit = anchor.pattern.matches(in: bytes, range).first,
                !bytes[range.lowerBound..<hit.lowerBound].contains(where: {
                    $0 <= 0x20 || "\"'<>(){}[]|,;".utf8.contains($0)
                })
            else { continue }
            let separators = NameSpelling.Separators(in: bytes, endingAt: hit.upperBound)
            guard
                let match = rewriter.reader.match(
                    in: bytes, at: hit.upperBound, limit: range.upperBound,
                    separatorDepth: separators.percentDepth, isWhole: true),
                case .own(let kind) = rewriter.judge.judge(
                    bytes, before: anchor.end(of: hit), from: range.lowerBound, anchor: anchor)
            else { continue }
            return [
                splice(
                    match, bytes, from: hit.lowerBound, separators,
                    place: kind == .file ? .path : .url)
            ].compactMap { $0 }
        }
        return []
    }

    // MARK: Blocks

    /// Rewrites the attributes of Gutenberg's block comments, which are JSON.
    private mutating func blockAttributes(
        _ bytes: [UInt8], _ range: Range<Int>, depth: Int, closing closed: inout ClosedRanges
    ) -> [Splice] {
        var splices: [Splice] = []
        var search = BlockSearch(in: range)
        while let start = search.next(in: bytes) {
            var strings: [JSONGrammar.StringToken] = []
            guard start >= closed.end,
                let end = JSONGrammar.document(
                    bytes, start..<range.upperBound,
                    { content, hasEscapes, isKey in
                        guard content.count >= rewriter.table.shortest else { return }
                        strings.append(
                            .init(content: content, hasEscapes: hasEscapes, isKey: isKey))
                    }),
                isBlockEnd(bytes, end, range.upperBound)
            else { continue }
            closed.append(start..<end)
            guard !strings.isEmpty, mayHoldReference(bytes, start..<end) else { continue }
            splices += json(strings, bytes, start..<end, kind: .blockAttributes, depth: depth)
        }
        return splices
    }

    private func isBlockEnd(_ bytes: [UInt8], _ position: Int, _ limit: Int) -> Bool {
        var position = position
        while position < limit, bytes[position] <= 0x20 { position += 1 }
        return bytes[position..<limit].starts(with: "/-->".utf8)
            || bytes[position..<limit].starts(with: "-->".utf8)
    }

    // MARK: Base64

    /// Where the letters that a word has in base64 stand, in ascending order.
    ///
    /// `first` is the place of the first letter in its group of four.
    func base64Hits(_ bytes: [UInt8], _ range: Range<Int>) -> [(hit: Range<Int>, first: Int)] {
        rewriter.cores.flatMap { core in
            core.pattern.matches(in: bytes, range).map { (hit: $0, first: core.first) }
        }.sorted { $0.hit.lowerBound < $1.hit.lowerBound }
    }

    /// The base64 payloads around some letters, each once.
    ///
    /// - Complexity: O(range): text that is no base64 is given up after one try for each way in
    ///   which the letters can lie.
    func payloads(
        _ bytes: [UInt8], _ range: Range<Int>, _ hits: [(hit: Range<Int>, first: Int)],
        skipping closed: ClosedRanges = .init(), _ dataURIs: ClosedRanges = .init()
    ) -> [(payload: Base64, run: Range<Int>)] {
        var found: [(payload: Base64, run: Range<Int>)] = []
        var end = range.lowerBound
        var tries = 0
        for (hit, first) in hits {
            if hit.lowerBound >= end {
                tries = 0
            } else if tries == 0 || tries > 3 {
                continue
            }
            guard !closed.contains(hit.lowerBound), !dataURIs.contains(hit.lowerBound),
                let run = base64Run(bytes, around: hit, first: first, in: range)
            else { continue }
            end = max(end, run.upperBound)
            if let payload = Base64(bytes, run) {
                tries = 0
                found.append((payload, run))
            } else {
                tries += 1
            }
        }
        return found
    }

    /// The base64 text around some letters that a word has in base64.
    ///
    /// - Parameter first: the place of the first letter in its group of four.
    func base64Run(
        _ bytes: [UInt8], around hit: Range<Int>, first: Int, in range: Range<Int>
    ) -> Range<Int>? {
        var start = hit.lowerBound
        // Whole symbols, so that `%2F` counts as one letter.
        var letters = 0
        while start > range.lowerBound {
            if start - 3 >= range.lowerBound, bytes[start - 3] == UInt8(ascii: "%"),
                case let symbol = Base64.symbol(bytes, at: start - 3, limit: range.upperBound),
                symbol.length == 3
            {
                guard symbol.byte != 0x3D else { break }
                start -= 3
            } else if start - 2 >= range.lowerBound, bytes[start - 2] == UInt8(ascii: "\\"),
                bytes[start - 1] == UInt8(ascii: "/")
            {
                start -= 2
            } else if Base64.value(bytes[start - 1]) != nil {
                start -= 1
            } else {
                break
            }
            letters += 1
        }
        // What an escape before the payload leaves (`%3D`, `\u0022`, `\n`) is none of it: the place
        // of the letters in their group tells where the payload can begin.
        var surplus = (letters - first % 4 + 4) % 4
        if start > range.lowerBound, bytes[start - 1] == UInt8(ascii: "\\"),
            bytes[start] == UInt8(ascii: "u"), letters >= 5
        {
            surplus = 5 + ((letters - 5 - first % 4) % 4 + 4) % 4
        }
        guard surplus <= letters else { return nil }
        for _ in 0..<surplus {
            start += Base64.symbol(bytes, at: start, limit: range.upperBound).length
        }
        var end = hit.upperBound
        var padding = 0
        while end < range.upperBound {
            let (length, byte) = Base64.symbol(bytes, at: end, limit: range.upperBound)
            if byte == UInt8(ascii: "="), padding < 2 {
                padding += 1
            } else if padding > 0 || Base64.value(byte) == nil {
                break
            }
            end += length
        }
        return start..<end
    }
}
