import Model

/// A path of the map, found in a value.
struct PathMatch {
    /// Its entry in the table.
    var entry: Int
    private var start: Int
    private var nameStart: Int
    private var end: Int
    /// How its characters were read.
    var interpretation: CharacterReader.Interpretation
    /// Whether every character stands for itself.
    var isPlain: Bool

    init(
        entry: Int, path: Range<Int>, nameStart: Int,
        interpretation: CharacterReader.Interpretation, isPlain: Bool = false
    ) {
        self.entry = entry
        start = path.lowerBound
        self.nameStart = nameStart
        end = path.upperBound
        self.interpretation = interpretation
        self.isPlain = isPlain
    }

    /// The bytes of the whole relative path.
    var path: Range<Int> { start..<end }
    /// The bytes of the file name.
    var name: Range<Int> { nameStart..<end }
}

/// Decodes an uploads-relative path from a position on and looks it up, for a price that depends on
/// the path's length alone.
struct PathReader {
    let table: PathTable
    let takesShortcuts: Bool

    /// The longest path of the map that begins at a position and is not continued.
    ///
    /// What looks like an escape can be one, or be part of the name: a file can be called
    /// `photo%20encoded.jpg`. The reading that decodes most wins.
    ///
    /// - Parameters:
    ///   - separatorDepth: how often the separators before it were percent-encoded.
    ///   - prefix: decoded bytes that belong before the path, such as a folder with its slash.
    ///   - isWhole: whether the path, with an optional query or fragment, must reach the limit.
    func match(
        in bytes: [UInt8], at position: Int, limit: Int, separatorDepth: Int,
        prefix: [UInt8] = [], isWhole: Bool = false
    ) -> PathMatch? {
        if takesShortcuts, prefix.isEmpty, !isWhole {
            switch readPlain(in: bytes, at: position, limit: limit, separatorDepth: separatorDepth)
            {
            case .found(let match): return match
            case .notFound: return nil
            case .dressed: break
            }
        }
        for (index, interpretation) in Self.interpretations(separatorDepth).enumerated() {
            let (match, sawEscape) = read(
                in: bytes, at: position, limit: limit, interpretation: interpretation,
                prefix: prefix, isWhole: isWhole)
            if let match { return match }
            // Without an escape every interpretation reads the same.
            if index == 0, !sawEscape { return nil }
        }
        return nil
    }

    /// How many doubled slashes and `./` segments a path can have.
    private static let mostCollapsed = 16

    private enum PlainReading {
        case found(PathMatch)
        case notFound
        /// There is something that may be an escape, or a segment that may have to be skipped.
        case dressed
    }

    /// Reads a path that stands for itself, which most do, without copying it.
    private func readPlain(
        in bytes: [UInt8], at position: Int, limit: Int, separatorDepth: Int
    ) -> PlainReading {
        var current = position
        var nameStart = position
        var isAfterSlash = true
        var dot: Int?
        var best: (entry: Int, end: Int, name: Int)?
        let end = min(limit, position + table.longest)
        let classes = table.classes
        scan: while current < end {
            switch classes[Int(bytes[current])] {
            case .word:
                // Inside of a word no name ends.
                repeat {
                    current += 1
                } while current < end
                    && classes[Int(bytes[current])] == .word
            case .ordinary: current += 1
            case .foreign: break scan
            case .escape: return .dressed
            case .slash:
                if isAfterSlash { return .dressed }
                guard table.alphabet[Int(UInt8(ascii: "/"))] else { break scan }
                current += 1
                nameStart = current
                dot = nil
                isAfterSlash = true
                continue
            case .dot:
                if isAfterSlash { return .dressed }
                guard table.alphabet[Int(UInt8(ascii: "."))] else { break scan }
                current += 1
                dot = current
                continue
            }
            isAfterSlash = false
            guard
                dot.map({ table.hasExtension(bytes[$0..<current]) }) ?? false
                    || table.hasExtensionless,
                !Boundary.continuesName(bytes, at: current, limit: limit),
                let entry = table.index(of: bytes, position..<current)
            else { continue }
            best = (entry, current, nameStart)
        }
        // What may be an escape right behind the longest path is none of the path.
        guard let best else { return .notFound }
        return .found(
            PathMatch(
                entry: best.entry, path: position..<best.end, nameStart: best.name,
                interpretation: .init(
                    percentDepth: separatorDepth + 1, entities: true, backslashes: true),
                isPlain: true))
    }

    private static func interpretations(
        _ separatorDepth: Int
    ) -> [CharacterReader.Interpretation] {
        [
            .init(percentDepth: separatorDepth + 1, entities: true, backslashes: true),
            .init(percentDepth: separatorDepth, entities: true, backslashes: true),
            .init(percentDepth: separatorDepth, entities: false, backslashes: false),
            .init(percentDepth: separatorDepth + 1, entities: false, backslashes: false),
        ]
    }

    private func read(
        in bytes: [UInt8], at position: Int, limit: Int,
        interpretation: CharacterReader.Interpretation, prefix: [UInt8], isWhole: Bool
    ) -> (PathMatch?, sawEscape: Bool) {
        let reader = CharacterReader(bytes: bytes, limit: limit, interpretation: interpretation)
        var decoded = prefix
        decoded.reserveCapacity(table.longest + 4)
        var dot: Int?
        var current = position
        var nameStart = position
        var best: PathMatch?
        var sawEscape = false
        var mayCollapse = true
        var collapsed = 0

        while current < limit {
            let unit = reader.unit(at: current)
            if unit.end - current != unit.count { sawEscape = true }
            // No software writes many; a bound keeps the work for each position constant.
            guard collapsed <= Self.mostCollapsed else { return (best, sawEscape) }
            if unit.count == 1, unit.first == UInt8(ascii: "/"), mayCollapse {
                collapsed += 1
                // `//` and a leading slash name the same file.
                current = unit.end
                nameStart = current
                continue
            }
            if mayCollapse, let end = skippedDotSegment(reader, unit) {
                collapsed += 1
                current = end
                nameStart = current
                continue
            }
            for index in 0..<unit.count {
                let byte = unit.byte(index)
                guard table.alphabet[Int(byte)] else { return (best, sawEscape) }
                decoded.append(byte)
            }
            guard decoded.count <= table.longest else { return (best, sawEscape) }
            current = unit.end
            mayCollapse = false
            if unit.count == 1, unit.first == UInt8(ascii: "/") {
                guard table.hasDirectory(decoded) else { return (best, sawEscape) }
                nameStart = current
                dot = nil
                mayCollapse = true
                continue
            }
            if unit.count == 1, unit.first == UInt8(ascii: ".") {
                dot = decoded.count
                continue
            }
            let mayEnd =
                dot.map { table.hasExtension(decoded[$0...]) } ?? false || table.hasExtensionless
            guard mayEnd, let entry = table.index(of: decoded) else {
                continue
            }
            let ends =
                isWhole
                ? isEnd(reader, current) : !Boundary.continuesName(bytes, at: current, limit: limit)
            if ends {
                best = PathMatch(
                    entry: entry, path: position..<current, nameStart: nameStart,
                    interpretation: interpretation)
            }
        }
        return (best, sawEscape)
    }

    /// The end of a `./` segment that begins with a unit; nil where it is another.
    private func skippedDotSegment(
        _ reader: CharacterReader, _ unit: CharacterReader.Unit
    ) -> Int? {
        guard unit.count == 1, unit.first == UInt8(ascii: "."), unit.end < reader.limit else {
            return nil
        }
        let next = reader.unit(at: unit.end)
        return next.count == 1 && next.first == UInt8(ascii: "/") ? next.end : nil
    }

    /// Whether a whole string ends at a position, or goes on with a query or fragment without spaces.
    private func isEnd(_ reader: CharacterReader, _ position: Int) -> Bool {
        guard position < reader.limit else { return true }
        let unit = reader.unit(at: position)
        guard unit.count == 1, unit.first == UInt8(ascii: "?") || unit.first == UInt8(ascii: "#")
        else { return false }
        return !reader.bytes[position..<reader.limit].contains {
            $0 <= 0x20 || $0 == 0x22 || $0 == 0x3C
        }
    }
}
