public import Model
import Patterns

/// Rewrites every reference to a map's files in values of a site, byte for byte.
///
/// A value goes through three steps, again for each encoding that is found inside another: the
/// uploads folder is *located* in any dress by one compiled pattern; the path behind it is decoded
/// and looked up; the file name is *spliced* in the dress it wore, and enclosing lengths are
/// corrected. A container that does not parse completely is left alone and reported.
///
/// Immutable, so threads may share it; a class, because a copy of all its parts for each value would
/// take longer than looking at most values.
public final class Rewriter: Sendable {
    let table: PathTable
    let anchors: [Anchor]
    let judge: HostJudge
    let reader: PathReader
    /// The base64 letters of the anchors' words, for each way in which they can lie.
    let cores: [(letters: [UInt8], first: Int, pattern: Pattern)]
    /// `.jpg` and the like, one of which a bare path contains.
    let extensions: Pattern
    /// What base64 of a bare path, alone or in a container, contains.
    let beginnings: Pattern?
    /// Everything that a reference is found by, for short texts, where one search is faster than
    /// several faster ones.
    let anything: Pattern
    /// What strings of containers are looked at for; empty where that cannot be told by bytes alone.
    let evidence: [Evidence.Search]
    /// What stands before most references; empty where a URL may be more than one.
    let plainLeads: [PlainLead]
    /// Whether ways are taken that only plain references can go; false in tests that compare.
    let takesShortcuts: Bool

    /// What a value has to contain to be looked at.
    ///
    /// The database asks the same of its rows, so that what is found does not depend on who asks.
    public let prefilter: Prefilter

    /// Encodings nested deeper than this are left alone; real values have four or five.
    static let deepest = 40

    /// Prepares a rewriter.
    ///
    /// - Complexity: O(bytes of all paths); patterns are compiled once.
    /// - Throws: `invalid-argument` when the location has neither a URL path nor a folder.
    public convenience init(map: RenameMap, location: UploadsLocation) throws(MonikerError) {
        try self.init(map: map, location: location, takesShortcuts: true)
    }

    init(
        map: RenameMap, location: UploadsLocation, takesShortcuts: Bool
    ) throws(MonikerError) {
        self.takesShortcuts = takesShortcuts
        table = map.table
        reader = PathReader(table: map.table, takesShortcuts: takesShortcuts)
        judge = HostJudge(location: location)
        anchors = Anchor.all(of: location)
        guard !anchors.isEmpty else {
            throw MonikerError(
                .invalidArgument,
                "nothing is known of the uploads folder: name its URL or its folder")
        }
        var words: [[UInt8]] = []
        for anchor in anchors {
            let word = Self.longestWord(of: anchor.text)
            if !words.contains(word) { words.append(word) }
        }
        cores = words.flatMap(Base64.cores).map {
            ($0.letters, $0.first, Pattern(Self.quoted($0.letters)))
        }
        var endings: Set<[UInt8]> = []
        var groups: Set<[UInt8]> = []
        for entry in map.table.entries {
            let fileExtension = entry.old.pathExtension
            endings.insert(
                fileExtension.isEmpty
                    ? Self.longestWord(of: entry.old.name) : [UInt8(ascii: ".")] + fileExtension)
            // Four bytes tell years apart, wherever a path begins in its groups of three.
            for core in Base64.cores(of: Array(entry.old.bytes.prefix(4))) {
                groups.insert(core.letters)
            }
        }
        let dotted = endings.sorted { $0.lexicographicallyPrecedes($1) }
        let letters = Array(
            groups.filter { $0.count >= 4 }.sorted { $0.lexicographicallyPrecedes($1) }
                .prefix(Self.mostBeginnings))
        let bareTerms = dotted + letters
        extensions = Pattern(Self.alternatives(dotted))
        beginnings = letters.isEmpty ? nil : Pattern(Self.alternatives(letters))
        anything = Pattern(
            (anchors.map(\.expression) + [Self.alternatives(cores.map(\.letters) + bareTerms)])
                .joined(separator: "|"))
        let builder = PrefilterBuilder(
            folderWords: words, endings: dotted, folderCores: cores.map(\.letters),
            paths: map.table.entries.map(\.old))
        (evidence, plainLeads) =
            takesShortcuts
            ? Self.shortcuts(
                location: location, anchors: anchors, judge: judge, endings: dotted,
                cores: cores.map(\.letters), beginnings: letters,
                base64Terms: builder.base64Terms(), table: map.table)
            : ([], [])
        prefilter = builder.prefilter()
    }

    /// What makes the shortcuts possible, as far as they are.
    private static func shortcuts(
        location: UploadsLocation, anchors: [Anchor], judge: HostJudge, endings: [[UInt8]],
        cores: [[UInt8]], beginnings: [[UInt8]], base64Terms: [[UInt8]], table: PathTable
    ) -> (evidence: [Evidence.Search], leads: [PlainLead]) {
        // Escapes of JSON, other than `\u`, must not be able to hide any of it.
        let isVisible = (endings + cores + beginnings).joined().allSatisfy {
            $0 >= 0x80 || NameSpelling.isUnreserved($0) || $0 == UInt8(ascii: "+")
        }
        var evidence: [Evidence.Search] = []
        if isVisible {
            evidence = anchors.map { anchor in
                anchor.hasWord ? .literal(anchor.word) : .pattern(anchor.pattern)
            }
            evidence +=
                endings.count == 1
                ? [.literal(Literal(endings[0]))] : [.pattern(Pattern(alternatives(endings)))]
            evidence += cores.map { .literal(Literal($0)) }
            let short = base64Terms.filter { term in
                beginnings.contains { Literal(term).isContained(in: $0) }
            }
            let areCovered = beginnings.allSatisfy { letters in
                short.contains { Literal($0).isContained(in: letters) }
            }
            if areCovered {
                evidence += short.map { .literal(Literal($0)) }
            } else {
                evidence.append(.pattern(Pattern(alternatives(beginnings))))
            }
        }
        // A string that is one URL must not be anything else as well: another folder's, a bare path,
        // base64, a data URI.
        guard anchors.count == 1, !table.alphabet[Int(UInt8(ascii: ":"))],
            !table.entries.contains(where: { entry in
                cores.contains { Literal($0).isContained(in: entry.old.bytes) }
            })
        else { return (evidence, []) }
        return (evidence, PlainLead.all(of: location, anchor: anchors[0], judge: judge))
    }

    /// Makes the same rewriter as another with everything collected that it looks up: no search keeps
    /// it from looking at anything.
    init(collecting collector: PathCollector, like other: Rewriter) {
        table = PathTable(collector: collector)
        (anchors, judge, cores) = (other.anchors, other.judge, other.cores)
        reader = PathReader(table: table, takesShortcuts: true)
        // What finds nothing in a string must not keep the census from looking at it.
        (evidence, plainLeads, takesShortcuts) = ([], [], false)
        prefilter = other.prefilter
        let everything = Pattern("")
        (extensions, beginnings, anything) = (everything, everything, everything)
    }

    /// Beyond this number of different beginnings a bare path in base64 is found by nothing cheaper
    /// than looking at every base64 string, so they are not looked for.
    private static let mostBeginnings = 96

    /// Finds and rewrites the references in a value.
    ///
    /// Never fails: what cannot be rewritten with certainty is reported and left.
    ///
    /// - Complexity: linear in the value, whatever it contains and however many paths there are.
    ///   Memory: the splices, and a copy of a part for each encoding that escapes characters in it.
    public func rewrite(_ value: [UInt8], role: ValueRole) -> Rewrite {
        var rewriter = ValueRewriter(self)
        let splices = rewriter.string(value, 0..<value.count, role: role, depth: 0)
        var rewrite = rewriter.rewrite
        rewrite.splices = splices
        for host in rewriter.foreignHosts { rewrite.foreign[host, default: 0] += 1 }
        return rewrite
    }

    /// Byte terms of which every value that holds a reference of the map contains at least one.
    ///
    /// A flat form of `prefilter`. Empty when the map is.
    public var prefilterTerms: [[UInt8]] { prefilter.terms }

    /// The longest run of letters and digits, which every dress leaves as it is.
    private static func longestWord(of text: [UInt8]) -> [UInt8] {
        let words = text.split { byte in
            !((0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte))
        }
        return words.max { $0.count < $1.count }.map { Array($0) } ?? text
    }

    /// A pattern that matches any of some literals; nothing where there are none.
    private static func alternatives(_ literals: [[UInt8]]) -> String {
        literals.isEmpty ? "(?!)" : "(?:\(literals.map(quoted).joined(separator: "|")))"
    }

    private static func quoted(_ literal: [UInt8]) -> String {
        literal.map { byte in
            let digits = String(byte, radix: 16)
            return byte >= 0x80 || !(0x30...0x7A).contains(byte)
                || [0x3F, 0x5B, 0x5C, 0x5E].contains(byte)
                ? #"\x"# + (digits.count == 1 ? "0" : "") + digits : String(UnicodeScalar(byte))
        }.joined()
    }
}
