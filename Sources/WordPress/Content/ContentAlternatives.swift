public import Model

/// Text alternatives in the content of posts that follow those of the media library.
///
/// An editor copies the alternative of an image into the content when the image is inserted, and
/// WordPress never looks at the library again.
public struct ContentAlternatives: Sendable {
    /// What becomes of an attachment's text alternative.
    public struct Change: Hashable, Sendable {
        /// The text before; empty where there was none.
        public var old: [UInt8]
        /// The text after.
        public var new: [UInt8]

        /// Creates a change.
        public init(old: [UInt8], new: [UInt8]) {
            self.old = old
            self.new = new
        }
    }

    /// What is to be done to a content.
    public struct Edits: Hashable, Sendable {
        /// The replacements, in the order of the content.
        public var splices: [Splice] = []
        /// The attachments whose text alternatives they write, by id.
        public var attachments: [AttachmentID] = []
    }

    private let changes: [Int64: Change]

    /// Creates the changes.
    public init(_ changes: [AttachmentID: Change]) {
        self.changes = Dictionary(
            uniqueKeysWithValues: changes.map { ($0.key.rawValue, $0.value) })
    }

    /// What a content must have for anything to be done in it.
    public static let evidence = Array("wp-image-".utf8)

    /// What is to be done to a content: in each tag `<img class="wp-image-ID">`, the text alternative
    /// where it is missing, empty or that of the library before.
    ///
    /// Any other was written by a person for this place and stays. A cover block keeps it in its
    /// comment as well; where the two differ, both stay.
    ///
    /// - Complexity: linear in the content.
    public func edits(in content: [UInt8]) -> Edits {
        var edits = Edits()
        var attachments: Set<Int64> = []
        var cover = Cover.none
        var reader = MarkupReader(content)
        while let piece = reader.next() {
            switch piece {
            case .comment(let range): cover = Cover(content, range) ?? cover
            case .tag(let tag):
                guard let image = ContentImage(content, tag), let change = changes[image.id],
                    let splices = Self.splices(image, change, &cover, content)
                else { continue }
                edits.splices += splices
                attachments.insert(image.id)
            }
        }
        // That of a comment comes when its tag is found.
        edits.splices.sort { $0.range.lowerBound < $1.range.lowerBound }
        edits.attachments = attachments.sorted().map { AttachmentID($0) }
        return edits
    }

    /// The block whose picture may come next.
    private enum Cover {
        case none
        case known(CoverAttributes)
        case unclear

        /// Reads a comment; nil where it is none of a block.
        init?(_ content: [UInt8], _ comment: Range<Int>) {
            var start = comment.lowerBound
            while start < comment.upperBound, MarkupReader.isSpace(content[start]) { start += 1 }
            guard content.holds("wp:", at: start) || content.holds("/wp:", at: start) else {
                return nil
            }
            var end = start
            while end < comment.upperBound, !MarkupReader.isSpace(content[end]) { end += 1 }
            let name = content[start..<end]
            guard name.elementsEqual("wp:cover".utf8) || name.elementsEqual("wp:core/cover".utf8)
            else {
                self = .none
                return
            }
            self =
                CoverAttributes(content, object: end..<comment.upperBound).map { .known($0) }
                ?? .unclear
        }
    }

    private static func splices(
        _ image: ContentImage, _ change: Change, _ cover: inout Cover, _ content: [UInt8]
    ) -> [Splice]? {
        let block = cover
        // A cover has one picture.
        if image.isBackground, case .known = cover { cover = .unclear }
        let text = AttributeText.decoded(content[image.alt?.value ?? 0..<0])
        guard text.isEmpty || text == change.old || text == AttributeText.decoded(change.old),
            let splice = image.splice(writing: AttributeText.escaped(change.new), in: content)
        else { return nil }
        guard image.isBackground else { return [splice] }
        switch block {
        case .none: return [splice]
        case .unclear: return nil
        case .known(let attributes):
            guard attributes.id == image.id, let alt = attributes.splice(change.new, over: text)
            else { return nil }
            return alt + [splice]
        }
    }
}

extension CoverAttributes {
    /// What writes a text into the comment, over that of the tag; nil where the comment has another.
    fileprivate func splice(_ new: [UInt8], over text: [UInt8]) -> [Splice]? {
        let value = Self.encoded(AttributeText.decoded(new))
        guard let alt else {
            // Older versions keep a text in the tag alone; newer ones know no key as empty.
            return text.isEmpty
                ? [
                    Splice(
                        range: end..<end,
                        replacement: Array(",\"alt\":\"".utf8) + value + [UInt8(ascii: "\"")])
                ] : []
        }
        return self.text == text ? [Splice(range: alt, replacement: value)] : nil
    }
}

/// A tag of an image of the media library.
private struct ContentImage {
    /// The attachment.
    var id: Int64
    /// The attribute with the text alternative.
    var alt: MarkupAttribute?
    /// Whether it is the picture behind a cover block.
    var isBackground = false
    private let tag: MarkupTag

    /// Reads a tag; nil where it is none of an image, or not clearly of one attachment.
    init?(_ content: [UInt8], _ tag: MarkupTag) {
        guard tag.name.count == 3, content.holds("img", at: tag.name.lowerBound) else { return nil }
        func first(_ name: StaticString) -> MarkupAttribute? {
            tag.attributes.first {
                $0.name.count == name.utf8CodeUnitCount
                    && content.holds(name, at: $0.name.lowerBound)
            }
        }
        guard let names = first("class")?.value else { return nil }
        var ids: Set<Int64> = []
        for name in content[names].split(whereSeparator: MarkupReader.isSpace) {
            if name.elementsEqual("wp-block-cover__image-background".utf8) { isBackground = true }
            guard name.starts(with: ContentAlternatives.evidence) else { continue }
            let digits = name.dropFirst(ContentAlternatives.evidence.count)
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }),
                let id = Int64(String(decoding: digits, as: UTF8.self))
            else { continue }
            ids.insert(id)
        }
        guard ids.count == 1, let id = ids.first else { return nil }
        self.id = id
        self.tag = tag
        alt = first("alt")
    }

    /// What makes a value the text alternative; nil where the tag is too broken to add one.
    func splice(writing value: [UInt8], in content: [UInt8]) -> Splice? {
        let quoted = [UInt8(ascii: "\"")] + value + [UInt8(ascii: "\"")]
        guard let alt else {
            if let last = tag.attributes.last, last.value?.isEmpty == true, !last.isQuoted {
                return nil
            }
            let end = tag.attributesEnd
            return Splice(range: end..<end, replacement: Array(" alt=".utf8) + quoted)
        }
        guard let range = alt.value else {
            let end = alt.name.upperBound
            return Splice(range: end..<end, replacement: [UInt8(ascii: "=")] + quoted)
        }
        let replacement = alt.isQuoted ? value : quoted
        return content[range].elementsEqual(replacement)
            ? nil : Splice(range: range, replacement: replacement)
    }
}
