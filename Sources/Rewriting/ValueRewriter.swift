import Model
import Patterns

/// The rewriting of one value: the recursion through its encodings, and what it came across.
struct ValueRewriter {
    let rewriter: Rewriter
    var rewrite: Rewrite
    /// The encodings around the part that is being looked at, outermost first.
    var encodings: [Encoding] = [] {
        didSet { lastEncodings = nil }
    }
    /// Where the encodings around the part are in the rewrite's list, if that is known.
    private var lastEncodings: Int32?
    /// Where the part begins in the whole value; exact until a layer is decoded, then that layer's.
    var base = 0
    var isDecoded = false
    /// The host of each URL that is another site's.
    var foreignHosts: [String] = []
    /// What was judged last: in most values the same text stands before every reference.
    var lastJudgement: (anchor: Int, token: [UInt8], judgement: HostJudgement)?

    /// Memory for short decoded strings.
    private var scratch: [UInt8] = []

    init(_ rewriter: Rewriter) {
        self.rewriter = rewriter
        rewrite = Rewrite(table: rewriter.table)
    }

    /// Empty bytes with room for some, to be given back.
    mutating func takeScratch() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &scratch)
        return taken
    }

    mutating func giveBack(_ used: inout [UInt8]) {
        used.removeAll(keepingCapacity: true)
        swap(&used, &scratch)
    }

    /// Rewrites one whole string: the value itself, or a string inside a container.
    ///
    /// - Returns: splices in the coordinates of `bytes`.
    mutating func string(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole, depth: Int
    ) -> [Splice] {
        guard !range.isEmpty else { return [] }
        // Most strings in a container hold nothing, which one search tells.
        if range.count < Self.shortText, !rewriter.anything.matches(anywhereIn: bytes, range) {
            if case .attachmentMetadata = role {} else { return [] }
        }
        guard depth <= Rewriter.deepest else {
            noteOpaque(.tooDeep, bytes, range, role: role)
            return []
        }
        let isFile = if case .uploadedFile = role { true } else { false }
        if !isFile {
            if SerializedGrammar.isClaimed(bytes, range) {
                return serialized(bytes, range, role: role, depth: depth)
            }
            if JSONGrammar.isClaimed(bytes, range),
                let splices = json(bytes, range, depth: depth)
            {
                return splices
            }
            if JSONGrammar.isPossible(bytes, range), mayHoldReference(bytes, range),
                let strings = JSONGrammar.strings(
                    bytes, range, atLeast: rewriter.table.shortest)
            {
                return json(strings, bytes, range, kind: .json, depth: depth)
            }
            if let splices = layeredContainer(bytes, range, role: role, depth: depth) {
                return splices
            }
            if let splices = base64(whole: bytes, range, role: role, depth: depth) {
                return splices
            }
            if let splice = barePath(bytes, range, role: role) { return splice }
        }
        return text(bytes, range, role: role, depth: depth)
    }

    /// Up to here, beginning several searches takes longer than one slower search.
    private static let shortText = 1024

    /// Whether a container may hold a reference, so that it is worth parsing.
    func mayHoldReference(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        if range.count < Self.shortText {
            return rewriter.anything.matches(anywhereIn: bytes, range)
        }
        return rewriter.extensions.matches(anywhereIn: bytes, range)
            || rewriter.anchors.contains { $0.pattern.matches(anywhereIn: bytes, range) }
            || rewriter.cores.contains { $0.pattern.matches(anywhereIn: bytes, range) }
            || rewriter.beginnings?.matches(anywhereIn: bytes, range) == true
    }

    /// How far the work has come, so that it can be taken back without a copy of it.
    struct Mark {
        fileprivate var occurrences: Int
        fileprivate var opaque: Int
        fileprivate var references: Int
        fileprivate var foreign: Int
    }

    var mark: Mark {
        Mark(
            occurrences: rewrite.found.count, opaque: rewrite.opaque.count,
            references: rewrite.references, foreign: foreignHosts.count)
    }

    /// Forgets everything that was noted since.
    mutating func takeBack(to mark: Mark) {
        rewrite.found.removeSubrange(mark.occurrences...)
        rewrite.opaque.removeSubrange(mark.opaque...)
        rewrite.references = mark.references
        foreignHosts.removeSubrange(mark.foreign...)
    }

    /// The paths that were found since.
    func paths(since mark: Mark) -> Set<MediaPath> {
        Set(rewrite.found[mark.occurrences...].map { rewriter.table.entries[Int($0.entry)].old })
    }

    /// Whether a path was found or a part left alone since.
    func hasFindings(since mark: Mark) -> Bool {
        rewrite.found.count > mark.occurrences || rewrite.opaque.count > mark.opaque
    }

    // MARK: Bare paths

    /// A string that is, as a whole, an uploads-relative path; nil where it is none, an empty list
    /// where it needs no change.
    mutating func barePath(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole
    ) -> [Splice]? {
        var prefixes: [[UInt8]] = [[]]
        switch role {
        case .prose: return nil
        case .attachmentMetadata(let directory):
            prefixes = [directory.map { $0.bytes + [UInt8(ascii: "/")] } ?? [], []]
        case .ordinary, .uploadedFile: break
        }
        // Each decoded byte takes at most twelve encoded ones (`&amp;#x2f;`).
        guard range.count <= rewriter.table.longest * 12 + 2048,
            !bytes[range].contains(0x0A), bytes[range.lowerBound] > 0x20,
            range.count < Self.shortText || rewriter.anything.matches(anywhereIn: bytes, range)
        else { return nil }
        for prefix in prefixes {
            guard
                let match = rewriter.reader.match(
                    in: bytes, at: range.lowerBound, limit: range.upperBound, separatorDepth: 0,
                    prefix: prefix, isWhole: true)
            else { continue }
            let separators = firstSeparators(bytes, match)
            return [splice(match, bytes, from: match.path.lowerBound, separators, place: .path)]
                .compactMap { $0 }
        }
        return nil
    }

    private func firstSeparators(
        _ bytes: [UInt8], _ match: PathMatch
    ) -> NameSpelling.Separators {
        NameSpelling.Separators(in: bytes, endingAt: match.name.lowerBound)
    }

    // MARK: Splicing

    /// The splice of one reference, counted; nil where its new name is the old one.
    ///
    /// - Parameter start: where the reference begins: the anchor, or the path itself.
    mutating func splice(
        _ match: PathMatch, _ bytes: [UInt8], from start: Int,
        _ separators: NameSpelling.Separators, place: NameSpelling.Place
    ) -> Splice? {
        let table = rewriter.table
        let isPlain =
            match.isPlain
            || separators == .init()
                && Self.standsForItself(bytes, start..<match.name.upperBound)
        note(
            match.entry, at: match.name.lowerBound,
            isPlain ? [] : Self.dress(of: separators, bytes[match.path]))
        rewrite.references += 1
        let replacement = table.replacement(match.entry)
        if isPlain, replacement.isSimple {
            return Splice(range: match.name, replacement: replacement.name)
        }
        guard !replacement.isIdentity else { return nil }
        let spelling = NameSpelling(
            bytes: bytes, reference: start..<match.path.upperBound, name: match.name,
            interpretation: match.interpretation, separators: separators, place: place)
        guard !replacement.keepsDirectory else {
            return Splice(range: match.name, replacement: spelling.spelled(replacement.name))
        }
        // The folder changes as well: its separators are written like the one before the path.
        let separator = separatorBytes(bytes, endingAt: match.name.lowerBound, start)
        let segments = table.entries[match.entry].new.bytes.split(separator: UInt8(ascii: "/")).map
        {
            spelling.spelled(Array($0))
        }
        return Splice(
            range: match.path, replacement: Array(segments.joined(separator: separator)))
    }

    /// Whether no character of a reference can be an escape.
    private static func standsForItself(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        // SAFETY: the buffer is only read inside its bounds, which `allSatisfy` keeps to.
        unsafe bytes[range].withUnsafeBufferPointer { part in
            unsafe part.allSatisfy {
                $0 != UInt8(ascii: "%") && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "&")
            }
        }
    }

    private func separatorBytes(_ bytes: [UInt8], endingAt end: Int, _ start: Int) -> [UInt8] {
        let separator = Self.separatorPattern.matches(
            in: bytes, max(start, end - 24)..<end
        ).last
        guard let separator, separator.upperBound == end else { return [UInt8(ascii: "/")] }
        return Array(bytes[separator])
    }

    private static let separatorPattern = Pattern(Dress.separator)

    /// The dresses that a reference in text wears itself.
    private static func dress(
        of separators: NameSpelling.Separators, _ path: ArraySlice<UInt8>
    ) -> [Encoding] {
        var dress: [Encoding] = []
        if separators.backslashDepth > 0 { dress.append(.escaped) }
        if separators.percentDepth > 0 || path.contains(UInt8(ascii: "%")) {
            dress.append(.percent)
        }
        if separators.areEntities { dress.append(.entities) }
        return dress
    }

    /// Counts a reference whose characters all stand for themselves.
    mutating func notePlain(_ match: PathMatch) {
        note(match.entry, at: match.name.lowerBound, [])
        rewrite.references += 1
    }

    private mutating func note(_ entry: Int, at offset: Int, _ dress: [Encoding]) {
        rewrite.found.append(
            FoundReference(
                entry: Int32(entry), encodings: encodingsIndex(with: dress),
                offset: isDecoded ? base : offset))
    }

    /// Where in the rewrite's list the encodings are that are around now, and those of a reference.
    private mutating func encodingsIndex(with dress: [Encoding]) -> Int32 {
        if dress.isEmpty, let lastEncodings { return lastEncodings }
        let all = encodings + dress
        let known = rewrite.encodings.firstIndex(of: all)
        if known == nil { rewrite.encodings.append(all) }
        let index = Int32(known ?? rewrite.encodings.count - 1)
        if dress.isEmpty { lastEncodings = index }
        return index
    }

    // MARK: Opaque parts

    /// Reports a part that is left as it is, if it names a path of the map.
    mutating func noteOpaque(
        _ reason: OpaqueReason, _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole
    ) {
        if rewriter.table.notesOpaque() { return }
        let paths = namedPaths(bytes, range, role: role)
        guard !paths.isEmpty else { return }
        rewrite.opaque.append(OpaqueFinding(reason: reason, paths: paths))
    }

    /// Every path of the map that a part names in any place where a name can begin.
    ///
    /// It knows nothing of containers and hosts, so it may name too many: a name too many keeps a
    /// hard link, a name too few breaks a page.
    func namedPaths(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole
    ) -> Set<MediaPath> {
        guard mayHoldReference(bytes, range) else { return [] }
        var prefixes: [[UInt8]] = [[]]
        if case .attachmentMetadata(let directory) = role, let directory {
            prefixes.append(directory.bytes + [UInt8(ascii: "/")])
        }
        var paths: Set<MediaPath> = []
        for position in range {
            // A name begins behind a separator, a quote or another delimiter, dressed or not.
            guard position == range.lowerBound || Self.mayPrecedeName(bytes[position - 1]) else {
                continue
            }
            for prefix in prefixes {
                for depth in [0, 1] {
                    if let match = rewriter.reader.match(
                        in: bytes, at: position, limit: range.upperBound, separatorDepth: depth,
                        prefix: prefix)
                    {
                        paths.insert(rewriter.table.entries[match.entry].old)
                    }
                }
            }
        }
        for (payload, _) in payloads(bytes, range, base64Hits(bytes, range)) {
            var inner = ValueRewriter(rewriter)
            _ = inner.string(payload.decoded, 0..<payload.decoded.count, role: .ordinary, depth: 1)
            paths.formUnion(inner.rewrite.occurrences.map(\.old))
            for finding in inner.rewrite.opaque { paths.formUnion(finding.paths) }
        }
        return paths
    }

    /// Letters and digits go on with a word, except where they end an escape such as `%2F`, `\u002f`
    /// and `\n`; those end in one of these.
    private static func mayPrecedeName(_ byte: UInt8) -> Bool {
        let isWord =
            (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        return !isWord || [0x46, 0x66, 0x32, 0x37, 0x6E].contains(byte)
    }
}
