import Model

/// What the HTML and the blocks of a content say of the images in it: which ids are named where, and
/// which heading and which link each place has.
///
/// Read in one pass from left to right; broken markup costs what it breaks and nothing else.
struct ContentOutline {
    /// An id that the content names.
    struct NamedID {
        /// The attachment.
        var attachment: Int64
        /// Where it is named.
        var offset: Int
        /// As what.
        var kind: ImageUse.Kind
    }

    /// The ids, in the order of the content.
    private(set) var ids: [NamedID] = []
    /// Whether a gallery shows whatever was uploaded to the post.
    private(set) var showsChildren = false
    private var headings: [(offset: Int, text: String)] = []
    private var links: [(range: Range<Int>, target: String)] = []
    private var galleries: [Range<Int>] = []

    /// The last heading that ends before a place; empty where there is none.
    func heading(before offset: Int) -> String {
        Self.last(of: headings) { $0.offset <= offset }?.text ?? ""
    }

    /// The target of the link around a place; nil where there is none.
    func link(around offset: Int) -> String? {
        let link = Self.last(of: links) { $0.range.lowerBound <= offset }
        return link.flatMap { $0.range.contains(offset) ? $0.target : nil }
    }

    /// How an image at a place is used.
    func kind(at offset: Int) -> ImageUse.Kind {
        let gallery = Self.last(of: galleries) { $0.lowerBound <= offset }
        return gallery?.contains(offset) == true ? .gallery : .content
    }

    /// The last element that is still before a place, of elements in the order of their places.
    private static func last<Element>(
        of elements: [Element], where isBefore: (Element) -> Bool
    ) -> Element? {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(elements[middle]) { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? elements[low - 1] : nil
    }

    // MARK: Reading

    private var openHeading: (level: UInt8, start: Int)?
    private var openLink: (start: Int, target: String)?
    private var openGalleries: [Int] = []
    /// The last `]` that was looked for, or the end of the content.
    private var nextBracket = -1

    /// Reads a content.
    ///
    /// - Complexity: linear in the bytes.
    init(_ content: [UInt8]) {
        var position = 0
        while let start = content[position...].firstIndex(where: {
            $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "[")
        }) {
            position =
                content[start] == UInt8(ascii: "[")
                ? readShortcode(content, at: start) : readMarkup(content, at: start)
        }
        if let openLink { links.append((openLink.start..<content.count, openLink.target)) }
        if let start = openGalleries.first { galleries.append(start..<content.count) }
    }

    private mutating func readMarkup(_ content: [UInt8], at start: Int) -> Int {
        if content[start...].starts(with: "<!--".utf8) {
            let end = Self.end(of: "-->", in: content, from: start + 4)
            readComment(content[(start + 4)..<max(start + 4, end - 3)], start..<end)
            return end
        }
        guard let next = content[(start + 1)...].first,
            next == UInt8(ascii: "/") || (0x61...0x7A).contains(next | 0x20)
        else { return start + 1 }
        let end = Self.endOfTag(in: content, from: start + 1)
        readTag(Tag(content[start..<end]), start..<end, content)
        return end
    }

    // MARK: Blocks

    private mutating func readComment(_ comment: ArraySlice<UInt8>, _ range: Range<Int>) {
        let text = comment.drop { $0 <= 0x20 }
        if text.starts(with: "/wp:".utf8) {
            if text.dropFirst(4).starts(with: "gallery".utf8), let start = openGalleries.popLast(),
                openGalleries.isEmpty
            {
                galleries.append(start..<range.upperBound)
            }
            return
        }
        guard text.starts(with: "wp:".utf8) else { return }
        let name = text.dropFirst(3).prefix { $0 > 0x20 }
        let attributes = text[name.endIndex...].drop { $0 <= 0x20 }
        let isGallery = name.elementsEqual("gallery".utf8)
        let isClosed = text.last { $0 > 0x20 } == UInt8(ascii: "/")
        if isGallery, !isClosed { openGalleries.append(range.lowerBound) }
        guard attributes.first == UInt8(ascii: "{") else { return }
        let numbers = BlockAttributes.integers(in: attributes)
        let kind: ImageUse.Kind = openGalleries.isEmpty ? .content : .gallery
        var named = numbers["mediaId"] ?? []
        if name.elementsEqual("image".utf8) || name.elementsEqual("cover".utf8)
            || name.suffix(6).elementsEqual("/image".utf8)
        {
            named += numbers["id"] ?? []
        }
        for id in named { add(id, at: range.lowerBound, kind) }
        if name.suffix(7).elementsEqual("gallery".utf8) {
            for id in numbers["ids"] ?? [] { add(id, at: range.lowerBound, .gallery) }
        }
    }

    private mutating func add(_ id: Int64, at offset: Int, _ kind: ImageUse.Kind) {
        guard id > 0 else { return }
        ids.append(NamedID(attachment: id, offset: offset, kind: kind))
    }

    // MARK: Tags

    private mutating func readTag(_ tag: Tag, _ range: Range<Int>, _ content: [UInt8]) {
        switch (tag.name, tag.isEnd) {
        case ("h1", _), ("h2", _), ("h3", _), ("h4", _), ("h5", _), ("h6", _):
            if !tag.isEnd {
                openHeading = (tag.name.utf8.last ?? 0, range.upperBound)
            } else if let open = openHeading, open.level == tag.name.utf8.last {
                let text = PlainText.of(content[open.start..<range.lowerBound])
                if !text.isEmpty { headings.append((range.upperBound, text)) }
                openHeading = nil
            }
        case ("a", false):
            closeLink(at: range.lowerBound)
            if let target = tag.attribute("href"), !target.isEmpty {
                openLink = (range.lowerBound, PlainText.decodingEntities(target))
            }
        case ("a", true): closeLink(at: range.upperBound)
        case ("img", false):
            for name in (tag.attribute("class") ?? "").split(whereSeparator: \.isWhitespace)
            where name.hasPrefix("wp-image-") {
                if let id = Int64(name.dropFirst(9)) {
                    add(id, at: range.lowerBound, openGalleries.isEmpty ? .content : .gallery)
                }
            }
        default: break
        }
    }

    private mutating func closeLink(at end: Int) {
        if let openLink { links.append((openLink.start..<end, openLink.target)) }
        openLink = nil
    }

    // MARK: Shortcodes

    /// Shortcodes that name images by id, the attributes that hold the ids, and as what.
    private static let shortcodes: [String: (attributes: [String], kind: ImageUse.Kind)] = [
        "gallery": (["ids", "include"], .gallery),
        "vc_gallery": (["images"], .gallery),
        "vc_images_carousel": (["images"], .gallery),
        "vc_single_image": (["image"], .content),
        "caption": (["id"], .content),
        "wp_caption": (["id"], .content),
    ]

    private mutating func readShortcode(_ content: [UInt8], at start: Int) -> Int {
        let name = content[(start + 1)...].prefix(24).prefix {
            $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0 | 0x20)
        }
        guard let shortcode = Self.shortcodes[String(decoding: name, as: UTF8.self)] else {
            return start + 1
        }
        // `[[gallery]]` is the text of a shortcode.
        let isEscaped = start > 0 && content[start - 1] == UInt8(ascii: "[")
        // No shortcode is longer; otherwise many without an end would cost the square.
        if nextBracket < name.endIndex {
            nextBracket =
                content[name.endIndex...].firstIndex(of: UInt8(ascii: "]")) ?? content.count
        }
        guard nextBracket < min(content.count, start + 8192) else { return start + 1 }
        let end = nextBracket + 1
        guard !isEscaped else { return end }
        let tag = Tag(content[start..<end])
        var found = false
        for attribute in shortcode.attributes {
            guard let value = tag.attribute(attribute) else { continue }
            for part in value.split(whereSeparator: { $0 == "," || $0 == " " }) {
                let digits = part.hasPrefix("attachment_") ? part.dropFirst(11) : part
                guard let id = Int64(digits) else { continue }
                found = true
                add(id, at: start, shortcode.kind)
            }
        }
        // With the id of another post it shows that post's: rare, and then no use of ours.
        if shortcode.attributes[0] == "ids", !found, tag.attribute("id") == nil {
            showsChildren = true
        }
        return end
    }

    // MARK: Ends

    /// Behind the next occurrence of a text; the end of the content where there is none.
    private static func end(of text: StaticString, in content: [UInt8], from start: Int) -> Int {
        let text = Array(text.description.utf8)
        var position = start
        while position <= content.count - text.count,
            let next = content[position...].firstIndex(of: text[0])
        {
            if content[next...].starts(with: text) { return next + text.count }
            position = next + 1
        }
        return content.count
    }

    /// Behind the `>` that ends a tag: not one in a quoted attribute.
    ///
    /// A quote that is never closed
    /// ends at the first `>` after all.
    private static func endOfTag(in content: [UInt8], from start: Int) -> Int {
        var quote: UInt8 = 0
        var firstEnd: Int?
        var position = start
        // No tag is longer; otherwise one lost quote in each of many tags would cost the square.
        let limit = min(content.count, start + 65_536)
        while position < limit {
            let byte = content[position]
            if byte == UInt8(ascii: "<"), quote == 0 { break }
            if byte == UInt8(ascii: ">") {
                if quote == 0 { return position + 1 }
                firstEnd = firstEnd ?? position + 1
            } else if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            }
            position += 1
        }
        return firstEnd ?? start
    }
}
