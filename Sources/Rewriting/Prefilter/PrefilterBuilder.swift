import Model

/// Chooses the terms of a prefilter; docs/decisions/0004-prefilter-terms.md says why these.
struct PrefilterBuilder {
    /// What the uploads folder is found by.
    let folderWords: [[UInt8]]
    /// What bare paths are found by: extensions with their dot, or words of names without one.
    let endings: [[UInt8]]
    /// The letters that the folder's words have in base64.
    let folderCores: [[UInt8]]
    /// The map's old paths.
    let paths: [MediaPath]

    /// Beyond so many words of names, one word each is dearer than letting every value with a
    /// reference through.
    static let mostWords = 4

    /// Beyond so many different beginnings of paths, as in one folder of files of many names, base64
    /// is found by the folder alone.
    static let mostBeginnings = 32

    func prefilter() -> Prefilter {
        guard !paths.isEmpty else {
            return Prefilter(alternatives: [], expressions: [], shortest: 0)
        }
        let places = Prefilter.withoutRedundant(endings + folderWords)
        let words = nameWords()
        let references =
            words.map { $0.map(Self.alternative) + Self.escapedWords(in: places) }
            ?? [.init(groups: [places])]
        let base64 = base64()
        return Prefilter(
            alternatives: references + base64.terms.map { .init(groups: [[$0]]) },
            expressions: Self.expressions(for: words, places: places, base64: base64),
            // Other characters may have fewer bytes in another character set or composition.
            shortest: paths.map { $0.name.count { $0 < 0x80 } }.min() ?? 0)
    }

    // MARK: Words of names

    /// A word and the text around it that all names have in which it stands.
    struct NameWord: Hashable {
        var word: [UInt8]
        var left: [UInt8]
        var right: [UInt8]

        var text: [UInt8] { left + word + right }
    }

    /// The word alone decides most values; where it stands, the rest of the name does as well, or
    /// what dresses one of its other characters.
    private static func alternative(_ word: NameWord) -> Prefilter.Alternative {
        guard word.text.count > word.word.count else { return .init(groups: [[word.word]]) }
        return .init(groups: [
            [word.word],
            [word.text, [UInt8(ascii: "%")], [UInt8(ascii: "\\")], [UInt8(ascii: "&")]],
        ])
    }

    /// What a value contains in which a letter or digit of a word is escaped, so that the word does
    /// not stand there: nobody has to write `%49MG_1.jpg`, but it names the file.
    ///
    /// The first group is one character, which most rows without escapes lack; whatever the
    /// encodings are nested in, the outermost escape begins with one of them.
    private static func escapedWords(in places: [[UInt8]]) -> [Prefilter.Alternative] {
        let digits = (0...9).map { "%3\($0)" }
        return [
            .init(groups: [terms(["%"]), terms(digits + percentEscapes), places]),
            .init(groups: [terms(["\\u00"]), places]),
            .init(groups: [terms(["&"]), terms(["&#", "amp;#", "percnt;", "bsol;"]), places]),
        ]
    }

    /// How a percent-encoded letter begins, or a percent sign, ampersand or backslash that is
    /// itself part of an escape.
    private static let percentEscapes = ["%4", "%5", "%6", "%7", "%25", "%26"]

    private static func terms(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    /// Words of which each old name contains one; nil where they are too many, or a name has none.
    private func nameWords() -> [NameWord]? {
        var words: [(word: [UInt8], names: [[UInt8]])] = []
        for path in paths.sorted(by: { $0.bytes.count < $1.bytes.count }) {
            let name = path.name
            if let known = words.firstIndex(where: { Literal($0.word).isContained(in: name) }) {
                words[known].names.append(name)
                continue
            }
            guard words.count < Self.mostWords, let word = Self.word(of: path) else { return nil }
            words.append((word, [name]))
        }
        return words.map { Self.nameWord($0.word, in: $0.names) }
    }

    /// The run of letters and digits of a name that other texts have least probably, from its rarest
    /// character on; nil where no run is long enough.
    private static func word(of path: MediaPath) -> [UInt8]? {
        let directory = path.directory?.bytes ?? []
        let runs = path.stem.split { !isWordByte($0) }.filter { $0.count >= 3 }
        let run = runs.max {
            information($0, besides: directory) < information($1, besides: directory)
        }
        guard let run else { return nil }
        // A database looks for a term's first byte, so that a rare one makes its scan faster; what is
        // left has to tell as much as the run.
        let starts = run.indices.prefix(max(1, run.count - mostNeeded + 1))
        let start =
            starts.max { ByteRarity.bits(run[$0]) < ByteRarity.bits(run[$1]) } ?? run.startIndex
        return Array(run[start...])
    }

    /// So many letters or digits tell a run from others.
    private static let mostNeeded = 6

    /// About how many tenths of a bit a run tells: a letter of a word less than a digit, and what the
    /// folder's name has, such as a year, nothing.
    private static func information(_ run: ArraySlice<UInt8>, besides directory: [UInt8]) -> Int {
        if Literal(Array(run)).isContained(in: directory) { return 0 }
        return run.reduce(0) {
            $0 + ($1 < UInt8(ascii: "A") ? 33 : $1 < UInt8(ascii: "a") ? 25 : 20)
        }
    }

    /// A word with the longest text around it that stands in all names and has only characters that
    /// are seldom dressed.
    private static func nameWord(_ word: [UInt8], in names: [[UInt8]]) -> NameWord {
        var lefts: [ArraySlice<UInt8>] = []
        var rights: [ArraySlice<UInt8>] = []
        for name in names {
            guard
                let start = name.indices.first(where: { name[$0...].starts(with: word) })
            else { return NameWord(word: word, left: [], right: []) }
            lefts.append(name[..<start])
            rights.append(name[(start + word.count)...])
        }
        let left = commonPrefix(lefts.map { Array($0.reversed()) })
        let right = commonPrefix(rights.map { Array($0) })
        return NameWord(word: word, left: left.reversed(), right: right)
    }

    private static func commonPrefix(_ texts: [[UInt8]]) -> [UInt8] {
        guard let first = texts.first else { return [] }
        var count = first.prefix(while: NameSpelling.isUnreserved).count
        for text in texts {
            count = min(count, zip(first, text).prefix { $0 == $1 }.count)
        }
        return Array(first.prefix(count))
    }

    static func isWordByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41 || (0x30...0x39).contains(byte)
    }

    // MARK: Base64

    /// Terms of which base64 of text with any of the paths contains one.
    ///
    /// A path begins with the same few letters and digits, mostly a year, whatever stands before it,
    /// and letters of one group of four are never parted by a line break.
    func base64Terms() -> [[UInt8]] { base64().terms }

    /// The terms, and what they cover: for each beginning and alignment, its groups of letters.
    func base64() -> (terms: [[UInt8]], cores: [[[UInt8]]]) {
        var terms: [[UInt8]] = []
        var wanted: [[[UInt8]]] = []
        let beginnings = Set(paths.map { $0.bytes.prefix(while: Self.isWordByte).prefix(4) })
        guard beginnings.count <= Self.mostBeginnings else { return (folderCores, []) }
        for beginning in beginnings.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let cores = Base64.cores(of: Array(beginning)).map(Self.groups)
            if beginning.count >= 3, cores.allSatisfy({ !Self.terms(of: $0).isEmpty }) {
                wanted += cores
                continue
            }
            // A path that begins otherwise is found by its folder, or by its first bytes.
            terms += folderCores
            for path in paths where path.bytes.prefix(while: Self.isWordByte).prefix(4) == beginning
            {
                terms += Base64.cores(of: Array(path.bytes.prefix(4))).map(\.letters)
            }
        }
        let cores = wanted
        // Greedily the term that covers most.
        var candidates = Set(wanted.flatMap(Self.terms)).sorted { $0.lexicographicallyPrecedes($1) }
        while !wanted.isEmpty {
            let covered = candidates.map { term in wanted.count { Self.covers(term, $0) } }
            guard
                let best = covered.indices.max(by: {
                    (covered[$0], candidates[$0].count) < (covered[$1], candidates[$1].count)
                }), covered[best] > 0
            else { break }
            let term = candidates.remove(at: best)
            terms.append(term)
            wanted.removeAll { Self.covers(term, $0) }
        }
        return (Prefilter.withoutRedundant(terms), cores)
    }

    /// The letters of a core in their groups of four, without symbols that can be written in another
    /// way.
    private static func groups(_ core: (letters: [UInt8], first: Int)) -> [[UInt8]] {
        var groups: [[UInt8]] = [[]]
        for (index, letter) in core.letters.enumerated() {
            if (core.first + index) % 4 == 0 || !isWordByte(letter) { groups.append([]) }
            if isWordByte(letter) { groups[groups.count - 1].append(letter) }
        }
        return groups
    }

    /// The stretches that one of the groups can be found by: three letters and more, or two where
    /// there are not more.
    private static func terms(of groups: [[UInt8]]) -> [[UInt8]] {
        for shortest in [3, 2] {
            let terms = groups.flatMap { group in
                (0..<group.count).flatMap { start in
                    (start...group.count).filter { $0 - start >= shortest }.map {
                        Array(group[start..<$0])
                    }
                }
            }
            if !terms.isEmpty { return terms }
        }
        return []
    }

    private static func covers(_ term: [UInt8], _ groups: [[UInt8]]) -> Bool {
        groups.contains { group in
            group.indices.contains { group[$0...].starts(with: term) }
        }
    }
}
