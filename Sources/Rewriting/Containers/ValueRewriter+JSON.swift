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
        for token in strings {
            let content = token.content
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
