/// Text like a WordPress site's, made from nothing but a rule.
enum Content {
    private static let paragraph = """
        <!-- wp:paragraph -->
        <p>In the early morning the boats leave the harbour, one after another, and the gulls go \
        with them. Read <a href="https://example.com/2024/the-harbour/">more about it</a>, or see \
        the photo of <em>last year</em> &#8211; it was a cold spring.</p>
        <!-- /wp:paragraph -->

        """

    static let root = "https://example.com/wp-content/uploads/"

    /// The sizes that WordPress makes of each image, as its files' names end.
    static let sizes = ["-300x200", "-768x512", "-1024x683", "-1536x1024", "-2048x1365"]

    static func path(_ number: Int, _ suffix: String = "") -> String {
        "20\(10 + number % 15)/\(number % 12 < 9 ? "0" : "")\(number % 12 + 1)/photo-\(number)\(suffix).jpg"
    }

    /// A post with one image in so many paragraphs, of so many different files; none for zero.
    static func posts(_ size: Int, paragraphsPerImage: Int, files: Int = 1) -> [UInt8] {
        fill(size) { index in
            guard paragraphsPerImage > 0, index % paragraphsPerImage == 0 else { return paragraph }
            let number = index / paragraphsPerImage % files
            return """
                <!-- wp:image {"id":\(number)} --><figure class="wp-block-image">\
                <img src="\(root)\(path(number))" alt="" class="wp-image-\(number)"/></figure>\
                <!-- /wp:image -->\n
                """
        }
    }

    /// Nothing but images, as in a gallery.
    static func galleries(_ size: Int, files: Int = 1) -> [UInt8] {
        fill(size) { #"<img src="\#(root)\#(path($0 % files))" alt="">"# }
    }

    /// Posts as the block editor writes them: a gallery of six images with all their sizes, alternative
    /// texts and captions, and paragraphs between.
    static func galleryPosts(_ size: Int, files: Int = 1) -> [UInt8] {
        fill(size) { index in
            let images = (0..<6).map { image(($0 + index * 6) % files, number: index * 6 + $0) }
            return """
                <!-- wp:gallery {"linkTo":"none"} -->
                <figure class="wp-block-gallery has-nested-images columns-default is-cropped">\
                \(images.joined(separator: "\n\n"))</figure>
                <!-- /wp:gallery -->

                \(paragraph)\(paragraph)
                """
        }
    }

    private static func image(_ file: Int, number: Int) -> String {
        let candidates = sizes.map { size in
            "\(root)\(path(file, size)) \(size.dropFirst().prefix { $0 != "x" })w"
        }
        return """
            <!-- wp:image {"id":\(number),"sizeSlug":"large","linkDestination":"none"} -->
            <figure class="wp-block-image size-large"><img src="\(root)\(path(file, sizes[2]))" \
            alt="Boats in the harbour, seen from the old bridge" class="wp-image-\(number)" \
            width="1024" height="683" srcset="\(candidates.joined(separator: ", "))" \
            sizes="(max-width: 1024px) 100vw, 1024px"/><figcaption class="wp-element-caption">The \
            boats come back in the evening, when the light is low over the water and the market on \
            the quay closes its stalls.</figcaption></figure>
            <!-- /wp:image -->
            """
    }

    /// One serialized array of settings with an image each.
    static func serialized(_ size: Int, files: Int = 1) -> [UInt8] {
        var body: [UInt8] = []
        var count = 0
        while body.count < size {
            let url = root + path(count % files)
            let text = paragraph
            body += Array(
                "i:\(count);a:3:{s:3:\"url\";s:\(url.utf8.count):\"\(url)\";s:4:\"text\";s:\(text.utf8.count):\"\(text)\";s:2:\"id\";i:\(count);}"
                    .utf8)
            count += 1
        }
        return Array("a:\(count):{".utf8) + body + Array("}".utf8)
    }

    /// One JSON document like a page builder's.
    static func json(_ size: Int, files: Int = 1) -> [UInt8] {
        let text = escaped(paragraph)
        var body = fill(size) { index in
            #"{"id":"\#(index)","settings":{"image":{"url":"\#(escaped(root + path(index % files)))","id":\#(index)},"editor":"\#(text)"}},"#
        }
        body.removeLast()
        return Array("[".utf8) + body + Array("]".utf8)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\"": result += "\\\""
            case "/": result += "\\/"
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }

    /// A text repeated up to a size.
    static func repeated(_ unit: String, size: Int) -> [UInt8] {
        fill(size) { _ in unit }
    }

    private static func fill(_ size: Int, _ part: (Int) -> String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 1024)
        var index = 0
        while bytes.count < size {
            bytes += Array(part(index).utf8)
            index += 1
        }
        return bytes
    }
}
