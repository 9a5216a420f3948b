/// Content like a WordPress site's, the same bytes in every run.
struct Corpus {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    private mutating func number(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: (mixed ^ (mixed >> 31)) >> 1) % bound
    }

    private static let words = [
        "about", "wherever", "mountain", "über", "content", "photography", "the", "a", "of", "with",
        "upload", "people", "2024", "journey", "WordPress", "path", "https", "water", "color",
        "naïve", "style", "gallery", "wp", "block", "column", "because", "window", "trail",
    ]

    /// Paragraphs and blocks of about so many bytes.
    ///
    /// - Parameters:
    ///   - spacing: how many bytes lie between two image blocks on average; nil for none.
    ///   - images: how many different images the blocks show.
    mutating func text(bytes count: Int, spacing: Int?, images: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count + 4096)
        var nextImage = spacing ?? Int.max
        while text.count < count {
            text += "<!-- wp:paragraph -->\n<p>".utf8
            for _ in 0..<(40 + number(below: 80)) {
                text += Self.words[number(below: Self.words.count)].utf8
                text.append(0x20)
            }
            text += "<a href=\"https://example.org/page-".utf8
            text += "\(number(below: 9999))\">more</a></p>\n<!-- /wp:paragraph -->\n\n".utf8
            if let spacing, text.count >= nextImage {
                text += Self.image(number(below: images)).utf8
                nextImage += spacing
            }
        }
        return text
    }

    /// One reference after the other, as in a `srcset`.
    mutating func dense(bytes count: Int, images: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count + 4096)
        while text.count < count {
            text += Self.image(number(below: images)).utf8
        }
        return text
    }

    /// The old path of an image.
    static func old(_ index: Int) -> String {
        "20\(10 + index / 1000 % 14)/\(10 + index % 3)/IMG_\(index).jpg"
    }

    private static func image(_ index: Int) -> String {
        let url = "https://example.com/wp-content/uploads/\(old(index))"
        return """
            <!-- wp:image {"id":\(index),"sizeSlug":"large"} -->
            <figure class="wp-block-image size-large"><img src="\(url)" alt="" class="wp-image-\(index)"/></figure>
            <!-- /wp:image -->


            """
    }
}
