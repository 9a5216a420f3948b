import Model

extension ValueRewriter {
    /// Rewrites a string that begins like JSON; nil where it turns out to be plain text.
    mutating func json(
        _ bytes: [UInt8], _ range: Range<Int>, depth: Int
    ) -> [Splice]? {
        guard mayHoldReference(bytes, range) else { return [] }
        if let strings = JSONGrammar.strings(bytes, range, atLeast: rewriter.table.shortest) {
            return json(strings, bytes, range, kind: .json, depth: depth)
        }
        // A sentence in quotes is no broken JSON.
        if bytes[range].first(where: { $0 > 0x20 }) == UInt8(ascii: "\"") { return nil }
        for kind in [LayerCodec.Kind.slashes, .entities] {
            let splices = layer(kind, bytes, range, role: .ordinary, depth: depth) {
                JSONGrammar.isClaimed($0, $1) && JSONGrammar.walk($0, $1) { _, _, _ in }
            }
            if let splices { return splices }
        }
        noteOpaque(.malformedJSON, bytes, range, role: .ordinary)
        return []
    }

    /// Rewrites the strings of a well-formed document.
    mutating func json(
        _ strings: [JSONGrammar.StringToken], _ bytes: [UInt8], _ range: Range<Int>,
        kind: LayerCodec.Kind, depth: Int
    ) -> [Splice] {
        encodings.append(.json)
        defer { encodings.removeLast() }
        // Most documents need no change, so their style is learned when the first one does.
        var learned: LayerCodec?
        var keys: Set<[UInt8]>?
        let decoder = LayerCodec(kind)
        var splices: [Splice] = []
        var keepsHyphens: Bool?
        let keepsName = { (name: [UInt8]) -> Bool in
            guard kind == .json, name.contains(UInt8(ascii: "-")) else {
                return LayerCodec.keepsUnreserved(name, kind, in: bytes, range)
            }
            // The whole document is asked once.
            let keeps = keepsHyphens ?? LayerCodec.keepsUnreserved(name, kind, in: bytes, range)
            keepsHyphens = keeps
            return keeps
        }
        var evidence = Evidence(
            rewriter.evidence + [.literal(Self.unicodeEscape)], in: range)
        for token in strings {
            let content = token.content
            if !rewriter.evidence.isEmpty, !token.isKey {
                guard evidence.isFound(in: bytes, content) else { continue }
                if depth < Rewriter.deepest,
                    let (match, name) = plainURL(inDocument: bytes, content, token.hasEscapes),
                    keepsName(name)
                {
                    noteDecoded(match, at: content.lowerBound, token.hasEscapes)
                    splices.append(
                        Splice(
                            range: (content.upperBound - match.name.count)..<content.upperBound,
                            replacement: name))
                    continue
                }
            }
            let mark = self.mark
            // What is not escaped need not be copied; what replaces it may need an escape.
            let layer = token.hasEscapes ? decoder.decode(bytes, content) : nil
            let inner: [Splice]
            switch (layer, token.isKey) {
            case (nil, false): inner = string(bytes, content, role: .ordinary, depth: depth + 1)
            case (nil, true): inner = wholeReference(bytes, content)
            case (let layer?, false):
                inner = decodedLayer(layer, content, role: .ordinary, depth: depth)
            case (let layer?, true):
                inner = wholeReference(layer.decoded, 0..<layer.decoded.count)
            }
            guard !inner.isEmpty else { continue }
            if token.isKey {
                let new =
                    layer.map { inner.applied(to: $0.decoded) }
                    ?? inner.shifted(by: -content.lowerBound).applied(to: Array(bytes[content]))
                let taken = keys ?? Self.keys(bytes, range, decoder)
                keys = taken
                guard !taken.contains(new) else {
                    let paths = self.paths(since: mark)
                    takeBack(to: mark)
                    rewrite.opaque.append(OpaqueFinding(reason: .keyCollision, paths: paths))
                    continue
                }
            }
            let codec = learned ?? LayerCodec(kind, learningFrom: bytes, range)
            learned = codec
            splices += inner.map { splice in
                layer.map { encoded(splice, $0, codec) }
                    ?? Splice(
                        range: splice.range, replacement: codec.encode(splice.replacement))
            }
        }
        return splices
    }

    private static let unicodeEscape = Literal(Array(#"\u"#.utf8))

    /// The match of a string of a document that is, decoded, a plain own URL and nothing else, and
    /// its new name; nil for any other, and for one that has other escapes than `\/`.
    private mutating func plainURL(
        inDocument bytes: [UInt8], _ content: Range<Int>, _ hasEscapes: Bool
    ) -> (PathMatch, name: [UInt8])? {
        guard hasEscapes else {
            guard let match = plainURL(bytes, content) else { return nil }
            return rewriter.table.simpleNames[match.entry].map { (match, $0) }
        }
        guard content.count <= 1024 else { return nil }
        var decoded = takeScratch()
        defer { giveBack(&decoded) }
        var position = content.lowerBound
        while position < content.upperBound {
            var byte = bytes[position]
            if byte == UInt8(ascii: "\\") {
                position += 1
                byte = bytes[position]
                guard byte == UInt8(ascii: "/") else { return nil }
            }
            decoded.append(byte)
            position += 1
        }
        guard let match = plainURL(decoded, 0..<decoded.count) else { return nil }
        return rewriter.table.simpleNames[match.entry].map { (match, $0) }
    }

    /// Counts a plain reference in a string that was decoded, if it had escapes.
    private mutating func noteDecoded(_ match: PathMatch, at start: Int, _ hasEscapes: Bool) {
        guard hasEscapes else {
            notePlain(match)
            return
        }
        let (outerBase, wasDecoded) = (base, isDecoded)
        if !isDecoded { base = start }
        isDecoded = true
        notePlain(match)
        (base, isDecoded) = (outerBase, wasDecoded)
    }

    /// All keys of a document, decoded.
    ///
    /// A new key must not be one of them, because PHP keeps only the last of two equal keys. Keys of
    /// other objects count as well: a key too many only means that a reference is reported.
    private static func keys(
        _ bytes: [UInt8], _ range: Range<Int>, _ decoder: LayerCodec
    ) -> Set<[UInt8]> {
        var keys: Set<[UInt8]> = []
        _ = JSONGrammar.walk(bytes, range) { content, hasEscapes, isKey in
            guard isKey else { return }
            let decoded = hasEscapes ? decoder.decode(bytes, content)?.decoded : nil
            keys.insert(decoded ?? Array(bytes[content]))
        }
        return keys
    }
}
