import Model
import Patterns

extension ValueRewriter {
    // MARK: Serialized

    /// Rewrites a string that claims to be PHP-serialized, or reports it as opaque.
    mutating func serialized(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole, depth: Int
    ) -> [Splice] {
        guard mayHoldReference(bytes, range) else { return [] }
        guard SerializedGrammar.walk(bytes, range, { _ in }) else {
            for kind in [LayerCodec.Kind.slashes, .entities] {
                if let splices = layer(
                    kind, bytes, range, role: role, depth: depth,
                    when: {
                        SerializedGrammar.isClaimed($0, $1)
                            && SerializedGrammar.walk($0, $1) { _ in }
                    })
                {
                    return splices
                }
            }
            noteOpaque(.malformedSerialized, bytes, range, role: role)
            return []
        }
        encodings.append(.serialized)
        defer { encodings.removeLast() }
        var walk = SerializedRewriting(role: role, Evidence(rewriter.evidence, in: range))
        _ = SerializedGrammar.walk(bytes, range) { event in
            switch event {
            case .beginArray, .beginObject: walk.beginFrame()
            case .end: finishFrame(&walk, bytes)
            case .payload(let payload):
                noteOpaque(.opaquePayload, bytes, payload, role: .ordinary)
            case .string(let length, let content, let isEscaped, let position):
                serializedString(
                    &walk, bytes, length: length, content: content, isEscaped: isEscaped,
                    position: position, depth: depth)
            }
        }
        guard walk.hasUnorderedSplices else { return walk.splices }
        return walk.splices.ordered()
    }

    private mutating func serializedString(
        _ walk: inout SerializedRewriting, _ bytes: [UInt8], length: Range<Int>,
        content: Range<Int>, isEscaped: Bool, position: SerializedGrammar.Position, depth: Int
    ) {
        var inner: [Splice]
        var growth: Int
        switch position {
        case .value:
            let role: ValueRole
            if case .attachmentMetadata = walk.role, !walk.isInsideImageMeta {
                role = walk.role
            } else if walk.role == .prose {
                role = .prose
            } else {
                role = .ordinary
            }
            if case .attachmentMetadata = role {
            } else if !rewriter.evidence.isEmpty, !isEscaped {
                guard content.count >= rewriter.table.shortest,
                    walk.mayHoldReference(bytes, content)
                else { return }
                if depth < Rewriter.deepest, let match = plainURL(bytes, content),
                    let name = rewriter.table.simpleNames[match.entry]
                {
                    notePlain(match)
                    let splice = Splice(range: match.name, replacement: name)
                    growth = name.count - match.name.count
                    if let correction = lengthCorrection(bytes, length, growth) {
                        walk.splices.append(correction)
                    }
                    walk.splices.append(splice)
                    return
                }
            }
            if isEscaped {
                (inner, growth) = escapedString(bytes, content, role: role, depth: depth)
            } else {
                inner = string(bytes, content, role: role, depth: depth + 1)
                growth = inner.growth
            }
        case .arrayKey:
            walk.noteKey(bytes, content)
            guard content.count >= rewriter.table.shortest else { return }
            inner = isEscaped ? [] : wholeReference(bytes, content)
            growth = inner.growth
            guard !inner.isEmpty else { return }
            walk.pendKey(
                content: content,
                new: inner.shifted(by: -content.lowerBound).applied(to: Array(bytes[content])),
                splices: [lengthCorrection(bytes, length, growth)].compactMap(\.self) + inner)
            return
        case .propertyName:
            walk.noteKey(bytes, content)
            guard content.count >= rewriter.table.shortest else { return }
            let mark = self.mark
            _ = wholeReference(bytes, content)
            let paths = self.paths(since: mark)
            takeBack(to: mark)
            if !paths.isEmpty {
                rewrite.opaque.append(OpaqueFinding(reason: .propertyName, paths: paths))
            }
            return
        }
        guard !inner.isEmpty else { return }
        walk.splices += [lengthCorrection(bytes, length, growth)].compactMap(\.self) + inner
    }

    /// The new length of a string that grows, as a splice of its digits.
    private func lengthCorrection(
        _ bytes: [UInt8], _ digits: Range<Int>, _ growth: Int
    ) -> Splice? {
        guard growth != 0 else { return nil }
        let old = bytes[digits].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        var rest = old + growth
        var replacement: [UInt8] = []
        replacement.reserveCapacity(20)
        repeat {
            replacement.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        replacement.reverse()
        return Splice(range: digits, replacement: replacement)
    }

    /// A string written with hexadecimal escapes, whose length counts decoded bytes.
    private mutating func escapedString(
        _ bytes: [UInt8], _ content: Range<Int>, role: ValueRole, depth: Int
    ) -> ([Splice], growth: Int) {
        let codec = LayerCodec(.hexadecimal, learningFrom: bytes, content)
        guard let layer = codec.decode(bytes, content) else { return ([], 0) }
        let inner = decodedLayer(layer, content, role: role, depth: depth)
        return (inner.map { encoded($0, layer, codec) }, inner.growth)
    }

    /// Decides on the rewritten keys of an array that is complete: a key that is there already must
    /// not come a second time, because PHP would drop one of the two values.
    private mutating func finishFrame(_ walk: inout SerializedRewriting, _ bytes: [UInt8]) {
        guard let frame = walk.frames.popLast(), !frame.pending.isEmpty else { return }
        // Keys that give way to others, as in a swap, are free; but where any key has to stay, none
        // of the old ones is.
        let pendingKeys = Set(frame.pending.map(\.content))
        var taken = Set(frame.keys.filter { !pendingKeys.contains($0) }.map { bytes[$0] })
        if !frame.pending.allSatisfy({ taken.insert($0.new[...]).inserted }) {
            taken = Set(frame.keys.map { bytes[$0] })
        } else {
            taken = []
        }
        for pending in frame.pending {
            if taken.insert(pending.new[...]).inserted {
                walk.splices += pending.splices
            } else {
                rewrite.references -= 1
                rewrite.opaque.append(
                    OpaqueFinding(
                        reason: .keyCollision,
                        paths: namedPaths(bytes, pending.content, role: .ordinary)))
            }
        }
        walk.hasUnorderedSplices = true
    }

    // MARK: Layers

    /// Percent- or entity-encoded text that is, decoded, a container; nil for anything else.
    mutating func layeredContainer(
        _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole, depth: Int
    ) -> [Splice]? {
        let start = bytes[range].prefix(12)
        var kinds: [LayerCodec.Kind] = []
        if bytes[range].prefix(80).contains(UInt8(ascii: "&")),
            start.first == UInt8(ascii: "{") || start.first == UInt8(ascii: "[")
                || start.first == UInt8(ascii: "&")
        {
            kinds.append(.entities)
        }
        if start.contains(UInt8(ascii: "%")),
            !bytes[range].prefix(80).contains(where: { $0 <= 0x20 || $0 == 0x3C })
        {
            kinds.append(.percent)
        }
        for kind in kinds {
            let splices = layer(kind, bytes, range, role: role, depth: depth) { decoded, whole in
                SerializedGrammar.isClaimed(decoded, whole)
                    && SerializedGrammar.walk(decoded, whole) { _ in }
                    || (JSONGrammar.isClaimed(decoded, whole)
                        || JSONGrammar.isPossible(decoded, whole))
                        && decoded.first != UInt8(ascii: "\"")
                        && JSONGrammar.walk(decoded, whole) { _, _, _ in }
            }
            if let splices { return splices }
        }
        return nil
    }

    /// Rewrites inside an encoding that covers a whole string; nil where the decoded string is not
    /// what `condition` wants.
    mutating func layer(
        _ kind: LayerCodec.Kind, _ bytes: [UInt8], _ range: Range<Int>, role: ValueRole,
        depth: Int, when condition: ([UInt8], Range<Int>) -> Bool
    ) -> [Splice]? {
        let codec = LayerCodec(kind, learningFrom: bytes, range)
        guard let layer = codec.decode(bytes, range),
            condition(layer.decoded, 0..<layer.decoded.count)
        else { return nil }
        encodings.append(kind == .percent ? .percent : kind == .entities ? .entities : .escaped)
        defer { encodings.removeLast() }
        return decodedLayer(layer, range, role: role, depth: depth).map {
            encoded($0, layer, codec)
        }
    }

    /// Rewrites the decoded string of a layer.
    ///
    /// - Returns: splices in the coordinates of the decoded string.
    mutating func decodedLayer(
        _ layer: Layer, _ range: Range<Int>, role: ValueRole, depth: Int
    ) -> [Splice] {
        let (outerBase, wasDecoded) = (base, isDecoded)
        if !isDecoded { base = range.lowerBound }
        isDecoded = true
        defer { (base, isDecoded) = (outerBase, wasDecoded) }
        return string(layer.decoded, 0..<layer.decoded.count, role: role, depth: depth + 1)
    }

    /// A splice of a decoded string as one of the encoded string.
    func encoded(_ splice: Splice, _ layer: Layer, _ codec: LayerCodec) -> Splice {
        Splice(
            range: layer.map.raw(splice.range), replacement: codec.encode(splice.replacement))
    }

    // MARK: Base64

    /// A string that is base64 as a whole and holds a reference; nil for anything else.
    mutating func base64(
        whole bytes: [UInt8], _ range: Range<Int>, role: ValueRole, depth: Int
    ) -> [Splice]? {
        guard Base64.isPlausible(bytes, range),
            rewriter.cores.contains(where: { $0.pattern.matches(anywhereIn: bytes, range) })
                || rewriter.beginnings?.matches(anywhereIn: bytes, range) == true,
            let payload = Base64(bytes, range)
        else { return nil }
        let mark = self.mark
        let splices = base64(payload, range, bytes, role: role, depth: depth)
        // Text that only looks like base64 is looked at as text.
        guard hasFindings(since: mark) else {
            takeBack(to: mark)
            return nil
        }
        return splices
    }

    /// Rewrites a payload and encodes it again.
    mutating func base64(
        _ payload: Base64, _ range: Range<Int>, _ bytes: [UInt8], role: ValueRole, depth: Int
    ) -> [Splice] {
        let (outerBase, wasDecoded) = (base, isDecoded)
        if !isDecoded { base = range.lowerBound }
        isDecoded = true
        encodings.append(.base64)
        defer {
            (base, isDecoded) = (outerBase, wasDecoded)
            encodings.removeLast()
        }
        let mark = self.mark
        let inner = string(
            payload.decoded, 0..<payload.decoded.count, role: role, depth: depth + 1)
        guard !inner.isEmpty else { return [] }
        guard payload.encode(payload.decoded).elementsEqual(bytes[range]) else {
            let paths = self.paths(since: mark)
            takeBack(to: mark)
            rewrite.opaque.append(OpaqueFinding(reason: .opaquePayload, paths: paths))
            return []
        }
        return [
            Splice(range: range, replacement: payload.encode(inner.applied(to: payload.decoded)))
        ]
    }
}

/// The state of one walk through a serialized value.
private struct SerializedRewriting {
    struct PendingKey {
        var content: Range<Int>
        var new: [UInt8]
        var splices: [Splice]
    }

    struct Frame {
        /// The string keys, as far as they are needed to notice a collision.
        var keys: [Range<Int>] = []
        var pending: [PendingKey] = []
        /// Whether the container is, or is inside of, an attachment's `image_meta`, which holds
        /// what people wrote.
        var isMetadataOfImage: Bool

        init(isMetadataOfImage: Bool) { self.isMetadataOfImage = isMetadataOfImage }
    }

    let role: ValueRole
    var splices: [Splice] = []
    /// Whether a key was decided on behind its values.
    var hasUnorderedSplices = false
    var frames: [Frame] = []
    private var evidence: Evidence
    private var lastKeyIsImageMeta = false

    init(role: ValueRole, _ evidence: Evidence) { (self.role, self.evidence) = (role, evidence) }

    /// Whether a string may hold a reference.
    mutating func mayHoldReference(_ bytes: [UInt8], _ content: Range<Int>) -> Bool {
        evidence.isFound(in: bytes, content)
    }

    /// Whether what comes next is inside of `image_meta`.
    var isInsideImageMeta: Bool { frames.last?.isMetadataOfImage == true || lastKeyIsImageMeta }

    mutating func beginFrame() {
        frames.append(Frame(isMetadataOfImage: isInsideImageMeta))
        lastKeyIsImageMeta = false
    }

    mutating func noteKey(_ bytes: [UInt8], _ content: Range<Int>) {
        lastKeyIsImageMeta = bytes[content].elementsEqual("image_meta".utf8)
        if !frames.isEmpty { frames[frames.count - 1].keys.append(content) }
    }

    mutating func pendKey(
        content: Range<Int>, new: [UInt8], splices: [Splice]
    ) {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].pending.append(
            PendingKey(content: content, new: new, splices: splices))
    }
}

extension [Splice] {
    /// The splices from left to right.
    func ordered() -> [Splice] {
        for index in indices.dropFirst()
        where self[index].range.lowerBound < self[index - 1].range.lowerBound {
            return sorted { $0.range.lowerBound < $1.range.lowerBound }
        }
        return self
    }

    /// The splices for a value that begins elsewhere.
    func shifted(by offset: Int) -> [Splice] {
        map {
            Splice(
                range: ($0.range.lowerBound + offset)..<($0.range.upperBound + offset),
                replacement: $0.replacement)
        }
    }
}
